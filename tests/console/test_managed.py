"""What officers set up: the texts of letters, the numbers of the laws, the agents, and who may do what."""

from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import config
from compliance import letters, regime_changes
from compliance.console.rights import WORDS
from compliance.console.roles import who_may
from compliance.errors import AlreadyDecided, MoveRefused
from compliance.managed import AuthorisedAgent, RegimeChange
from compliance.requests import laws
from compliance.requests.models import PrivacyRequest
from compliance.requests.regimes import REGIMES
from imgpilot.parts import Parts
from tests.accounts.browser import Browser
from tests.conftest import Clock
from tests.console.conftest import FORM, Enter
from tests.console.test_person import entries
from tests.portal.test_centre import text_of

WHY = "The regulator shortened its guideline to twenty days."


@pytest.mark.parametrize("path", ["letters", "laws", "agents", "team", "letters/refusal/en", "laws/gdpr"])
@pytest.mark.parametrize("role", ["Privacy Officer", "Auditor"])
def test_everybody_can_read_what_is_set_up(signed_in: Enter, path: str, role: str) -> None:
    assert signed_in(role).get(f"/setup/{path}" + ("" if "/" in path else "/")).status_code == 200


def test_a_text_is_looked_at_kept_and_taken_back(session: Session, officer: Browser, staff: dict[str, int]) -> None:
    at = "/setup/letters/refusal/en"
    subject, body = letters.ours("refusal", "en")
    longer = {"subject": subject, "body": body + "\n\nWe are sorry, {case}."}
    looked = officer.post(f"{at}/change", longer | {"do": "look"}, on=at)
    assert "We are sorry, IP-2026-0412." in text_of(looked.text)
    assert letters.history(session, "refusal", "en") == []
    assert officer.post(f"{at}/change", longer | {"do": "keep"}, on=at).status_code == 302
    session.rollback()
    assert letters.text_of(session, "refusal", "en")[1].endswith("We are sorry, {case}.")
    assert letters.history(session, "refusal", "en")[0].by == staff["Privacy Officer"]
    assert "Changed" in text_of(officer.get("/setup/letters/").text)
    assert officer.post(f"{at}/change", {"do": "ours"}, on=at).status_code == 302
    session.rollback()
    assert letters.text_of(session, "refusal", "en") == (subject, body)
    assert len(letters.history(session, "refusal", "en")) == 2
    assert len(entries(session, "letter text changed")) == 2


def test_every_letter_is_shown_filled_with_invented_values(session: Session, parts: Parts) -> None:
    """With none left open, in every language; and nobody is invented in the database."""
    for kind in letters.TEXTS:
        for code in config.LANGUAGES:
            made = letters.sample(session, parts.settings, kind, code, *letters.ours(kind, code))
            assert not made.missing, (kind, code)
            assert "{" not in made.text(), (kind, code)
    assert session.scalars(select(PrivacyRequest)).all() == []


def test_a_text_with_a_placeholder_that_nobody_knows_is_not_kept(session: Session, officer: Browser) -> None:
    at = "/setup/letters/refusal/en"
    answer = officer.post(f"{at}/change", {"subject": "No", "body": "{password}", "do": "keep"}, on=at)
    assert (answer.status_code, "Nobody knows what {password} is" in text_of(answer.text)) == (409, True)
    assert letters.history(session, "refusal", "en") == []


@pytest.mark.parametrize("path", ["letters/nothing/en", "letters/refusal/tlh", "laws/mars"])
def test_what_is_not_there_is_not_found(officer: Browser, path: str) -> None:
    assert officer.get(f"/setup/{path}").status_code == 404


def test_a_number_counts_once_somebody_else_agreed(
    session: Session, officer: Browser, signed_in: Enter, staff: dict[str, int]
) -> None:
    at, law = "/setup/laws/gdpr", REGIMES["gdpr"]
    days = str(law.answer.count + 1)
    assert officer.post(f"{at}/propose", {"answer": days, "reason": WHY}, on=at).status_code == 302
    session.rollback()
    change = session.scalars(select(RegimeChange)).one()
    assert laws.in_force(session, "gdpr") == law
    assert "A change waits" in text_of(officer.get("/setup/laws/").text)
    assert f"/agree/{change.id}" not in officer.get(at).text
    officer.send(f"{at}/agree/{change.id}", {"csrf_token": officer.csrf(FORM)})
    assert "You proposed this yourself." in text_of(officer.get(at).text)
    session.rollback()
    assert laws.in_force(session, "gdpr") == law
    approver = signed_in("Approver")
    assert f"/agree/{change.id}" in approver.get(at).text
    assert approver.post(f"{at}/agree/{change.id}", on=at).status_code == 302
    session.expire_all()
    assert laws.in_force(session, "gdpr").answer.count == law.answer.count + 1
    assert session.get_one(RegimeChange, change.id).approved_by == staff["Approver"]
    assert [one.facts["regime"] for one in entries(session, "regime changed")] == ["gdpr"]


@pytest.mark.parametrize(
    ("numbers", "reason"),
    [
        ({"answer": "900"}, WHY),
        ({"answer": "soon"}, WHY),
        ({"answer": "2"}, "Short."),
        ({}, WHY),
        ({"appeal": "9"}, WHY),
    ],
)
def test_a_number_that_cannot_be_is_not_proposed(
    session: Session, officer: Browser, numbers: dict[str, str], reason: str
) -> None:
    at = "/setup/laws/gdpr"
    answer = officer.post(f"{at}/propose", numbers | {"reason": reason}, on=at)
    assert (answer.status_code, "This was not proposed" in text_of(answer.text)) == (409, True)
    assert session.scalars(select(RegimeChange)).all() == []


def test_a_newer_proposal_replaces_one_that_waits(session: Session, parts: Parts, clock: Clock) -> None:
    first = regime_changes.propose(session, "gdpr", {"answer": 2}, WHY, 1, clock())
    second = regime_changes.propose(session, "gdpr", {"answer": 3}, WHY, 2, clock())
    with pytest.raises(MoveRefused, match="newer"):
        regime_changes.approve(session, first.id, 3, clock())
    regime_changes.approve(session, second.id, 3, clock())
    with pytest.raises(AlreadyDecided):
        regime_changes.approve(session, second.id, 1, clock())
    assert laws.in_force(session, "gdpr").answer.count == 3
    back = regime_changes.propose(session, "gdpr", {"answer": REGIMES["gdpr"].answer.count}, WHY, 1, clock())
    assert back.changes == {}
    regime_changes.approve(session, back.id, 2, clock())
    assert laws.in_force(session, "gdpr") == REGIMES["gdpr"]
    with pytest.raises(MoveRefused, match="no such proposal"):
        regime_changes.approve(session, UUID(int=1), 2, clock())


def test_a_proposal_is_withdrawn_by_whoever_made_it_and_declined_by_somebody_else(
    session: Session, officer: Browser, signed_in: Enter, staff: dict[str, int], clock: Clock
) -> None:
    at, approver = "/setup/laws/gdpr", signed_in("Approver")
    days = str(REGIMES["gdpr"].answer.count + 1)

    def proposed() -> UUID:
        officer.post(f"{at}/propose", {"answer": days, "reason": WHY}, on=at)
        session.rollback()
        return regime_changes.waiting(session)["gdpr"].id

    first = proposed()
    assert "/withdraw/" not in approver.get(at).text
    assert officer.post(f"{at}/withdraw/{first}", on=at).status_code == 302
    session.rollback()
    assert regime_changes.waiting(session) == {}
    assert "Withdrawn" in text_of(officer.get(at).text)
    second = proposed()
    assert "/decline/" not in officer.get(at).text
    short = approver.post(f"{at}/decline/{second}", {"why": "No."}, on=at)
    assert (short.status_code, "Say why, in a sentence" in text_of(short.text)) == (409, True)
    assert approver.post(f"{at}/decline/{second}", {"why": WHY[::-1]}, on=at).status_code == 302
    page = text_of(officer.get(at).text)
    assert "Declined" in page
    assert WHY[::-1] in page
    session.rollback()
    with pytest.raises(AlreadyDecided):
        regime_changes.approve(session, second, staff["Approver"], clock())
    assert laws.in_force(session, "gdpr") == REGIMES["gdpr"]
    became = [what for _one, what in regime_changes.told(regime_changes.history(session, "gdpr"))]
    assert became == ["declined", "answered", "withdrawn", "answered"]
    assert len(entries(session, "regime change withdrawn") + entries(session, "regime change declined")) == 2


def test_turning_a_proposal_down_changes_no_number_and_each_does_it_to_what_they_may(
    session: Session, clock: Clock
) -> None:
    counts = regime_changes.propose(session, "gdpr", {"answer": 2}, WHY, 1, clock())
    regime_changes.approve(session, counts.id, 2, clock())
    waits = regime_changes.propose(session, "gdpr", {"answer": 3}, WHY, 1, clock())
    with pytest.raises(MoveRefused, match="Somebody else proposed"):
        regime_changes.withdraw(session, waits.id, 2, clock())
    with pytest.raises(MoveRefused, match="withdraw it"):
        regime_changes.decline(session, waits.id, WHY, 1, clock())
    regime_changes.decline(session, waits.id, WHY, 2, clock())
    assert laws.in_force(session, "gdpr").answer.count == 2
    again = regime_changes.propose(session, "gdpr", {"answer": 3}, WHY, 1, clock())
    regime_changes.approve(session, again.id, 2, clock())
    assert laws.in_force(session, "gdpr").answer.count == 3


def test_an_agent_is_added_disabled_and_let_in_again(session: Session, officer: Browser) -> None:
    at = "/setup/agents/"
    added = {"do": "add", "name": "Permission Slip", "agent_key": "slip"}
    assert officer.post(f"{at}change", added, on=at).status_code == 302
    assert "Permission Slip" in text_of(officer.get(at).text)
    twice = officer.post(f"{at}change", added, on=at)
    assert (twice.status_code, "There is an agent with this id already." in text_of(twice.text)) == (422, True)
    for deed, active in (("disable", False), ("enable", True)):
        assert officer.post(f"{at}change", {"do": deed, "agent_key": "slip"}, on=at).status_code == 302
        session.rollback()
        found = session.scalars(select(AuthorisedAgent).where(AuthorisedAgent.agent_key == "slip")).one()
        assert found.active is active
    assert len(entries(session, "agent changed")) == 2


def test_who_may_not_change_is_shown_no_form(signed_in: Enter) -> None:
    browser = signed_in("Privacy Agent")
    for path in ("letters/refusal/en", "laws/gdpr", "agents/"):
        page = browser.get(f"/setup/{path}").text
        assert "/change" not in page
        assert "/propose" not in page


def test_the_roles_are_told_in_words_that_are_rights(signed_in: Enter) -> None:
    assert all(who_may(view, name) is not None for view, name, _words in WORDS)
    page = text_of(signed_in("Auditor").get("/setup/team/").text)
    assert "Agree to what an officer proposed" in page
    assert "Privacy Officer" in page
