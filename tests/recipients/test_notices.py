"""Whoever received data is told of its erasure, correction and restriction, without a word about whom (GDPR 19)."""

import json
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance import processors
from compliance.processors.received import MOST, received
from compliance.requests import handling, notifying
from compliance.requests.casework import IdentityCheck
from compliance.requests.kinds import Kind
from compliance.requests.models import Step
from compliance.requests.opening import Asked as Said
from compliance.requests.opening import open_request
from imgpilot.accounts.models import Account
from imgpilot.disclosures import Disclosure
from imgpilot.mail import Mailer, MailNotSent, MailRefused
from imgpilot.parts import Parts
from imgpilot.processors import PROCESSORS
from imgpilot.sandbox.mail.message import Mail
from imgpilot.sandbox.server import Sandbox
from tests.conftest import Clock
from tests.recipients.conftest import Sent
from tests.requests import ending
from tests.requests.conftest import OFFICER, Asked, approve, look, step, work_off
from tests.requests.dying import MAILS, killed_in
from tests.world import Somebody

pytestmark = pytest.mark.usefixtures("plain_documents")

OPENAI, POSTMASTER, SANDBOX = "privacy@openai.com", "postmaster@localhost", "privacy@sandbox.test"


def one_mail(sandbox: Sandbox, to: str) -> Mail:
    [mail] = sandbox.mail.to(to)
    return mail


def attached(mail: Mail) -> dict[str, object]:
    [attachment] = mail.attachments
    said: dict[str, object] = json.loads(attachment.content)
    return said


def test_every_processor_of_the_register_has_an_adapter() -> None:
    assert set(processors.ADAPTERS) == set(PROCESSORS)


def test_each_company_is_told_of_an_erasure_and_finds_the_calls_but_no_person(
    session: Session, parts: Parts, sandbox: Sandbox, ana: Somebody, approved: Asked, sent: Sent
) -> None:
    sent("openai", 3)
    sent("sandbox")
    sent("cloudflare")
    lines = received(session, ana.account.id)["openai"]["lines"]
    request_id = approved(Kind.DELETION)
    work_off(parts)
    request = ending.is_answered(session, parts, request_id)
    ending.is_erased(session, parts, request_id, ana)

    mail = one_mail(sandbox, OPENAI)
    assert mail.subject == f"Erasure of personal data: notice {request.case}/openai"
    said = attached(mail)
    assert (said["what"], said["calls"], said["lines"]) == ("deletion", 3, lines)
    assert set(lines[0]) == {"id", "at", "purpose", "categories", "digest"}
    assert "Please do this by 2026-12-23" in mail.text
    assert "hi@imgpilot.app" in mail.text
    assert one_mail(sandbox, SANDBOX)
    assert one_mail(sandbox, POSTMASTER), "the mail server keeps her address in its delivery log"
    for each in (mail, one_mail(sandbox, POSTMASTER)):
        everything = each.text + each.html + json.dumps(attached(each))
        for hers in ("ana@", "ANA", str(ana.account.id), ana.account.email, request.subject):
            assert hers not in everything

    told = {
        each["processor"]: each["notice"]
        for each in step(session, request_id, "note recipients").evidence["recipients"]
    }
    assert told == {"cloudflare": "removed", "mail": "due", "openai": "due", "sandbox": "due"}
    proof = step(session, request_id, "notify openai").evidence
    assert (proof["sent_to"], proof["calls"], proof["answer"]) == (OPENAI, 3, "no answer is needed")


def test_each_notice_is_a_line_of_the_disclosure_log(
    session: Session, parts: Parts, ana: Somebody, approved: Asked, sent: Sent
) -> None:
    sent("openai")
    request_id = approved(Kind.DELETION)
    work_off(parts)
    line = step(session, request_id, "notify openai").evidence["disclosure"]
    logged = session.scalars(select(Disclosure).where(Disclosure.id == line)).one()
    assert (logged.processor, logged.purpose, logged.status, logged.account_id) == ("mail", "rights", 250, None)


def test_the_certificate_and_the_last_letter_wait_for_the_notices(
    session: Session, parts: Parts, clock: Clock, ana: Somebody, approved: Asked, sent: Sent
) -> None:
    sent("openai")
    request_id = approved(Kind.DELETION)
    work_off(parts, until="notify openai")
    works = parts.mailer
    parts.mailer = _Says(parts, MailNotSent)
    work_off(parts)
    assert step(session, request_id, "certify").state == "waiting"
    assert step(session, request_id, "look again").state == "done", "a company that cannot be told holds up no work"
    parts.mailer = works
    clock.tick(minutes=1)
    work_off(parts)
    ending.is_answered(session, parts, request_id)


class _Says(Mailer):
    """A mail server that answers notices so."""

    def __init__(self, parts: Parts, error: type[MailNotSent]) -> None:
        super().__init__(parts.settings, parts.gateway)
        self.error = error

    def send(self, to: str, *given: object, **more: object) -> object:  # type: ignore[override]
        if to.endswith("@example.com"):
            return super().send(to, *given, **more)  # type: ignore[arg-type]
        raise self.error("the mail server says no")


def test_a_notice_that_is_refused_for_good_is_shown_to_an_officer_who_may_leave_it_out(
    session: Session, parts: Parts, ana: Somebody, approved: Asked, sent: Sent
) -> None:
    sent("openai")
    request_id = approved(Kind.DELETION)
    work_off(parts, until="note recipients")
    parts.mailer = _Says(parts, MailRefused)
    work_off(parts)
    failed = step(session, request_id, "notify openai")
    assert failed.state == "failed"
    assert OPENAI in (failed.failure or "")
    assert "leave this step out" in (failed.failure or "")
    for name in ("notify openai", "notify mail"):
        handling.skip(
            session,
            request_id,
            step(session, request_id, name).id,
            "another way",
            "They were told by telephone.",
            OFFICER,
            parts.clock(),
        )
        session.commit()
    parts.mailer = Mailer(parts.settings, parts.gateway)
    work_off(parts)
    assert look(session, request_id).state == "answered"
    ending.is_erased(session, parts, request_id, ana)
    [openai] = [each for each in notifying.told(session, request_id) if each.company == "OpenAI"]
    assert "could not be" in openai.what


def test_a_company_that_left_the_register_is_named_and_left_to_the_officer(
    session: Session, parts: Parts, ana: Somebody, approved: Asked, sent: Sent
) -> None:
    sent("oldvendor", 2)
    request_id = approved(Kind.DELETION)
    work_off(parts)
    listed = step(session, request_id, "note recipients").evidence["recipients"]
    assert {"processor": "oldvendor", "times": 2, "keeps": "", "notice": "due"} in listed
    failed = step(session, request_id, "notify oldvendor")
    assert (failed.state, failed.attempts) == ("failed", 1), "trying again would not help"
    assert "not in the register any more" in (failed.failure or "")
    handling.skip(session, request_id, failed.id, "impossible", "It does not exist any more.", OFFICER, parts.clock())
    session.commit()
    work_off(parts)
    assert look(session, request_id).state == "answered"


@pytest.mark.parametrize("seam", sorted(MAILS))
def test_a_worker_killed_at_a_notice_sends_it_once_or_twice_under_one_number_never_not_at_all(
    session: Session,
    parts: Parts,
    clock: Clock,
    sandbox: Sandbox,
    ana: Somebody,
    approved: Asked,
    sent: Sent,
    seam: str,
) -> None:
    sent("openai")
    request_id = approved(Kind.DELETION)
    work_off(parts, until="notify openai")
    killed_in(parts, step(session, request_id, "notify openai").id, MAILS[seam])
    clock.tick(minutes=3)
    work_off(parts)
    ending.is_answered(session, parts, request_id)
    mails = sandbox.mail.to(OPENAI)
    assert len(mails) == 1 + (seam == "after the mail, before the commit")
    assert len({mail.subject for mail in mails}) == 1
    assert "Should this come twice, it is one notice" in mails[0].text


def test_what_is_listed_is_bounded_and_the_whole_number_is_told(
    session: Session, parts: Parts, sandbox: Sandbox, ana: Somebody, approved: Asked, sent: Sent
) -> None:
    sent("openai", MOST + 5)
    approved(Kind.DELETION)
    work_off(parts)
    mail = one_mail(sandbox, OPENAI)
    assert f"Calls concerned: {MOST + 5}, from " in mail.text
    assert f"lists the newest {MOST}" in mail.text
    said = attached(mail)
    assert isinstance(said["lines"], list)
    assert len(said["lines"]) == MOST


def test_a_restriction_is_told_to_those_who_do_more_than_store(
    session: Session, parts: Parts, sandbox: Sandbox, ana: Somebody, sent: Sent
) -> None:
    sent("openai")
    sent("cloudflare")
    request_id = _asked(session, parts, ana, Kind.RESTRICTION, Said(about="accuracy"))
    mail = one_mail(sandbox, OPENAI)
    assert mail.subject.startswith("Restriction of personal data")
    assert "do nothing else with it" in mail.text
    told = {each.company: each.what for each in notifying.told(session, request_id)}
    assert told["OpenAI"] == "told"
    assert "only stores" in told["Cloudflare"]
    line = step(session, request_id, "notify openai").evidence["disclosure"]
    logged = session.scalars(select(Disclosure).where(Disclosure.id == line)).one()
    assert logged.account_id == ana.account.id, "she sees in her own log that they were told"


def test_a_correction_is_told_to_those_who_got_the_fact_by_its_kind_and_never_by_its_value(
    session: Session, parts: Parts, sandbox: Sandbox, ana: Somebody, sent: Sent
) -> None:
    sent("openai")
    said = Said(about="email", proposed="ana.new@example.com")
    _asked(session, parts, ana, Kind.CORRECTION, said, proved=True)
    assert sandbox.mail.to(OPENAI) == [], "it never had her address"
    mail = one_mail(sandbox, POSTMASTER)
    assert "Kind of fact: user.contact.email." in mail.text
    everything = mail.text + mail.html + json.dumps(attached(mail))
    assert "ana@example.com" not in everything
    assert "ana.new@example.com" not in everything


def test_a_statement_that_completes_data_is_told_as_what_it_is(
    session: Session, parts: Parts, sandbox: Sandbox, ana: Somebody, sent: Sent
) -> None:
    sent("openai")
    _asked(session, parts, ana, Kind.CORRECTION, Said(about="other", details="ANA never drew a shore."))
    mail = one_mail(sandbox, OPENAI)
    assert "added a statement" in mail.text
    assert "ANA" not in mail.text + mail.html


def _asked(session: Session, parts: Parts, ana: Somebody, kind: Kind, said: Said, *, proved: bool = False) -> UUID:
    """Ask as Ana, have it approved and carried out; the request's id."""
    account = session.get_one(Account, ana.account.id)
    made = open_request(session, parts.settings, account, kind, "gdpr", parts.clock(), asked=said)
    if proved:
        now = parts.clock()
        session.add(IdentityCheck(request_id=made.id, method="new address", asked_at=now, passed_at=now))
    session.commit()
    work_off(parts)
    approve(session, parts, made.id)
    work_off(parts)
    left = session.scalars(select(Step).where(Step.request_id == made.id, Step.state.not_in(("done", "skipped"))))
    assert [(each.name, each.state, each.failure) for each in left] == []
    return made.id
