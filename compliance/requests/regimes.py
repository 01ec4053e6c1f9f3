"""The privacy laws a request can fall under: what each gives a person, and in what time. Data; no arithmetic here.

The numbers are those of the regulation notes (November 2026). Where the notes or the law leave something open, the
safer number stands here and `note` tells the staff so. clocks.py counts with them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from compliance.errors import MoveRefused
from imgpilot.language import marked as _

#: The European Economic Area: the 27 of the Union, and Iceland, Liechtenstein and Norway.
EEA = (
    *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS"),
    *("IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK"),
)

#: The laws say "a reasonable period" in which a refusal can be appealed against. This is our own number of days.
APPEAL_WITHIN = 60

#: Codes that people write for a country, and the ISO 3166 one.
_ALSO_WRITTEN = {"UK": "GB", "EL": "GR"}


class Unit(StrEnum):
    """What a period is counted in."""

    MONTHS = "months"
    CALENDAR_DAYS = "calendar days"
    BUSINESS_DAYS = "business days"
    HOURS = "hours"  # clock hours: they run through weekends, and end at an instant


class Pause(StrEnum):
    """Why a clock may stand still."""

    IDENTITY = "identity"  # we wait for proof of who asks
    CLARIFICATION = "clarification"  # we wait to hear what exactly is meant
    FEE = "fee"  # we wait for a fee that the law allows


@dataclass(frozen=True)
class Period:
    """A stretch of time as a law states it, and whether its end rolls off weekends and holidays."""

    count: int
    unit: Unit
    rolls: bool = False
    law: str = ""
    #: Business days that skip no public holiday. That ends earlier: the safe reading where a law names no calendar.
    weekends_only: bool = False


@dataclass(frozen=True)
class Extension:
    """How much longer an answer may take. The notice, with the reason, must be sent before the first deadline."""

    period: Period
    #: Counted on from the day of receipt (GDPR: 3 months in all), not from the first due date.
    from_receipt: bool = True


@dataclass(frozen=True)
class Terms:
    """The time limits of one kind of request."""

    answer: Period
    extension: Extension | None = None
    acknowledge: Period | None = None
    #: Whether the law lets us ask who the person is before we act.
    verify: bool = True


@dataclass(frozen=True)
class Appeal:
    """A refusal can be appealed against with us, and a refused appeal taken further."""

    period: Period
    extension: Extension | None = None
    #: Days after our answer in which a person may appeal: ours, the laws only say "reasonable".
    within: int = APPEAL_WITHIN
    #: Who takes a complaint about a refused appeal. authorities.for_person names it.
    complain_to: str = _("the attorney general of your state")


@dataclass(frozen=True)
class Regime:
    """A privacy law: its clocks, its appeal, and the article of each right."""

    key: str
    name: str
    #: Where it holds: ISO 3166 codes of countries ("NL") or their parts ("US-VA").
    places: tuple[str, ...]
    #: The time limits of every kind that `special` does not name.
    usual: Terms
    #: Kind → the article it stands on. A kind that is missing is offered all the same, as our own promise (P16).
    rights: Mapping[str, str]
    special: Mapping[str, Terms] = field(default_factory=dict)
    #: Why the clock may stand still → the kinds for which it may; none named means all.
    pauses: Mapping[Pause, frozenset[str]] = field(default_factory=dict)
    appeal: Appeal | None = None
    #: Months for which the law wants a log of requests kept; 0 where it asks for none.
    log_months: int = 0
    #: What staff should know: doubts, conditions, numbers that are ours.
    note: str = ""

    def terms(self, kind: str) -> Terms:
        """The time limits of a kind of request."""
        return self.special.get(kind, self.usual)

    def article(self, kind: str) -> str | None:
        """The article that gives this right; None where we offer it of our own accord."""
        return self.rights.get(kind)

    @property
    def answer(self) -> Period:
        """The usual time to answer. `terms(kind).answer` is that of a kind."""
        return self.usual.answer

    @property
    def acknowledge(self) -> Period | None:
        """The usual time to confirm receipt, if the law sets one."""
        return self.usual.acknowledge

    @property
    def extension(self) -> Extension | None:
        """The usual extension, if the law allows one."""
        return self.usual.extension


def _days(count: int, law: str) -> Period:
    return Period(count, Unit.CALENDAR_DAYS, law=law)


def _rights(law: str, **articles: str) -> dict[str, str]:
    """Kind → "law article". Underscores stand for the hyphens of the kinds."""
    return {kind.replace("_", "-"): f"{law} {article}" for kind, article in articles.items()}


def _european(law: str) -> dict[str, str]:
    copies = _rights(law, access="15", portability="20", deletion="17", correction="16")
    return copies | _rights(law, restriction="18", objection="21", consent_withdrawal="7(3)")


GDPR = Regime(
    "gdpr",
    "GDPR",
    EEA,
    Terms(
        Period(1, Unit.MONTHS, rolls=True, law="GDPR 12(3); Regulation 1182/71 Art. 3"),
        Extension(Period(2, Unit.MONTHS, rolls=True, law="GDPR 12(3)")),
    ),
    _european("GDPR"),
    pauses={Pause.IDENTITY: frozenset()},
    note=_("The clock stops only on reasonable doubt about who asks, and only if we asked at once (GDPR 12(6))."),
)

UK_GDPR = Regime(
    "uk-gdpr",
    "UK GDPR",
    ("GB",),
    Terms(
        Period(1, Unit.MONTHS, rolls=True, law="UK GDPR 12A"),
        Extension(Period(2, Unit.MONTHS, rolls=True, law="UK GDPR 12A")),
    ),
    _european("UK GDPR"),
    pauses={
        Pause.IDENTITY: frozenset(),
        Pause.CLARIFICATION: frozenset({"access"}),
        Pause.FEE: frozenset(),
    },
    note=_(
        "The clock stops while we wait for proof of identity, a fee, or (access only) what exactly is meant, if we "
        "really need it (Article 12A). After proof the law would even start a new month; we only add the days waited."
    ),
)

CCPA = Regime(
    "ccpa",
    "CCPA",
    ("US-CA",),
    Terms(
        _days(45, "Cal. Civ. Code 1798.130; 11 CCR 7021(b)"),
        Extension(_days(45, "11 CCR 7021(b)")),
        Period(10, Unit.BUSINESS_DAYS, law="11 CCR 7021(a)", weekends_only=True),
    ),
    _rights(
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

# Rhode Island gives 15 days to act on a consent withdrawn, the shortest of all; no state is answered later than that.
_RHODE_ISLAND_CONSENT = "R.I. Gen. Laws 6-48.1-4(e)"
_OUR_CONSENT = "our promise: the shortest of any state"


def _state(
    code: str,
    name: str,
    rights: str,
    *,
    clock: str = "",
    answer: int = 45,
    extension: int = 45,
    appeal: int = 60,
    appeal_extension: int = 0,
    correction: bool = True,
    consent: str = _OUR_CONSENT,
    log_months: int = 0,
    note: str = "",
) -> Regime:
    """A state of the USA: one section gives the five rights, `clock` the times if it is another. 0 means: none."""
    law = clock or rights
    kinds = ["access", "portability", "deletion", *(["correction"] if correction else []), "opt-out"]
    return Regime(
        f"us-{code.lower()}",
        name,
        (f"US-{code}",),
        Terms(_days(answer, law), Extension(_days(extension, law)) if extension else None),
        dict.fromkeys(kinds, rights),
        special={"consent-withdrawal": Terms(_days(15, consent))},
        appeal=Appeal(_days(appeal, law), Extension(_days(appeal_extension, law)) if appeal_extension else None)
        if appeal
        else None,
        log_months=log_months,
        note=note,
    )


_APPEAL_UNSURE = _("The days for an appeal are from general knowledge; check them against the law.")

STATES = (
    _state("VA", "Virginia CDPA", "Va. Code 59.1-577"),
    _state(
        "CO",
        "Colorado Privacy Act",
        "C.R.S. 6-1-1306",
        appeal=45,
        appeal_extension=60,
        log_months=24,
        note=_("Keep a log of requests and appeals for 24 months (Rule 6.11)."),
    ),
    _state("CT", "Connecticut DPA", "Conn. Gen. Stat. 42-518", note=_("Free once in 12 months.")),
    _state("MT", "Montana CDPA", "Mont. Code 30-14-2808"),
    _state("TX", "Texas DPSA", "Tex. Bus. & Com. Code 541.051", clock="Tex. Bus. & Com. Code 541.052"),
    _state("DE", "Delaware PDPA", "6 Del. C. 12D-104"),
    _state("NE", "Nebraska DPA", "Neb. Rev. Stat. 87-1107"),
    _state("NH", "New Hampshire Privacy Act", "N.H. RSA 507-H:4"),
    _state("TN", "Tennessee IPA", "Tenn. Code 47-18-3304"),
    _state("IN", "Indiana CDPA", "Ind. Code 24-15-3-1"),
    _state("KY", "Kentucky CDPA", "KRS 367.3615"),
    _state("MD", "Maryland ODPA", "Md. Code, Com. Law 14-4705", note=_APPEAL_UNSURE),
    _state(
        "RI",
        "Rhode Island DTPPA",
        "R.I. Gen. Laws 6-48.1-5",
        clock="R.I. Gen. Laws 6-48.1-6",
        consent=_RHODE_ISLAND_CONSENT,
        note=_("A withdrawn consent takes effect within 15 days. Free once in 12 months."),
    ),
    _state(
        "NJ",
        "New Jersey DPA",
        "N.J.S.A. 56:8-166.10",
        clock="N.J.S.A. 56:8-166.7",
        appeal=45,
        note=_("Sources say 45 or 60 days for an appeal; we take 45. Free once in 12 months."),
    ),
    _state(
        "OR",
        "Oregon CPA",
        "ORS 646A.574",
        clock="ORS 646A.576",
        appeal=45,
        appeal_extension=45,
        note=_("On access, a list of the third parties by name can be asked for."),
    ),
    _state("MN", "Minnesota CDPA", "Minn. Stat. 325M.14", appeal=45, appeal_extension=60),
    _state(
        "FL",
        "Florida DBR",
        "Fla. Stat. 501.705",
        clock="Fla. Stat. 501.706",
        extension=15,
        note=_("The law covers few companies. The extension and the days for an appeal are from general knowledge."),
    ),
    _state(
        "UT",
        "Utah CPA",
        "Utah Code 13-61-201",
        clock="Utah Code 13-61-203",
        appeal=0,
        correction=False,
        note=_("The law gives no appeal."),
    ),
    _state("IA", "Iowa CDPA", "Iowa Code 715D.3", answer=90, correction=False),
)

US_OTHER = Regime(
    "us-other",
    "US state without a privacy law of its own",
    ("US",),
    Terms(_days(45, "our promise: the shortest of the states")),
    {},
    special={"consent-withdrawal": Terms(_days(15, _OUR_CONSENT))},
    appeal=Appeal(_days(45, "our promise: the shortest of the states")),
    note=_(
        "Also used while we do not know the state. New laws: Oklahoma and Louisiana on 1 January 2027, Alabama on "
        "1 May 2027, Vermont on 1 January 2028; check them then."
    ),
)


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
        _days(15, "LGPD 19"),
        _rights("LGPD", access="18 II, 19", portability="18 V", deletion="18 IV, VI", correction="18 III")
        | _rights("LGPD", restriction="18 IV", objection="18 §2", consent_withdrawal="18 IX"),
        note=_("A short form of the copy is due at once (Article 19 I); the full copy within 15 days."),
    ),
    _national(
        "pipeda",
        "PIPEDA (Canada)",
        "CA",
        _days(30, "PIPEDA 8(3)"),
        _rights("PIPEDA Schedule 1,", access="4.9", correction="4.9.5", consent_withdrawal="4.3.8"),
        extension=_days(30, "PIPEDA 8(4)"),
        note=_("Silence counts as a refusal. Alberta and British Columbia have laws of their own with more time."),
    ),
    _national(
        "quebec",
        "Quebec Law 25",
        "CA-QC",
        _days(30, "CQLR P-39.1, s. 32"),
        _rights("CQLR P-39.1,", access="s. 27", portability="s. 27", correction="s. 28", deletion="s. 28, 28.1"),
        note=_("Sources differ on whether the time can be extended; we take no extension."),
    ),
    _national(
        "ch",
        "FADP (Switzerland)",
        "CH",
        _days(30, "FADP 25(7); DPO 18"),
        _rights("FADP", access="25", portability="28", deletion="32(2)", correction="32(1)")
        | _rights("FADP", restriction="32(2)", objection="30(2)"),
        extension=_days(30, "DPO 18(2)"),
        note=_("The law lets us take longer if we say how long; 30 more days is our own number."),
    ),
    _national(
        "au",
        "Privacy Act (Australia)",
        "AU",
        _days(30, "APP 12.4, 13.5"),
        _rights("APP", access="12", deletion="11.2", correction="13", opt_out="7"),
        note=_("The law says “a reasonable period”; 30 days is what the regulator expects."),
    ),
    _national(
        "kr",
        "PIPA (Korea)",
        "KR",
        _days(10, "PIPA Enforcement Decree 41, 42"),
        _rights("PIPA", access="35", portability="35-2", deletion="36", correction="36")
        | _rights("PIPA", restriction="37", consent_withdrawal="37"),
        extension=_days(10, "PIPA Enforcement Decree 41, 42"),
        note=_("The law allows a delay for good reason and sets no length; 10 more days is our own number."),
    ),
    _national(
        "tw",
        "PDPA (Taiwan)",
        "TW",
        _days(30, "PDPA 13"),
        _rights("PDPA", access="3, 10", deletion="3, 11", correction="3, 11", restriction="3, 11"),
        extension=_days(30, "PDPA 13"),
        # A portable copy is a copy, so it has the same time.
        special=dict.fromkeys(("access", "portability"), Terms(_days(15, "PDPA 13"), Extension(_days(15, "PDPA 13")))),
        note=_("Access within 15 days (15 more with notice), all else within 30 (30 more)."),
    ),
    _national(
        "id",
        "PDP Law (Indonesia)",
        "ID",
        Period(72, Unit.HOURS, law="Law 27/2022"),
        _rights("Law 27/2022, Art.", access="7", portability="13", deletion="8", correction="6")
        | _rights("Law 27/2022, Art.", restriction="11", objection="10", consent_withdrawal="9"),
        note=_("72 hours by the clock, through nights and weekends."),
    ),
    _national(
        "za",
        "POPIA (South Africa)",
        "ZA",
        _days(30, "POPIA 23, 24; PAIA 56"),
        _rights("POPIA", access="23", deletion="24", correction="24", restriction="14(6)")
        | _rights("POPIA", objection="11(3)", consent_withdrawal="11(2)"),
    ),
    _national(
        "tr",
        "KVKK (Türkiye)",
        "TR",
        _days(30, "Law 6698, Art. 13(2)"),
        _rights("Law 6698, Art.", access="11", deletion="7, 11", correction="11", objection="11"),
    ),
    _national(
        "th",
        "PDPA (Thailand)",
        "TH",
        _days(30, "PDPA s. 30"),
        _rights("PDPA s.", access="30", portability="31", deletion="33", correction="35, 36")
        | _rights("PDPA s.", restriction="34", objection="32", consent_withdrawal="19"),
    ),
    _national(
        "jp",
        "APPI (Japan)",
        "JP",
        _days(14, "APPI 33–35"),
        _rights("APPI", access="33", deletion="34, 35", correction="34", restriction="35"),
        note=_("The law says “without delay”; 14 days is our own number."),
    ),
    _national(
        "in",
        "DPDP Act (India)",
        "IN",
        _days(30, "DPDP Act 2023, s. 11–13"),
        _rights("DPDP Act 2023, s.", access="11", deletion="12", correction="12", consent_withdrawal="6(4)"),
        note=_(
            "Most duties begin about 13 May 2027; a grievance must then be settled within 90 days at most. "
            "30 days is our own number."
        ),
    ),
)

REGIMES: dict[str, Regime] = {law.key: law for law in (GDPR, UK_GDPR, CCPA, *STATES, US_OTHER, *OTHERS)}


def _by_place(laws: Iterable[Regime]) -> dict[str, Regime]:
    return {place: law for law in laws for place in law.places}


_PLACES = _by_place(REGIMES.values())


def country_code(country: str) -> str:
    """The ISO 3166 code in capitals ("uk" → "GB"); "" stays ""."""
    code = country.strip().upper()
    return _ALSO_WRITTEN.get(code, code)


def for_place(country: str, subdivision: str | None = None) -> Regime:
    """The law that applies to a person who lives there. Where we know none it is the GDPR, the strictest we know.

    `country` is an ISO 3166 code; `subdivision` its part, as "VA" or "US-VA".
    """
    land = country_code(country)
    part = (subdivision or "").strip().upper().removeprefix(f"{land}-")
    return _PLACES.get(f"{land}-{part}") or _PLACES.get(land) or GDPR


#: What a number must be, for each number that an officer may change.
_RANGES = {
    "answer": _("The time to answer must be a whole number from 1 to %(most)s."),
    "extension": _("The extension must be a whole number from 1 to %(most)s."),
    "acknowledge": _("The time to confirm receipt must be a whole number from 1 to %(most)s."),
    "appeal": _("The time to decide an appeal must be a whole number from 1 to %(most)s."),
}
_ABSENT = {
    "extension": _("%(law)s allows no extension, so there is none to change."),
    "acknowledge": _("%(law)s sets no time to confirm receipt, so there is none to change."),
    "appeal": _("%(law)s gives no appeal, so there is no time to change."),
}
_MOST = {Unit.MONTHS: 12}
_MOST_DAYS = 365


def with_changes(regime: Regime, changes: Mapping[str, int | None]) -> Regime:
    """The law with an officer's numbers: "answer", "extension", "acknowledge", "appeal". None leaves one as it is.

    Units, rolling and the times of special kinds stay. Raises MoveRefused for a number outside 1 to 365 (months:
    to 12), for a time that the law does not know, and for any other name.
    """
    usual, longer, appeal = regime.usual, regime.extension, regime.appeal
    for name, count in changes.items():
        if name not in _RANGES:
            raise MoveRefused(_("There is no such number to change."))
        if count is None:
            continue
        match name:
            case "answer":
                usual = replace(usual, answer=_counting(regime, name, usual.answer, count))
            case "acknowledge":
                usual = replace(usual, acknowledge=_counting(regime, name, usual.acknowledge, count))
            case "extension":
                more = _counting(regime, name, longer.period if longer else None, count)
                usual = replace(usual, extension=longer and replace(longer, period=more))
            case "appeal":
                decided = _counting(regime, name, appeal.period if appeal else None, count)
                appeal = appeal and replace(appeal, period=decided)
    return replace(regime, usual=usual, appeal=appeal)


def _counting(regime: Regime, name: str, period: Period | None, count: int) -> Period:
    if period is None:
        raise MoveRefused(_ABSENT[name], law=regime.name)
    most = _MOST.get(period.unit, _MOST_DAYS)
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= most:
        raise MoveRefused(_RANGES[name], most=most)
    return replace(period, count=count)
