"""The laws of the United States: California's, those of nineteen more states, and what we keep to in all others.

Sections and days were checked in November 2026 against copies of the codes and summaries of them; no legislature's own
pages could be opened.
"""

from dataclasses import replace

from compliance.requests.regimes_terms import Appeal, Extension, Period, Regime, Terms, Unit, days, rights
from imgpilot.language import marked as _

CCPA = Regime(
    "ccpa",
    "CCPA",
    ("US-CA",),
    Terms(
        days(45, "Cal. Civ. Code 1798.130; 11 CCR 7021(b)"),
        Extension(days(45, "11 CCR 7021(b)")),
        Period(10, Unit.BUSINESS_DAYS, law="11 CCR 7021(a)", weekends_only=True),
    ),
    rights(
        "Cal. Civ. Code",
        access="1798.110",
        portability="1798.130(a)(3)",
        deletion="1798.105",
        correction="1798.106",
        opt_out="1798.120, 1798.121",
    ),
    special={
        "opt-out": Terms(
            Period(15, Unit.BUSINESS_DAYS, law="11 CCR 7026(f), 7027(g)", weekends_only=True), verify=False
        )
    },
    log_months=24,
    note=_(
        "Nothing stops this clock, not even proof of identity: who is not verified in time may be refused. "
        "An opt-out is never verified. Keep the log of requests for 24 months."
    ),
)

# Several states give 15 days to act on a consent withdrawn, and none gives fewer; no state is answered later than that.
_OUR_CONSENT = "our promise: the shortest of any state"


def _state(
    code: str,
    name: str,
    articles: str,
    clock: str,
    appeal_law: str = "",
    *,
    answer: int = 45,
    extension: int = 45,
    appeal: int = 60,
    appeal_extension: int = 0,
    correction: bool = True,
    consent: str = _OUR_CONSENT,
    opt_out_unproved: str = "",
    log_months: int = 0,
    note: str = "",
) -> Regime:
    """A state of the USA: the section of the five rights, that of the times, that of the appeal ("": there is none).

    `opt_out_unproved`: the section that has an opt-out done without proof of who asks, where it says so.
    """
    kinds = ["access", "portability", "deletion", *(["correction"] if correction else []), "opt-out"]
    usual = Terms(days(answer, clock), Extension(days(extension, clock)))
    special = {"consent-withdrawal": Terms(days(15, consent))}
    if opt_out_unproved:
        special["opt-out"] = replace(usual, answer=days(answer, f"{clock}, {opt_out_unproved}"), verify=False)
    longer = Extension(days(appeal_extension, appeal_law)) if appeal_extension else None
    return Regime(
        f"us-{code.lower()}",
        name,
        (f"US-{code}",),
        usual,
        dict.fromkeys(kinds, articles),
        special=special,
        appeal=Appeal(days(appeal, appeal_law), longer) if appeal_law else None,
        log_months=log_months,
        note=note,
    )


STATES = (
    _state("VA", "Virginia CDPA", "Va. Code 59.1-577", "Va. Code 59.1-577(B)(1)", "Va. Code 59.1-577(C)"),
    _state(
        "CO",
        "Colorado Privacy Act",
        "C.R.S. 6-1-1306",
        "C.R.S. 6-1-1306(2)",
        "C.R.S. 6-1-1306(3)",
        appeal=45,
        appeal_extension=60,
        log_months=24,
        note=_("Keep a log of requests and appeals for 24 months (Rule 6.11)."),
    ),
    _state(
        "CT",
        "Connecticut DPA",
        "Conn. Gen. Stat. 42-518",
        "Conn. Gen. Stat. 42-518(c)(1)",
        "Conn. Gen. Stat. 42-518(d)",
        consent="Conn. Gen. Stat. 42-520(a)",
        note=_("Free once in 12 months."),
    ),
    _state("MT", "Montana CDPA", "Mont. Code 30-14-2808", "Mont. Code 30-14-2808(4)(a)", "Mont. Code 30-14-2808(5)"),
    _state(
        "TX",
        "Texas DPSA",
        "Tex. Bus. & Com. Code 541.051",
        "Tex. Bus. & Com. Code 541.052(b)",
        "Tex. Bus. & Com. Code 541.053",
    ),
    _state("DE", "Delaware PDPA", "6 Del. C. 12D-104", "6 Del. C. 12D-104(c)(1)", "6 Del. C. 12D-104(d)"),
    _state("NE", "Nebraska DPA", "Neb. Rev. Stat. 87-1107", "Neb. Rev. Stat. 87-1108(2)", "Neb. Rev. Stat. 87-1109(3)"),
    _state("NH", "New Hampshire Privacy Act", "N.H. RSA 507-H:4", "N.H. RSA 507-H:4, III(a)", "N.H. RSA 507-H:4, IV"),
    _state("TN", "Tennessee IPA", "Tenn. Code 47-18-3304", "Tenn. Code 47-18-3304(b)(1)", "Tenn. Code 47-18-3304(c)"),
    _state("IN", "Indiana CDPA", "Ind. Code 24-15-3-1", "Ind. Code 24-15-3-1(c)(1)", "Ind. Code 24-15-3-1(d)"),
    _state("KY", "Kentucky CDPA", "KRS 367.3615", "KRS 367.3615(3)(a)", "KRS 367.3615(4)"),
    _state(
        "MD", "Maryland ODPA", "Md. Code, Com. Law 14-4705", "Md. Code, Com. Law 14-4705", "Md. Code, Com. Law 14-4705"
    ),
    _state(
        "RI",
        "Rhode Island DTPPA",
        "R.I. Gen. Laws 6-48.1-5",
        "R.I. Gen. Laws 6-48.1-6(b)(1)",
        "R.I. Gen. Laws 6-48.1-6(b)(6)",
        consent="R.I. Gen. Laws 6-48.1-4(e)",
        note=_("A withdrawn consent takes effect within 15 days. Free once in 12 months."),
    ),
    _state(
        "NJ",
        "New Jersey DPA",
        "N.J.S.A. 56:8-166.10",
        "N.J.S.A. 56:8-166.7(a)",
        "N.J.S.A. 56:8-166.7(f)",
        appeal=45,
        consent="N.J.S.A. 56:8-166.12(a)(6)",
        note=_("Free once in 12 months."),
    ),
    _state(
        "OR",
        "Oregon CPA",
        "ORS 646A.574",
        "ORS 646A.576(5)(a)",
        "ORS 646A.576(6)(d)",
        appeal=45,
        consent="ORS 646A.578(1)(d)",
        opt_out_unproved="646A.576(5)(e)",
        note=_("On access, a list of the third parties by name can be asked for."),
    ),
    _state(
        "MN",
        "Minnesota CDPA",
        "Minn. Stat. 325M.14",
        "Minn. Stat. 325M.14, subd. 4",
        "Minn. Stat. 325M.14, subd. 5",
        appeal=45,
        appeal_extension=60,
        consent="Minn. Stat. 325M.16, subd. 2(e)",
    ),
    _state(
        "FL",
        "Florida DBR",
        "Fla. Stat. 501.705",
        "Fla. Stat. 501.706(2)",
        "Fla. Stat. 501.707",
        extension=15,
        note=_("The law covers few companies."),
    ),
    # The right to correct came on 1 July 2026 (Utah HB 418 of 2025).
    _state("UT", "Utah CPA", "Utah Code 13-61-201", "Utah Code 13-61-203(2)", note=_("The law gives no appeal.")),
    _state(
        "IA", "Iowa CDPA", "Iowa Code 715D.3", "Iowa Code 715D.3(2)", "Iowa Code 715D.3(3)", answer=90, correction=False
    ),
)

US_OTHER = Regime(
    "us-other",
    "US state without a privacy law of its own",
    ("US",),
    Terms(days(45, "our promise: the shortest of the states")),
    {},
    special={"consent-withdrawal": Terms(days(15, _OUR_CONSENT))},
    appeal=Appeal(days(45, "our promise: the shortest of the states")),
    note=_(
        "Also used while we do not know the state. New laws: Oklahoma and Louisiana on 1 January 2027, Alabama on "
        "1 May 2027, Vermont on 1 January 2028; check them then."
    ),
)
