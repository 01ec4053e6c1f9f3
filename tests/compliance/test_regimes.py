"""The laws as data: every one is named, cited and has numbers that can be true; an officer's numbers are checked."""

import pytest

from compliance.errors import MoveRefused
from compliance.requests.kinds import Kind
from compliance.requests.regimes import (
    APPEAL_WITHIN,
    EEA,
    REGIMES,
    Pause,
    Period,
    Regime,
    Unit,
    for_place,
    with_changes,
)

STATES = (
    *("va", "co", "ct", "mt", "tx", "de", "ne", "nh", "tn", "in", "ky", "md", "ri", "nj", "or", "mn", "fl", "ut"),
    "ia",
)
KEYS = {
    *("gdpr", "uk-gdpr", "ccpa", "us-other", *(f"us-{state}" for state in STATES)),
    *("lgpd", "pipeda", "quebec", "ch", "au", "kr", "tw", "id", "za", "tr", "th", "jp", "in"),
}
EVERY = pytest.mark.parametrize("law", REGIMES.values(), ids=REGIMES)


def periods(law: Regime) -> list[Period]:
    terms = [law.usual, *law.special.values()]
    found = [one.answer for one in terms]
    found += [one.extension.period for one in terms if one.extension]
    found += [one.acknowledge for one in terms if one.acknowledge]
    if law.appeal:
        found.append(law.appeal.period)
        found += [law.appeal.extension.period] if law.appeal.extension else []
    return found


def test_every_law_of_the_notes_is_there() -> None:
    assert set(REGIMES) == KEYS


@EVERY
def test_a_law_has_a_name_a_place_and_a_source_for_every_number(law: Regime) -> None:
    assert law.name
    assert law.places
    assert REGIMES[law.key] is law
    assert all(period.law for period in periods(law))


@EVERY
def test_a_law_has_sane_numbers(law: Regime) -> None:
    most = {Unit.MONTHS: 3, Unit.CALENDAR_DAYS: 90, Unit.BUSINESS_DAYS: 15, Unit.HOURS: 72}
    assert all(1 <= period.count <= most[period.unit] for period in periods(law))
    assert law.log_months in (0, 24)


@EVERY
def test_rights_are_of_kinds_we_know_and_cite_an_article(law: Regime) -> None:
    kinds = {str(kind) for kind in Kind}
    assert set(law.rights) <= kinds
    assert set(law.special) <= kinds
    assert all(kinds_of <= kinds for kinds_of in law.pauses.values())
    assert all(any(letter.isdigit() for letter in article) for article in law.rights.values())
    if law.key == "us-other":  # all rights are our own promise there (P16)
        assert not law.rights
    else:
        assert {"access", "correction"} <= set(law.rights) or law.key == "us-ia"


def test_no_place_has_two_laws() -> None:
    places = [place for law in REGIMES.values() for place in law.places]
    assert len(places) == len(set(places))


def test_the_european_economic_area_has_thirty_countries() -> None:
    assert len(set(EEA)) == 30


def test_a_right_that_the_law_does_not_know_has_no_article_but_is_offered() -> None:
    assert REGIMES["gdpr"].article(Kind.ACCESS) == "GDPR 15"
    assert REGIMES["gdpr"].article(Kind.CONSENT_WITHDRAWAL) == "GDPR 7(3)"
    assert REGIMES["us-ia"].article(Kind.CORRECTION) is None
    assert REGIMES["us-ia"].terms(Kind.CORRECTION) == REGIMES["us-ia"].usual


def test_utah_gives_a_correction_since_july_2026() -> None:
    assert REGIMES["us-ut"].article(Kind.CORRECTION) == "Utah Code 13-61-201"


def test_every_number_of_a_state_stands_in_its_own_section() -> None:
    """The answer and the appeal are cited apart, but in Maryland, whose text has one section for both."""
    states = [REGIMES[f"us-{state}"] for state in STATES]
    same = {law.key for law in states if law.appeal and law.appeal.period.law == law.answer.law}
    assert same == {"us-md"}
    assert REGIMES["us-ne"].answer.law == "Neb. Rev. Stat. 87-1108(2)"


def test_where_a_state_says_when_a_withdrawn_consent_counts_it_is_cited() -> None:
    cited = {law.key for law in REGIMES.values() if "promise" not in law.terms(Kind.CONSENT_WITHDRAWAL).answer.law}
    assert {f"us-{state}" for state in STATES} & cited == {"us-ct", "us-mn", "us-nj", "us-or", "us-ri"}


def test_in_korea_only_a_copy_can_be_delayed() -> None:
    korea = REGIMES["kr"]
    late = {kind for kind in korea.rights if korea.terms(kind).extension}
    assert late == {Kind.ACCESS, Kind.PORTABILITY}


@pytest.mark.parametrize(
    ("country", "subdivision", "key"),
    [
        *((country, None, "gdpr") for country in EEA),
        ("DE", "BY", "gdpr"),
        ("de", None, "gdpr"),
        ("EL", None, "gdpr"),
        ("GB", "SCT", "uk-gdpr"),
        ("UK", None, "uk-gdpr"),
        ("US", "CA", "ccpa"),
        ("US", "US-CA", "ccpa"),
        ("us", "us-va", "us-va"),
        *(("US", state.upper(), f"us-{state}") for state in STATES),
        ("US", None, "us-other"),
        ("US", "", "us-other"),
        ("US", "WY", "us-other"),
        ("CA", None, "pipeda"),
        ("CA", "ON", "pipeda"),
        ("CA", "QC", "quebec"),
        ("BR", None, "lgpd"),
        ("ID", None, "id"),
        ("AQ", None, "gdpr"),
        ("", None, "gdpr"),
    ],
)
def test_where_a_person_lives_decides_the_law(country: str, subdivision: str | None, key: str) -> None:
    assert for_place(country, subdivision).key == key


def test_only_europe_and_britain_let_a_clock_stop() -> None:
    assert {key for key, law in REGIMES.items() if law.pauses} == {"gdpr", "uk-gdpr"}
    assert set(REGIMES["gdpr"].pauses) == {Pause.IDENTITY}


def test_an_opt_out_in_california_and_oregon_is_never_verified() -> None:
    never = {(key, kind) for key, law in REGIMES.items() for kind in Kind if not law.terms(kind).verify}
    assert never == {("ccpa", Kind.OPT_OUT), ("us-or", Kind.OPT_OUT)}


def test_states_of_the_usa_give_an_appeal_except_utah_and_california() -> None:
    usa = {key for key, law in REGIMES.items() if law.places[0].startswith("US")}
    assert {key for key in usa if REGIMES[key].appeal is None} == {"us-ut", "ccpa"}
    assert {key for key, law in REGIMES.items() if law.appeal} <= usa
    assert all(law.appeal.within == APPEAL_WITHIN for law in REGIMES.values() if law.appeal)


def test_an_officer_can_change_the_numbers_and_nothing_else() -> None:
    before = REGIMES["us-co"]
    after = with_changes(before, {"answer": 30, "extension": 20, "acknowledge": None, "appeal": 40})
    assert after.extension is not None
    assert after.appeal is not None
    assert before.appeal is not None
    assert (after.answer.count, after.extension.period.count, after.appeal.period.count) == (30, 20, 40)
    assert after.answer.unit is before.answer.unit
    assert after.appeal.extension == before.appeal.extension
    assert after.special == before.special
    assert REGIMES["us-co"] is before
    assert before.answer.count == 45


def test_no_change_is_the_same_law() -> None:
    blank = dict.fromkeys(("answer", "extension", "acknowledge", "appeal"))
    for law in REGIMES.values():
        assert with_changes(law, {}) == law
        assert with_changes(law, blank) == law


def test_the_acknowledgement_can_be_changed_where_there_is_one() -> None:
    changed = with_changes(REGIMES["ccpa"], {"acknowledge": 5}).acknowledge
    assert changed is not None
    assert (changed.count, changed.unit, changed.weekends_only) == (5, Unit.BUSINESS_DAYS, True)


@pytest.mark.parametrize("count", [0, -1, 366, 10**9])
def test_a_number_of_days_is_one_to_a_year(count: int) -> None:
    with pytest.raises(MoveRefused, match="from 1 to 365"):
        with_changes(REGIMES["lgpd"], {"answer": count})


@pytest.mark.parametrize("count", [True, "30", 1.5])
def test_what_is_no_whole_number_is_refused(count: int) -> None:
    with pytest.raises(MoveRefused, match="whole number"):
        with_changes(REGIMES["lgpd"], {"answer": count})


def test_months_are_one_to_twelve() -> None:
    assert with_changes(REGIMES["gdpr"], {"answer": 12}).answer.count == 12
    with pytest.raises(MoveRefused, match="from 1 to 12"):
        with_changes(REGIMES["gdpr"], {"answer": 13})


@pytest.mark.parametrize(
    ("key", "name", "said"),
    [
        ("lgpd", "extension", "allows no extension"),
        ("gdpr", "acknowledge", "sets no time to confirm"),
        ("gdpr", "appeal", "gives no appeal"),
        ("gdpr", "favourite colour", "no such number"),
    ],
)
def test_what_the_law_does_not_know_cannot_be_changed(key: str, name: str, said: str) -> None:
    with pytest.raises(MoveRefused, match=said):
        with_changes(REGIMES[key], {name: 10})
