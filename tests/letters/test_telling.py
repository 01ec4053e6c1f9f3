"""Letters go out as steps: drafted or as an officer wrote them, kept with the case, the keys in them nowhere."""

import re
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance import inventory, letters
from compliance.errors import MoveRefused
from compliance.requests import clock_moves, handling, moves, queueing, steps
from compliance.requests.casework import RequestLetter
from compliance.requests.kinds import Kind, Proof, State
from compliance.requests.models import PrivacyRequest, Step
from compliance.requests.moves import Actor, Who, Written
from compliance.requests.opening import Asked, open_request, open_unproved
from imgpilot.accounts.models import Account
from imgpilot.disclosures import Disclosure
from imgpilot.mail import Mailer, MailRefused
from imgpilot.parts import Parts
from imgpilot.purposes import RIGHTS
from imgpilot.sandbox.mail.message import Mail
from imgpilot.sandbox.server import Sandbox
from tests.conftest import Clock
from tests.letters.conftest import Written as WriteDown

OFFICER = Actor(Who.OFFICER, 7)


def run(parts: Parts, request_id: UUID, name: str) -> Step:
    """Run a step of a request by its name; the step as it is then."""
    with parts.sessions() as session:
        step = session.scalars(select(Step).where(Step.request_id == request_id, Step.name == name)).one()
    steps.run(parts, step.id)
    with parts.sessions() as session:
        return session.get_one(Step, step.id)


def kept(session: Session, request_id: UUID) -> RequestLetter:
    """The one letter that is kept with the case."""
    session.rollback()
    return session.scalars(
        select(RequestLetter).where(RequestLetter.request_id == request_id),
        execution_options={"populate_existing": True},
    ).one()


def told(session: Session, parts: Parts, request: PrivacyRequest, kind: str) -> Step:
    """Set a letter going and run its step."""
    name = queueing.tell(session, request, kind).name
    session.commit()
    return run(parts, request.id, name)


def sent(sandbox: Sandbox) -> Mail:
    """The one mail that went out."""
    (mail,) = sandbox.mail
    return mail


def everything(session: Session) -> str:
    """All that the database holds."""
    session.rollback()
    return "\n".join(repr(session.execute(select(table)).all()) for table in inventory.tables())


def test_receipt_is_confirmed_and_what_was_sent_is_kept(
    session: Session, parts: Parts, clock: Clock, sandbox: Sandbox, account: Account
) -> None:
    asked = Asked(country="DE", zone="Europe/Berlin")
    request = open_request(session, parts.settings, account, Kind.ACCESS, "gdpr", clock(), asked=asked)
    session.commit()
    done = run(parts, request.id, "tell acknowledgement")
    assert done.state == "done"
    mail, letter = sent(sandbox), kept(session, request.id)
    assert mail.recipients == ("ana@example.com",)
    assert mail.subject == letter.subject == f"We have your request {request.case}"
    assert letter.body
    assert letter.body in mail.text
    assert "www.bfdi.bund.de" in mail.text
    assert "www.bfdi.bund.de" not in letter.body, "the rights are written anew each time"
    assert (letter.step, letter.kind, letter.written_by) == ("tell acknowledgement", "acknowledgement", None)
    assert (letter.sent_at, letter.delivered) == (clock(), True)
    assert session.get_one(PrivacyRequest, request.id, populate_existing=True).acknowledged_at == clock()
    line = session.get_one(Disclosure, UUID(done.evidence["disclosure"]))
    assert (line.purpose, line.account_id) == ("rights", account.id)


def test_a_mailbox_that_refuses_for_good_holds_nothing_up_and_confirms_nothing(
    session: Session, parts: Parts, written: WriteDown, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_given: Any, **_more: Any) -> None:
        raise MailRefused("no such mailbox")

    monkeypatch.setattr(Mailer, "send", refuse)
    request = written()
    done = told(session, parts, request, "acknowledgement")
    assert (done.state, done.evidence) == ("done", {"delivered": False})
    assert kept(session, request.id).delivered is False
    assert session.get_one(PrivacyRequest, request.id, populate_existing=True).acknowledged_at is None


def test_what_an_officer_wrote_goes_out_with_the_rights_under_it(
    session: Session, parts: Parts, clock: Clock, sandbox: Sandbox, written: WriteDown
) -> None:
    request = written()
    words = Written("It takes\nlonger", "Dear <Ana>,\n\nit takes longer:\n- 41,000 pictures\n- and a holiday")
    clock_moves.extend(session, request.id, "There are 41,000 pictures.", OFFICER, clock(), words)
    session.commit()
    run(parts, request.id, "tell extension")
    mail, letter = sent(sandbox), kept(session, request.id)
    assert mail.subject == "It takes longer"
    assert "Dear <Ana>,\n\nit takes longer:\n\n– 41,000 pictures\n– and a holiday" in mail.text
    assert "Dear &lt;Ana&gt;," in mail.html
    assert "www.bfdi.bund.de" in mail.text
    assert (letter.written_by, letter.sent_at) == (7, clock())
    assert letter.body == words.body


def test_a_draft_given_to_a_move_is_what_goes_out(
    session: Session, parts: Parts, clock: Clock, sandbox: Sandbox, written: WriteDown
) -> None:
    request = written()
    words = letters.worded(session, request, "extension", clock(), reason="There are 41,000 pictures.")
    clock_moves.extend(session, request.id, "There are 41,000 pictures.", OFFICER, clock(), words)
    session.commit()
    due = session.get_one(PrivacyRequest, request.id, populate_existing=True).due_on
    run(parts, request.id, "tell extension")
    assert "There are 41,000 pictures." in sent(sandbox).text
    assert f"{due.day} February 2027 at the latest" in sent(sandbox).text


def test_a_letter_without_its_reason_is_not_sent_until_somebody_wrote_it(
    session: Session, parts: Parts, clock: Clock, sandbox: Sandbox, written: WriteDown
) -> None:
    request = written()
    stuck = told(session, parts, request, "extension")
    assert stuck.state == "failed"
    assert stuck.failure == "The letter does not say {reason} yet. Write it in the case, then try again."
    assert len(sandbox.mail) == 0
    with pytest.raises(MoveRefused, match="in the place of"):
        letters.edited(session, request, "tell extension", "Longer", "It takes longer: {reason}", OFFICER, clock())
    session.rollback()
    for body in ("First.", "It takes longer, because we are few."):
        letters.edited(session, request, "tell extension", "Longer", body, OFFICER, clock())
    handling.retry(session, request.id, stuck.id, OFFICER, clock())
    session.commit()
    assert run(parts, request.id, "tell extension").state == "done"
    assert "because we are few" in sent(sandbox).text
    assert kept(session, request.id).written_by == 7


def test_a_letter_that_has_gone_is_not_edited_any_more(
    session: Session, parts: Parts, clock: Clock, written: WriteDown
) -> None:
    request = written()
    told(session, parts, request, "acknowledgement")
    for name in ("tell acknowledgement", "tell hello", "count"):
        with pytest.raises(MoveRefused, match="no such letter waiting"):
            letters.edited(session, request, name, "Hello", "Hello", OFFICER, clock())
        session.rollback()


def test_the_same_letter_a_second_time_is_a_second_letter(
    session: Session, parts: Parts, sandbox: Sandbox, written: WriteDown
) -> None:
    request = written(state=State.PROVING)
    for _time in range(2):
        name = queueing.tell(session, request, "more").name
        letters.edited(session, request, name, "More", f"For {name}.", OFFICER, parts.clock())
        session.commit()
        assert run(parts, request.id, name).state == "done"
    assert [mail.text.splitlines()[0] for mail in sandbox.mail] == ["For tell more 2.", "For tell more."]


@pytest.mark.parametrize("kind", ["confirm", "more"])
def test_the_link_that_proves_an_address_is_in_the_mail_and_not_in_the_database(
    session: Session, parts: Parts, clock: Clock, sandbox: Sandbox, account: Account, kind: str
) -> None:
    request = open_unproved(
        session, parts.settings, "ana@example.com", Kind.ACCESS, "gdpr", clock(), moves.PERSON, Asked(country="DE")
    )
    if kind == "more":
        name = queueing.tell(session, request, "more").name
        letters.edited(session, request, name, "More", "Show it.\n\n[link]\n\nThank you.", OFFICER, clock())
    session.commit()
    run(parts, request.id, f"tell {kind}")
    mail, letter = sent(sandbox), kept(session, request.id)
    (token,) = re.findall(r"/privacy/confirm/([A-Za-z0-9_-]{40,})", mail.text)
    assert f'/privacy/confirm/{token}"' in mail.html
    assert token not in everything(session)
    assert letter.body
    assert "[link]" in letter.body
    assert "[link]" not in mail.text
    assert "[link]" not in mail.html


def test_who_has_proved_it_meanwhile_is_not_asked_any_more(
    session: Session, parts: Parts, sandbox: Sandbox, written: WriteDown
) -> None:
    done = told(session, parts, written(), "confirm")
    assert (done.state, done.evidence) == ("done", {"sent": False, "because": "proved already"})
    assert len(sandbox.mail) == 0


def test_a_changed_address_is_announced_to_the_present_one_and_confirmed_to_the_new(
    session: Session, parts: Parts, sandbox: Sandbox, written: WriteDown
) -> None:
    request = written(kind=Kind.CORRECTION, about="email", proposed="anna@example.com")
    told(session, parts, request, "changing")
    request.contact = "anna@example.com"
    told(session, parts, request, "corrected")
    after, before = sandbox.mail
    assert (before.recipients, after.recipients) == (("ana@example.com",), ("anna@example.com",))
    assert "become anna@example.com" in before.text
    assert "is anna@example.com now" in after.text


def test_the_last_letter_of_a_deletion_brings_the_certificate(
    session: Session, parts: Parts, sandbox: Sandbox, written: WriteDown
) -> None:
    request = written(kind=Kind.DELETION, account_id=None, state=State.RUNNING)
    key = f"requests/{request.id}/certificate.pdf"
    parts.storage.put(key, [b"%PDF certificate"], "application/pdf", subject=None, purpose=RIGHTS)
    told(session, parts, request, "erased")
    (attached,) = sent(sandbox).attachments
    assert (attached.name, attached.content) == (f"{request.case}-certificate.pdf", b"%PDF certificate")


def test_without_an_address_there_is_nowhere_to_write_to(session: Session, parts: Parts, written: WriteDown) -> None:
    stuck = told(session, parts, written(contact=None, account_id=None, proof=Proof.NONE), "refusal")
    assert (stuck.state, stuck.failure) == ("failed", "There is no contact address to send the letter to.")


def test_a_letter_is_written_in_the_persons_language(
    session: Session, parts: Parts, sandbox: Sandbox, written: WriteDown
) -> None:
    told(session, parts, written(language="zh_Hans"), "acknowledgement")
    assert ("Content-Language", "zh-Hans") in sent(sandbox).headers
    assert kept(session, session.scalars(select(PrivacyRequest.id)).one()).language == "zh_Hans"
