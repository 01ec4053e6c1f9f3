"""The case: read, decided by what was shown, and everything of it written down."""

import re
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.audit.models import Entry
from compliance.requests.kinds import Kind
from compliance.requests.models import Download, Plan, PrivacyRequest, Step
from imgpilot.accounts.models import SignIn
from imgpilot.parts import Parts
from tests.accounts.browser import Browser
from tests.conftest import Clock
from tests.console.conftest import FORM, Enter
from tests.portal.test_centre import text_of
from tests.requests.conftest import look, step, work_off
from tests.world import Somebody

REASON = "A court has ordered us to keep this account as it is."


def digest_on(page: str) -> str:
    """The digest that the button of this page approves."""
    found = re.search(r'name="digest" value="([0-9a-f]{64})"', page)
    assert found
    return found[1]


def decided(browser: Browser, case: UUID, **fields: str) -> str:
    """Send a decision from the case's page; what the page says then."""
    path = f"/requests/{case}"
    answer = browser.send(f"{path}/approve", {"csrf_token": browser.csrf(FORM)} | fields)
    assert (answer.status_code, answer.location) == (302, path)
    return text_of(browser.get(path).text)


def log(session: Session) -> list[str]:
    """What was done, without signing in."""
    session.rollback()
    return [e.action for e in session.scalars(select(Entry).order_by(Entry.seq)) if "signed" not in e.action]


def test_p18_looking_at_a_case_is_written_down(session: Session, officer: Browser, ana: Somebody, case: UUID) -> None:
    assert "staff read case" not in log(session)
    page = text_of(officer.get(f"/requests/{case}").text)
    entry = session.scalars(select(Entry).order_by(Entry.seq.desc())).first()
    assert entry is not None
    assert (entry.action, entry.facts) == ("staff read case", {"case": "IP-2026-0002"})
    assert entry.actor.startswith("staff:")
    assert entry.subject == look(session, case).subject
    assert "Check the plan and approve it" in page
    assert "ana@example.com" in page


def test_a_case_that_is_not_there_is_said_so(officer: Browser) -> None:
    answer = officer.get(f"/requests/{uuid4()}")
    assert answer.status_code == 404
    assert "There is no such case." in text_of(answer.text)


def test_the_plan_that_was_shown_is_what_is_approved(session: Session, officer: Browser, case: UUID) -> None:
    digest = digest_on(officer.get(f"/requests/{case}").text)
    said = decided(officer, case, decision="approve", digest=digest)
    assert "Plan approved. It is being carried out." in said
    plan = session.scalars(select(Plan).where(Plan.request_id == case)).one()
    assert (plan.digest, look(session, case).state) == (digest, "running")
    assert plan.approved_by == look(session, case).decided_by


def test_a_plan_that_changed_is_shown_with_a_sentence_and_not_approved(
    session: Session, officer: Browser, ana: Somebody, case: UUID, clock: Clock
) -> None:
    page = f"/requests/{case}"
    before = digest_on(officer.get(page).text)
    new = SignIn(account_id=ana.account.id, digest="9" * 64, browser="x", created_at=clock(), seen_at=clock())
    session.add(new)
    session.commit()
    said = decided(officer, case, decision="approve", digest=before)
    assert "What is held has changed since you opened this page. This is the new plan; check it." in said
    after = digest_on(officer.get(page).text)
    assert after != before
    assert look(session, case).state == "review"
    decided(officer, case, decision="approve", digest=after)
    assert look(session, case).state == "running"


@pytest.mark.parametrize("digest", ["", "0" * 64])
def test_approving_without_having_seen_the_plan_approves_nothing(
    session: Session, officer: Browser, case: UUID, digest: str
) -> None:
    decided(officer, case, decision="approve", digest=digest)
    assert look(session, case).state == "review"


@pytest.mark.parametrize("reason", ["", "no", " " * 60])
def test_refusing_needs_a_reason(session: Session, officer: Browser, case: UUID, reason: str) -> None:
    assert "Say why, in a sentence or two" in decided(officer, case, decision="refuse", reason=reason)
    assert look(session, case).state == "review"


def test_a_refusal_with_its_reason_closes_the_case(session: Session, officer: Browser, case: UUID) -> None:
    assert "The person gets your reasons" in decided(officer, case, decision="refuse", reason=REASON)
    assert (look(session, case).state, look(session, case).refusal) == ("refused", REASON)


def test_the_second_of_two_officers_reads_one_clear_sentence(session: Session, signed_in: Enter, case: UUID) -> None:
    first, second = signed_in("Privacy Officer"), signed_in("Approver")
    digest = digest_on(second.get(f"/requests/{case}").text)
    decided(first, case, decision="approve", digest=digest)
    said = decided(second, case, decision="refuse", reason=REASON)
    assert said.count("Somebody else decided this request just before you.") == 1
    assert look(session, case).state == "running"
    assert look(session, case).refusal is None


def test_a_deletion_waits_for_the_copy_that_was_asked_for_too(
    session: Session, parts: Parts, officer: Browser, ana: Somebody, case: UUID, asked: Callable[..., UUID]
) -> None:
    copy = asked(ana.account.id, Kind.ACCESS)
    work_off(parts)
    digest = digest_on(officer.get(f"/requests/{case}").text)
    said = decided(officer, case, decision="approve", digest=digest)
    assert f"Answer {look(session, copy).case} first" in said


def test_a_step_that_failed_can_be_tried_again(session: Session, signed_in: Enter, case: UUID, clock: Clock) -> None:
    failed = step(session, case, "count")
    failed.state, failed.failure, failed.attempts = "failed", "The object store refused.", 6
    session.commit()
    agent = signed_in("Privacy Agent")
    page = f"/requests/{case}"
    shown = text_of(agent.get(page).text)
    assert "A step needs a hand" in shown
    assert "The object store refused." in shown
    agent.post(f"{page}/steps/{failed.id}/retry", on=FORM)
    again = step(session, case, "count")
    assert (again.state, again.attempts, again.failure) == ("ready", 0, None)
    agent.post(f"{page}/steps/{failed.id}/retry", on=FORM)
    assert "This step is not waiting for anybody." in text_of(agent.get(page).text)
    assert log(session).count("request step retried") == 1


def test_p18_fetching_the_certificate_is_written_down(
    session: Session, parts: Parts, officer: Browser, case: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("compliance.export.certificate.erasure_certificate", lambda **_given: b"%PDF certificate")
    path = f"/requests/{case}"
    answer = officer.get(f"{path}/certificate")
    assert answer.status_code == 404
    assert "it is not made yet" in text_of(answer.text)
    decided(officer, case, decision="approve", digest=digest_on(officer.get(path).text))
    work_off(parts)
    page = officer.get(path).text
    assert f"{path}/certificate" in page
    assert "ana@example.com" not in page
    assert "The account is gone." in text_of(page)
    answer = officer.get(f"{path}/certificate")
    assert (answer.mimetype, answer.data) == ("application/pdf", b"%PDF certificate")
    assert "no-store" in answer.headers["Cache-Control"]
    assert log(session)[-1] == "certificate downloaded"
    assert session.scalars(select(Download.actor)).all() == [f"staff:{look(session, case).decided_by}"]


@pytest.mark.parametrize("state", ["received", "review", "running", "answered", "refused", "withdrawn"])
def test_a_case_in_every_state_is_a_page_without_inline_style_or_script(
    session: Session, officer: Browser, case: UUID, state: str
) -> None:
    request = session.get_one(PrivacyRequest, case)
    request.state, request.refusal = state, REASON if state == "refused" else None
    request.closed_at = request.received_at if state in ("answered", "refused", "withdrawn") else None
    session.commit()
    is_kept_to_itself(officer, f"/requests/{case}")


@pytest.mark.parametrize("path", ["/", "/requests/", "/requests/?view=closed", "/login/"])
def test_every_page_is_without_inline_style_or_script(
    officer: Browser, browser: Browser, case: UUID, path: str
) -> None:
    is_kept_to_itself(browser if path == "/login/" else officer, path)


def is_kept_to_itself(browser: Browser, path: str) -> None:
    """No inline style or handler, a policy with a nonce, and every script and style element carries it."""
    answer = browser.get(path)
    assert answer.status_code == 200
    assert not re.search(r"<[^>]+\s(style|on\w+)\s*=", answer.text), path
    nonce = re.search(r"'nonce-([\w-]+)'", answer.headers["Content-Security-Policy"])
    assert nonce
    for element in re.findall(r"<(?:script|style)\b[^>]*>", answer.text):
        assert "src=" in element or f'nonce="{nonce[1]}"' in element, element


def test_the_evidence_of_every_step_is_on_the_page(session: Session, officer: Browser, case: UUID) -> None:
    page = text_of(officer.get(f"/requests/{case}").text)
    for one in session.scalars(select(Step).where(Step.request_id == case)):
        assert {"acknowledge": "Receipt sent to the person", "count": "Everything found and counted"}[one.name] in page
    assert "2 of 2 done" in page
