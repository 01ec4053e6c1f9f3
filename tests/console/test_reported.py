"""Reported pictures in the console: who sees them, what is shown, and the decision."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from imgpilot.generation.models import Image
from imgpilot.parts import Parts
from imgpilot.purposes import STORAGE
from imgpilot.sandbox.server import Sandbox
from imgpilot.sharing.models import GoneShare, Share, ShareReport
from tests.accounts.browser import Browser
from tests.console.conftest import FORM, Enter
from tests.console.test_person import entries
from tests.portal.test_centre import text_of
from tests.world import Somebody


@pytest.fixture
def report(session: Session, parts: Parts, ana: Somebody) -> ShareReport:
    """What somebody said of Ana's public page, whose prompt is hidden."""
    session.query(ShareReport).delete()
    share = session.scalars(select(Share)).one()
    share.show_prompt, share.shown_key = False, f"{ana.account.id}/cards/shown.webp"
    parts.storage.put(share.shown_key, [b"webp bytes"], "image/webp", subject=ana.account.id, purpose=STORAGE)
    made = ShareReport(
        at=parts.clock(),
        share_id=share.id,
        reason="child",
        details="Look here.",
        contact="kim@example.com",
        language="en",
    )
    session.add(made)
    session.commit()
    return made


def look(session: Session, report: ShareReport) -> ShareReport:
    """The report as the database has it now."""
    session.rollback()
    return session.get_one(ShareReport, report.id, populate_existing=True)


def test_without_reports_the_page_says_so(officer: Browser) -> None:
    assert "No report waits" in text_of(officer.get("/reported/").text)


def test_a_look_at_a_report_is_written_down_and_shows_what_is_public_and_no_more(
    session: Session, officer: Browser, ana: Somebody, report: ShareReport
) -> None:
    assert f"/reported/{report.id}" in officer.get("/reported/").text
    page = officer.get(f"/reported/{report.id}").text
    assert "Look here." in page
    for hidden in (ana.mark, "ana@example.com", "kim@example.com", "walks along the shore"):
        assert hidden not in page.replace(f"{ana.mark}-model", "")
    [entry] = entries(session, "staff read picture report")
    assert entry.facts == {"report": str(report.id), "why": "child"}
    assert entry.subject
    assert officer.get(f"/reported/{report.id}/picture").data == b"webp bytes"
    session.scalars(select(Share)).one().show_prompt = True
    session.commit()
    assert "walks along the shore" in officer.get(f"/reported/{report.id}").text


def test_leaving_it_changes_nothing_and_the_reporter_is_told(
    session: Session, officer: Browser, sandbox: Sandbox, report: ShareReport
) -> None:
    assert officer.post(f"/reported/{report.id}/decide", {"do": "leave"}, on=FORM).location == "/reported/"
    assert look(session, report).decision == "left"
    assert session.scalars(select(Share)).one()
    assert len(sandbox.mail.to("kim@example.com")) == 1
    assert entries(session, "picture report decided")[0].facts["decision"] == "left"
    again = officer.post(f"/reported/{report.id}/decide", {"do": "down"}, on=FORM)
    assert again.location == f"/reported/{report.id}"
    assert "decided already" in text_of(officer.get(again.location).text)


def test_taking_it_down_ends_the_page_and_both_are_told(
    session: Session, officer: Browser, sandbox: Sandbox, ana: Somebody, report: ShareReport
) -> None:
    officer.post(f"/reported/{report.id}/decide", {"do": "down"}, on=FORM)
    decided = look(session, report)
    assert (decided.decision, decided.share_id) == ("taken down", None)
    assert session.scalars(select(Share)).all() == []
    assert session.scalars(select(GoneShare)).one()
    assert session.get_one(Image, ana.image.id).barred_for == "child"
    assert len(sandbox.mail.to("kim@example.com")) == len(sandbox.mail.to("ana@example.com")) == 1
    assert "It is gone" in text_of(officer.get(f"/reported/{report.id}").text)
    assert officer.get(f"/reported/{report.id}/picture").status_code == 404


def test_a_form_without_a_choice_changes_nothing(session: Session, officer: Browser, report: ShareReport) -> None:
    officer.post(f"/reported/{report.id}/decide", on=FORM)
    assert look(session, report).decided_at is None


@pytest.mark.parametrize(("role", "sees"), [("Auditor", False), ("Approver", True), ("Privacy Agent", True)])
def test_who_sees_and_who_decides(signed_in: Enter, report: ShareReport, role: str, sees: bool) -> None:
    browser = signed_in(role)
    assert browser.get("/reported/").status_code == 200
    answer = browser.get(f"/reported/{report.id}")
    assert (answer.status_code == 200) == sees
    assert ("Take it down" in answer.text) == (role == "Privacy Agent")
