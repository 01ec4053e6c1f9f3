"""The case: read, decided by what was shown, and everything of it written down."""

import re
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from compliance.audit.models import Entry
from compliance.requests.casework import Comment
from compliance.requests.kinds import Kind, Proof
from compliance.requests.models import Download, Happening, Plan, PrivacyRequest, Step
from compliance.requests.moves import Move
from imgpilot.accounts.models import Acknowledgement
from imgpilot.parts import Parts
from tests.accounts.browser import Browser
from tests.conftest import Clock
from tests.console.conftest import FORM, Enter, statements
from tests.portal.test_centre import text_of
from tests.requests.conftest import look, step, work_off
from tests.world import Somebody

REASON = "A court has ordered us to keep this account as it is."


def digest_on(browser: Browser, case: UUID) -> str:
    """The digest of the plan that this page approves."""
    page = browser.get(f"/requests/{case}/decide/approve").text
    found = re.search(r'name="digest" value="([0-9a-f]{64})"', page)
    assert found, text_of(page)
    return found[1]


def do(browser: Browser, case: UUID, deed: str, **fields: str) -> str:
    """Do this in the case; what the page that follows says."""
    path = f"/requests/{case}/{deed}"
    answer = browser.send(path, {"csrf_token": browser.csrf(FORM), "do": "act"} | fields)
    if answer.status_code == 302:
        assert answer.location.partition("#")[0] == f"/requests/{case}", answer.location
        return text_of(browser.get(answer.location).text)
    assert answer.status_code in (200, 409), answer.status_code
    return text_of(answer.text)


def written(browser: Browser, case: UUID, deed: str, **fields: str) -> dict[str, str]:
    """Fill in the form, go on to its letter, and take the letter as it is drafted."""
    page = browser.send(f"/requests/{case}/{deed}", {"csrf_token": browser.csrf(FORM), "do": "write"} | fields)
    assert page.status_code == 200, page.status_code
    subject = re.search(r'name="subject" type="text" value="([^"]*)"', page.text)
    body = re.search(r'name="body".*?>(.*?)</textarea>', page.text, re.DOTALL)
    assert subject, text_of(page.text)
    assert body
    return {"subject": text_of(subject[1]), "body": body[1]}


def log(session: Session) -> list[str]:
    """What was done, without signing in and looking."""
    session.rollback()
    seen = session.scalars(select(Entry).order_by(Entry.seq))
    return [e.action for e in seen if "signed" not in e.action and e.action != "staff read case"]


def entries(session: Session, action: str) -> list[Entry]:
    """The entries of this action, oldest first."""
    session.rollback()
    return list(session.scalars(select(Entry).where(Entry.action == action).order_by(Entry.seq)))


def not_signed_in(session: Session, case: UUID) -> None:
    """As if the person had asked by a link to their address: a second officer has to agree."""
    session.execute(update(PrivacyRequest).where(PrivacyRequest.id == case).values(proof=Proof.ADDRESS))
    session.commit()


def test_p18_looking_at_a_case_is_written_down(session: Session, officer: Browser, ana: Somebody, case: UUID) -> None:
    assert not entries(session, "staff read case")
    page = text_of(officer.get(f"/requests/{case}").text)
    (entry,) = entries(session, "staff read case")
    assert entry.facts == {"case": "IP-2026-0002"}
    assert entry.actor.startswith("staff:")
    assert entry.subject == look(session, case).subject
    assert "Check the plan and decide by" in page


def test_p18_an_address_is_masked_until_somebody_says_why_they_need_it(
    session: Session, officer: Browser, case: UUID
) -> None:
    page = officer.get(f"/requests/{case}").text
    assert "ana@example.com" not in page
    assert "a•••@e•••.com" in page
    fields = {"csrf_token": officer.csrf(FORM)}
    officer.send(f"/requests/{case}/unmask", fields | {"reason": "curiosity"})
    assert not entries(session, "staff unmasked value")
    assert "Choose why you need to see it" in text_of(officer.get(f"/requests/{case}").text)
    shown = officer.send(f"/requests/{case}/unmask", fields | {"reason": "complaint"})
    assert "ana@example.com" in shown.text
    (entry,) = entries(session, "staff unmasked value")
    assert entry.facts == {"case": "IP-2026-0002", "reason": "complaint"}
    assert "ana@example.com" not in officer.get(f"/requests/{case}").text


def test_a_case_that_is_not_there_is_said_so(officer: Browser) -> None:
    answer = officer.get(f"/requests/{uuid4()}")
    assert answer.status_code == 404
    assert "There is no such case." in text_of(answer.text)


def test_a_deed_that_is_not_there_or_of_another_group_is_not_found(officer: Browser, case: UUID) -> None:
    for path in ("work/approve", "decide/nothing", "second/refuse"):
        assert officer.get(f"/requests/{case}/{path}").status_code == 404


def test_the_plan_that_was_shown_is_what_is_approved(session: Session, officer: Browser, case: UUID) -> None:
    digest = digest_on(officer, case)
    said = do(officer, case, "decide/approve", digest=digest)
    assert "Plan approved. It is being carried out." in said
    plan = session.scalars(select(Plan).where(Plan.request_id == case, Plan.approved_at.is_not(None))).one()
    assert look(session, case).state == "running"
    assert plan.approved_by == look(session, case).decided_by


def test_a_plan_that_changed_is_shown_with_a_sentence_and_not_approved(
    session: Session, officer: Browser, ana: Somebody, case: UUID, clock: Clock
) -> None:
    before = digest_on(officer, case)
    session.add(Acknowledgement(account_id=ana.account.id, what="x", policy_version="1", at=clock()))
    session.commit()
    said = do(officer, case, "decide/approve", digest=before)
    assert "What is held has changed since you opened this page. This is the new plan; check it." in said
    after = digest_on(officer, case)
    assert after != before
    assert look(session, case).state == "review"
    do(officer, case, "decide/approve", digest=after)
    assert look(session, case).state == "running"


@pytest.mark.parametrize("digest", ["", "0" * 64])
def test_approving_without_having_seen_the_plan_approves_nothing(
    session: Session, officer: Browser, case: UUID, digest: str
) -> None:
    do(officer, case, "decide/approve", digest=digest)
    assert look(session, case).state == "review"


def test_p18_a_deletion_that_was_not_asked_signed_in_needs_two(
    session: Session, officer: Browser, signed_in: Enter, case: UUID
) -> None:
    not_signed_in(session, case)
    page = text_of(officer.get(f"/requests/{case}").text)
    assert "somebody else then has to agree" in page
    digest = re.search(r'name="digest" value="(\w{64})"', officer.get(f"/requests/{case}/decide/propose").text)
    assert digest
    assert "Somebody else has to agree now." in do(officer, case, "decide/propose", digest=digest[1])
    assert "Somebody else must agree by" in text_of(officer.get(f"/requests/{case}").text)
    assert "You proposed this yourself." in do(officer, case, "second/confirm", digest=digest[1])
    second = signed_in("Approver")
    assert "Privacy Officer proposed it" in text_of(second.get(f"/requests/{case}").text)
    assert "Agreed. It is being carried out." in do(second, case, "second/confirm", digest=digest[1])
    assert look(session, case).state == "running"


def test_proposing_twice_is_not_agreeing(session: Session, officer: Browser, signed_in: Enter, case: UUID) -> None:
    not_signed_in(session, case)
    digest = session.scalars(select(Plan.digest).where(Plan.request_id == case)).one()
    do(officer, case, "decide/propose", digest=digest)
    said = do(signed_in("Admin"), case, "decide/propose", digest=digest)
    assert "Somebody else was just before you." in said
    assert look(session, case).state == "second"


def test_sending_back_calls_whoever_proposed_it(
    session: Session, officer: Browser, signed_in: Enter, case: UUID
) -> None:
    not_signed_in(session, case)
    do(
        officer,
        case,
        "decide/propose",
        digest=session.scalars(select(Plan.digest).where(Plan.request_id == case)).one(),
    )
    said = do(signed_in("Approver"), case, "second/send-back", reason="The invoices of this year are missing.")
    assert "The invoices of this year are missing." in said
    assert "1 colleague called" in said
    assert look(session, case).state == "review"


def test_p17_a_refusal_is_seen_as_a_letter_before_it_is_sent(session: Session, officer: Browser, case: UUID) -> None:
    fields = {"ground": "legal-duty", "reason": REASON}
    letter = written(officer, case, "decide/refuse", **fields)
    assert "court has ordered" in letter["body"]
    assert look(session, case).state == "review"
    frame = officer.send(
        f"/requests/{case}/letters/preview", {"csrf_token": officer.csrf(FORM), "letter": "refusal"} | letter
    )
    assert REASON in text_of(frame.text)
    assert "sandbox" in frame.headers["Content-Security-Policy"]
    mine = letter | {"body": letter["body"] + "\n\nWe know that this is not what you hoped for."}
    assert "The person gets your reasons" in do(officer, case, "decide/refuse", **fields, **mine)
    assert (look(session, case).state, look(session, case).refused_for) == ("refused", "legal-duty")


def test_a_letter_that_is_not_seen_is_not_sent(session: Session, officer: Browser, case: UUID) -> None:
    said = do(officer, case, "decide/refuse", ground="legal-duty", reason=REASON)
    assert "This was not done" in said
    assert look(session, case).state == "review"


@pytest.mark.parametrize("reason", ["", "no", " " * 60])
def test_refusing_needs_a_reason_and_nothing_typed_is_lost(
    session: Session, officer: Browser, case: UUID, reason: str
) -> None:
    fields = {"ground": "other", "reason": reason, "subject": "Our answer", "body": "Half a page that took an hour."}
    said = do(officer, case, "decide/refuse", **fields)
    assert "Say why, in a sentence or two" in said
    assert "Half a page that took an hour." in said
    assert look(session, case).state == "review"


def test_the_second_of_two_officers_reads_one_clear_sentence(session: Session, signed_in: Enter, case: UUID) -> None:
    first, second = signed_in("Privacy Officer"), signed_in("Admin")
    letter = written(second, case, "decide/refuse", ground="other", reason=REASON)
    do(first, case, "decide/approve", digest=digest_on(first, case))
    said = do(second, case, "decide/refuse", ground="other", reason=REASON, **letter)
    assert said.count("Somebody else was just before you.") == 1
    assert REASON in said  # what was typed is still there
    assert look(session, case).state == "running"
    assert look(session, case).refusal is None


def test_a_deletion_waits_for_the_copy_that_was_asked_for_too(
    session: Session, parts: Parts, officer: Browser, ana: Somebody, case: UUID, asked: Callable[..., UUID]
) -> None:
    copy = asked(ana.account.id, Kind.ACCESS)
    work_off(parts)
    said = do(officer, case, "decide/approve", digest=digest_on(officer, case))
    assert f"Answer {look(session, copy).case} first" in said
    assert look(session, copy).case in text_of(officer.get(f"/requests/{case}").text)


def test_a_step_that_failed_can_be_tried_again(session: Session, signed_in: Enter, case: UUID, clock: Clock) -> None:
    failed = step(session, case, "count")
    failed.state, failed.failure, failed.attempts = "failed", "The object store refused.", 6
    session.commit()
    agent = signed_in("Privacy Agent")
    page = f"/requests/{case}"
    shown = text_of(agent.get(page).text)
    assert "This step failed: Everything found and counted" in shown
    assert "The object store refused." in shown
    agent.post(f"{page}/steps/{failed.id}/retry", on=FORM)
    again = step(session, case, "count")
    assert (again.state, again.attempts, again.failure) == ("ready", 0, None)
    agent.post(f"{page}/steps/{failed.id}/retry", on=FORM)
    assert "This step is not waiting for anybody." in text_of(agent.get(page).text)
    assert log(session).count("request step retried") == 1


def test_a_notice_that_cannot_be_sent_is_left_out_with_a_reason(session: Session, officer: Browser, case: UUID) -> None:
    failed = step(session, case, "count")
    failed.name, failed.state, failed.failure = "notify mail", "failed", "Nobody answers there."
    session.commit()
    assert "leave it out" in text_of(officer.get(f"/requests/{case}").text)
    said = do(officer, case, "decide/skip", step=str(failed.id), reason="impossible", words="no")
    assert "Say why it cannot be done" in said
    why = "The company was dissolved, and Ana's uncle took over what it had."
    assert "Choose why the step is left out" in do(officer, case, "decide/skip", step=str(failed.id), words=why)
    sent = {"step": str(failed.id), "reason": "impossible", "words": why}
    assert "Left out. The rest goes on." in do(officer, case, "decide/skip", **sent)
    page = text_of(officer.get(f"/requests/{case}").text)
    assert "Left out: it cannot be done" in page
    assert why in page
    # The words are a comment, which goes with the person; the evidence stays.
    assert set(step(session, case, "notify mail").evidence) == {"skipped by", "reason"}
    assert session.scalars(select(Comment.text).where(Comment.request_id == case)).all() == [why]


def test_p18_fetching_the_certificate_is_written_down(
    session: Session, parts: Parts, officer: Browser, case: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("compliance.export.certificate.erasure_certificate", lambda **_given: b"%PDF certificate")
    path = f"/requests/{case}"
    answer = officer.get(f"{path}/certificate")
    assert answer.status_code == 404
    assert "it is not made yet" in text_of(answer.text)
    do(officer, case, "decide/approve", digest=digest_on(officer, case))
    work_off(parts)
    page = officer.get(path).text
    assert f"{path}/certificate" in page
    assert "ana@example.com" not in page
    assert "The account is gone" in text_of(page)
    answer = officer.get(f"{path}/certificate")
    assert (answer.mimetype, answer.data) == ("application/pdf", b"%PDF certificate")
    assert "no-store" in answer.headers["Cache-Control"]
    assert log(session)[-1] == "certificate downloaded"
    assert session.scalars(select(Download.actor)).all() == [f"staff:{look(session, case).decided_by}"]


STATES = (
    *("proving", "received", "review", "second", "cooling", "running"),
    *("answered", "refused", "withdrawn", "merged", "appealed"),
)


@pytest.mark.parametrize("role", ["Privacy Officer", "Privacy Agent", "Auditor"])
def test_a_case_in_every_state_is_a_page_without_inline_style_or_script(
    session: Session, signed_in: Enter, case: UUID, role: str
) -> None:
    browser = signed_in(role)
    for state in STATES:
        request = session.get_one(PrivacyRequest, case)
        request.state, request.refusal = state, REASON if state == "refused" else None
        closed = state in ("answered", "refused", "withdrawn", "merged")
        request.closed_at = request.received_at if closed else None
        request.cool_until = request.received_at if state == "cooling" else None
        session.commit()
        is_kept_to_itself(browser, f"/requests/{case}")


@pytest.mark.parametrize("path", ["/login/", "/requests/new"])
def test_every_page_is_without_inline_style_or_script(
    officer: Browser, browser: Browser, case: UUID, path: str
) -> None:
    is_kept_to_itself(browser if path == "/login/" else officer, path)


def is_kept_to_itself(browser: Browser, path: str) -> None:
    """No inline style or handler, a policy with a nonce, and every script and style element carries it."""
    answer = browser.get(path)
    assert answer.status_code == 200, path
    assert not re.search(r"<[^>]+\s(style|on\w+)\s*=", answer.text), path
    nonce = re.search(r"'nonce-([\w-]+)'", answer.headers["Content-Security-Policy"])
    assert nonce
    for element in re.findall(r"<(?:script|style)\b[^>]*>", answer.text):
        assert "src=" in element or f'nonce="{nonce[1]}"' in element, element


def test_the_evidence_of_every_step_is_on_the_page(session: Session, officer: Browser, case: UUID) -> None:
    page = text_of(officer.get(f"/requests/{case}").text)
    for one in session.scalars(select(Step).where(Step.request_id == case)):
        said = {
            "tell acknowledgement": "Receipt confirmed to the person",
            "count": "Everything found and counted",
        }
        assert said[one.name] in page
    assert "2 of 2 done" in page


def test_every_move_and_every_note_reads_in_words(session: Session, officer: Browser, case: UUID) -> None:
    from compliance.audit.actions import Action
    from compliance.console.timeline import HAPPENED

    written_down = {str(action).removeprefix("request ") for action in Action if str(action).startswith("request ")}
    written_down -= {"file downloaded"}
    assert {*(str(move) for move in Move), *written_down} <= set(HAPPENED)
    now = look(session, case).received_at
    session.add_all(Happening(request_id=case, at=now, actor="staff:999", what=what, facts={}) for what in HAPPENED)
    session.commit()
    page = text_of(officer.get(f"/requests/{case}").text)
    assert "Plan approved, somebody who left" in page


def test_the_page_takes_as_many_queries_however_much_happened(
    session: Session, parts: Parts, officer: Browser, case: UUID
) -> None:
    def count() -> int:
        with statements(parts.engine) as sent:
            assert officer.get(f"/requests/{case}").status_code == 200
        return len(sent)

    count()
    before, now = count(), look(session, case).received_at
    session.add_all(Happening(request_id=case, at=now, actor="system", what="step done", facts={}) for _ in range(40))
    session.commit()
    assert count() == before
