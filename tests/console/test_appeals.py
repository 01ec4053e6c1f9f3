"""Appeals in the console: found without their prompts, read with a trace, decided once, told by mail."""

from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from compliance.portal.seen import looks
from imgpilot.accounts.models import Account
from imgpilot.mail import Mailer
from imgpilot.parts import Parts
from imgpilot.safety import refused, rules
from imgpilot.safety.models import PromptRefusal
from imgpilot.safety.screen import NotMade, screen
from imgpilot.sandbox.server import Sandbox
from tests.accounts.browser import Browser
from tests.console.conftest import FORM, Enter
from tests.console.test_person import entries
from tests.portal.test_centre import text_of
from tests.world import Somebody

PROMPT = "a naked baby robot of brass"
WHY = "It is a robot of brass."
ANSWER = "You are right: it is a robot."


@pytest.fixture
def appeal(session: Session, parts: Parts, ana: Somebody) -> UUID:
    """An appeal of Ana's that waits."""
    row = refused.note(session, ana.account.id, PROMPT, rules.MINORS, parts.clock())
    refused.appeal(session, parts.settings, ana.account.id, row.id, WHY, parts.clock())
    session.commit()
    return row.id


def decide(browser: Browser, appeal: UUID, decision: str = "lifted", answer: str = ANSWER) -> tuple[int, str]:
    """Send the form; the status, and what the next page says."""
    sent = browser.post(f"/appeals/{appeal}/decide", {"decision": decision, "answer": answer}, on=FORM)
    shown = browser.get("/appeals/") if sent.status_code == 302 else sent
    return sent.status_code, text_of(shown.text)


def test_the_queue_shows_that_an_appeal_waits_and_not_what_it_says(officer: Browser, appeal: UUID) -> None:
    listed = officer.get("/appeals/").text
    assert str(appeal) in listed
    assert PROMPT not in listed
    assert WHY not in listed
    assert "ana@example.com" not in listed


def test_reading_a_prompt_is_written_down_and_its_writer_can_see_that(
    session: Session, parts: Parts, ana: Somebody, officer: Browser, appeal: UUID
) -> None:
    shown = text_of(officer.get(f"/appeals/{appeal}").text)
    assert PROMPT in shown
    assert WHY in shown
    written = entries(session, "staff read refused prompt")
    assert len(written) == 1
    assert written[0].subject is not None
    assert written[0].facts == {}
    (look,) = looks(session, parts.settings, session.get_one(Account, ana.account.id), None, 10)
    assert (look.who, look.did) == ("A privacy officer", "read a refused prompt that you appealed for")


def test_a_prompt_that_nobody_appealed_for_is_read_by_nobody(
    session: Session, parts: Parts, ana: Somebody, officer: Browser
) -> None:
    row = refused.note(session, ana.account.id, PROMPT, rules.MINORS, parts.clock())
    session.commit()
    assert officer.get(f"/appeals/{row.id}").status_code == 404
    assert str(row.id) not in officer.get("/appeals/").text


def test_a_lifted_refusal_lets_this_account_send_this_very_prompt(
    session: Session, parts: Parts, sandbox: Sandbox, ana: Somebody, officer: Browser, appeal: UUID
) -> None:
    assert decide(officer, appeal)[0] == 302
    session.rollback()
    row = session.get_one(PromptRefusal, appeal)
    assert (row.decision, row.answer, row.decided_at) == ("lifted", ANSWER, parts.clock())
    assert len(entries(session, "prompt refusal lifted")) == 1
    screen(session, ana.account.id, PROMPT)
    with pytest.raises(NotMade):
        screen(session, ana.account.id, PROMPT + " again")
    mail = sandbox.mail.to("ana@example.com")[0]
    assert f"/refusals/{appeal}" in mail.text
    assert PROMPT not in mail.text + mail.html
    assert ANSWER not in mail.text + mail.html


def test_an_upheld_refusal_stays(session: Session, ana: Somebody, officer: Browser, appeal: UUID) -> None:
    assert decide(officer, appeal, "upheld")[0] == 302
    session.rollback()
    with pytest.raises(NotMade):
        screen(session, ana.account.id, PROMPT)
    assert len(entries(session, "prompt refusal upheld")) == 1


def test_deciding_twice_changes_nothing(session: Session, officer: Browser, appeal: UUID) -> None:
    assert decide(officer, appeal)[0] == 302
    assert decide(officer, appeal)[0] == 302
    status, said = decide(officer, appeal, "upheld", "No.")
    assert status == 409
    assert "decided already" in said
    session.rollback()
    assert session.get_one(PromptRefusal, appeal).decision == "lifted"
    assert len(entries(session, "prompt refusal lifted")) == 1
    assert entries(session, "prompt refusal upheld") == []


@pytest.mark.parametrize(
    ("decision", "answer", "says"),
    [("", ANSWER, "Choose one"), ("lifted", "  ", "Write the answer"), ("lifted", "x" * 2001, "2001 characters")],
)
def test_a_decision_needs_one_of_two_and_an_answer(
    session: Session, officer: Browser, appeal: UUID, decision: str, answer: str, says: str
) -> None:
    status, said = decide(officer, appeal, decision, answer)
    assert status == 409
    assert says in said
    session.rollback()
    assert session.get_one(PromptRefusal, appeal).decided_at is None


def test_a_mail_that_was_not_taken_is_sent_again_by_hand(
    sandbox: Sandbox, officer: Browser, appeal: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_given: object) -> None:
        raise OSError

    with monkeypatch.context() as broken:
        broken.setattr(Mailer, "_hand_over", away)
        assert "did not take the mail" in decide(officer, appeal)[1]
    assert sandbox.mail.to("ana@example.com") == []
    officer.post(f"/appeals/{appeal}/tell", {}, on=FORM)
    assert len(sandbox.mail.to("ana@example.com")) == 1


def test_who_is_restricted_or_frozen_is_left_alone(
    session: Session, parts: Parts, ana: Somebody, officer: Browser, appeal: UUID
) -> None:
    session.get_one(Account, ana.account.id).restricted_at = parts.clock()
    session.commit()
    assert str(appeal) not in officer.get("/appeals/").text
    assert officer.get(f"/appeals/{appeal}").status_code == 404
    assert decide(officer, appeal)[0] == 404


@pytest.mark.parametrize(
    ("role", "reads", "decides"),
    [
        ("Privacy Agent", True, True),
        ("Auditor", True, False),
        ("Approver", False, False),
    ],
)
def test_who_reads_and_who_decides(
    session: Session, signed_in: Enter, appeal: UUID, role: str, reads: bool, decides: bool
) -> None:
    browser = signed_in(role)
    assert (browser.get(f"/appeals/{appeal}").status_code == 200) is reads
    browser.post(f"/appeals/{appeal}/decide", {"decision": "lifted", "answer": ANSWER}, on=FORM)
    session.rollback()
    assert (session.get_one(PromptRefusal, appeal).decided_at is not None) is decides
