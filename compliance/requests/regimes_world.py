"""The laws of the rest of the world that we know. Where none is known, the GDPR counts (regimes.for_place)."""

from collections.abc import Mapping

from compliance.requests.regimes_terms import Extension, Period, Regime, Terms, Unit, days, rights
from imgpilot.language import marked as _


def _national(
    key: str,
    name: str,
    place: str,
    answer: Period,
    rights: Mapping[str, str],
    *,
    extension: Period | None = None,
    special: Mapping[str, Terms] | None = None,
    note: str = "",
) -> Regime:
    """A law with one clock for all kinds but `special`, no acknowledgement, pause or appeal to us."""
    terms = Terms(answer, Extension(extension) if extension else None)
    return Regime(key, name, (place,), terms, rights, special or {}, note=note)


OTHERS = (
    _national(
        "lgpd",
        "LGPD (Brazil)",
        "BR",
        days(15, "LGPD 19 II"),
        rights("LGPD", access="18 II, 19", portability="18 V", deletion="18 IV, VI", correction="18 III")
        | rights("LGPD", restriction="18 IV", objection="18 §2", consent_withdrawal="18 IX"),
        note=_("A short form of the copy is due at once (Article 19 I); the full copy within 15 days."),
    ),
    _national(
        "pipeda",
        "PIPEDA (Canada)",
        "CA",
        days(30, "PIPEDA 8(3)"),
        rights("PIPEDA Schedule 1,", access="4.9", correction="4.9.5", consent_withdrawal="4.3.8"),
        extension=days(30, "PIPEDA 8(4)(a)"),
        note=_("Silence counts as a refusal. Alberta and British Columbia have laws of their own with more time."),
    ),
    _national(
        "quebec",
        "Quebec Law 25",
        "CA-QC",
        days(30, "CQLR P-39.1, s. 32"),
        rights("CQLR P-39.1,", access="s. 27", portability="s. 27", correction="s. 28", deletion="s. 28, 28.1"),
        note=_("Sources differ on whether the time can be extended; we take no extension."),
    ),
    _national(
        "ch",
        "FADP (Switzerland)",
        "CH",
        days(30, "FADP 25(7); DPO 18(1)"),
        rights("FADP", access="25", portability="28", deletion="32(2)", correction="32(1)")
        | rights("FADP", restriction="32(2)", objection="30(2)"),
        extension=days(30, "DPO 18(2)"),
        note=_("The law lets us take longer if we say how long; 30 more days is our own number."),
    ),
    _national(
        "au",
        "Privacy Act (Australia)",
        "AU",
        days(30, "APP 12.4, 13.5"),
        rights("APP", access="12", deletion="11.2", correction="13", opt_out="7"),
        note=_("The law says “a reasonable period”; 30 days is what the regulator expects."),
    ),
    _national(
        "kr",
        "PIPA (Korea)",
        "KR",
        days(10, "PIPA 35(3); Enforcement Decree 41(4)"),
        rights("PIPA", access="35", portability="35-2", deletion="36", correction="36")
        | rights("PIPA", restriction="37", consent_withdrawal="37"),
        extension=days(10, "PIPA 35(3); Enforcement Decree 42(2)"),
        special={
            **dict.fromkeys(("deletion", "correction"), Terms(days(10, "PIPA Enforcement Decree 43(3)"))),
            **dict.fromkeys(("restriction", "consent-withdrawal"), Terms(days(10, "PIPA Enforcement Decree 44(2)"))),
        },
        note=_(
            "Only a copy can be delayed, for good reason, until 10 days after the reason is gone (Standard Guidelines "
            "31(1)); 10 more days in all is our own number."
        ),
    ),
    _national(
        "tw",
        "PDPA (Taiwan)",
        "TW",
        days(30, "PDPA 13"),
        rights("PDPA", access="3, 10", deletion="3, 11", correction="3, 11", restriction="3, 11"),
        extension=days(30, "PDPA 13"),
        # A portable copy is a copy, so it has the same time.
        special=dict.fromkeys(("access", "portability"), Terms(days(15, "PDPA 13"), Extension(days(15, "PDPA 13")))),
        note=_("Access within 15 days (15 more with notice), all else within 30 (30 more)."),
    ),
    _national(
        "id",
        "PDP Law (Indonesia)",
        "ID",
        Period(72, Unit.HOURS, law="Law 27/2022, Art. 30, 32(2), 40, 41"),
        rights("Law 27/2022, Art.", access="7", portability="13", deletion="8", correction="6")
        | rights("Law 27/2022, Art.", restriction="11", objection="10", consent_withdrawal="9"),
        note=_("72 hours by the clock, through nights and weekends."),
    ),
    _national(
        "za",
        "POPIA (South Africa)",
        "ZA",
        days(30, "POPIA 23, 24; PAIA 56"),
        rights("POPIA", access="23", deletion="24", correction="24", restriction="14(6)")
        | rights("POPIA", objection="11(3)", consent_withdrawal="11(2)"),
    ),
    _national(
        "tr",
        "KVKK (Türkiye)",
        "TR",
        days(30, "Law 6698, Art. 13(2)"),
        rights("Law 6698, Art.", access="11", deletion="7, 11", correction="11", objection="11"),
    ),
    _national(
        "th",
        "PDPA (Thailand)",
        "TH",
        days(30, "PDPA s. 30"),
        rights("PDPA s.", access="30", portability="31", deletion="33", correction="35, 36")
        | rights("PDPA s.", restriction="34", objection="32", consent_withdrawal="19"),
    ),
    _national(
        "jp",
        "APPI (Japan)",
        "JP",
        days(14, "APPI 33–35"),
        rights("APPI", access="33", deletion="34, 35", correction="34", restriction="35"),
        note=_("The law says “without delay”; 14 days is our own number."),
    ),
    _national(
        "in",
        "DPDP Act (India)",
        "IN",
        days(30, "DPDP Act 2023, s. 11–13; DPDP Rules 2025, rule 14(3)"),
        rights("DPDP Act 2023, s.", access="11", deletion="12", correction="12", consent_withdrawal="6(4)"),
        note=_(
            "Most duties begin about 13 May 2027; a grievance must then be settled within 90 days at most. "
            "30 days is our own number."
        ),
    ),
)
