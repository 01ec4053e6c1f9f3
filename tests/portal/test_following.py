"""Following one request: where it is, what can be done, and nothing of it for anybody else."""

import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from compliance import attachments
from compliance.requests.casework import Attachment, IdentityCheck
from compliance.requests.kinds import Kind, State
from compliance.requests.models import PrivacyRequest
from imgpilot.accounts.models import Account
from imgpilot.parts import Parts
from tests.accounts.browser import Browser
from tests.conftest import Clock
from tests.portal import cases
from tests.portal.conftest import Enter
from tests.portal.test_centre import text_of
from tests.world import Somebody


@pytest.fixture
def browser(ana: Somebody, bob: Somebody, signed_in: Enter) -> Browser:
    """Ana's browser."""
    return signed_in(ana)


def path_of(request: PrivacyRequest) -> str:
    """Its page."""
    return f"/privacy/requests/{request.id}"


def look(session: Session, request: PrivacyRequest) -> PrivacyRequest:
    """The request as the database has it now."""
    session.rollback()
    return session.get_one(PrivacyRequest, request.id, populate_existing=True)


@pytest.fixture
def cooling(session: Session, parts: Parts, ana: Somebody) -> PrivacyRequest:
    """Ana's deletion, decided, in the time in which she can take it back."""
    until = parts.clock() + timedelta(days=14)
    made = cases.case(session, parts, ana, Kind.DELETION, State.COOLING, cooling=True, cool_until=until)
    session.get_one(Account, ana.account.id).closing_at = parts.clock()
    session.commit()
    return made


def test_p16_a_deletion_is_taken_back_by_one_button_while_it_cools_off(
    session: Session, browser: Browser, ana: Somebody, cooling: PrivacyRequest
) -> None:
    page = path_of(cooling)
    said = text_of(browser.get(page).text)
    assert "Your account is closed. It is erased on Mon 7 Dec." in said
    assert "Keep my account" in said
    assert browser.post(f"{page}/withdraw", on=page).location == page
    assert "Your account stays. Nothing was deleted." in text_of(browser.get(page).text)
    assert look(session, cooling).state == "withdrawn"
    assert session.get_one(Account, ana.account.id, populate_existing=True).closing_at is None


def test_every_page_says_that_the_account_is_being_closed_and_leads_back(
    browser: Browser, bob: Somebody, signed_in: Enter, cooling: PrivacyRequest
) -> None:
    for path in ("/studio", "/account", "/privacy"):
        page = browser.get(path).text
        assert "Your account is closed and will be erased on Mon 7 Dec." in text_of(page), path
        assert f'href="{path_of(cooling)}"' in page, path
    assert "will be erased" not in signed_in(bob).get("/account").text


def test_a_page_that_asks_again_is_told_when_nothing_changed(
    session: Session, parts: Parts, browser: Browser, ana: Somebody
) -> None:
    request = cases.case(session, parts, ana, Kind.ACCESS, State.REVIEW)
    found = re.search(r'hx-get="([^"]+)"[^>]* hx-trigger="every 30s"', browser.get(path_of(request)).text)
    assert found
    live = {"HX-Request": "true"}
    assert browser.get(found[1], **live).status_code == 204
    assert browser.get(found[1]).status_code == 200, "the address itself is a page"
    cases.happened(session, request, "acknowledged", parts)
    answer = browser.get(found[1], **live)
    assert answer.status_code == 200
    assert "We confirmed that we have it" in text_of(answer.text)


def test_a_closed_request_asks_no_more(session: Session, parts: Parts, browser: Browser, ana: Somebody) -> None:
    request = cases.case(session, parts, ana, Kind.ACCESS, State.WITHDRAWN, outcome="withdrawn")
    assert "hx-get" not in browser.get(path_of(request)).text


def test_a_paused_clock_says_since_when_and_why(
    session: Session, parts: Parts, browser: Browser, ana: Somebody
) -> None:
    since = (parts.clock() - timedelta(days=4)).date()
    request = cases.case(
        session, parts, ana, Kind.ACCESS, State.REVIEW, regime="uk-gdpr", paused_on=since, paused_for="clarification"
    )
    cases.happened(session, request, "paused", parts, reason="clarification")
    page = browser.get(path_of(request)).text
    assert "The clock stands still since Thu 19 Nov. We wait to hear what exactly you mean" in text_of(page)
    assert "The clock stands still: we wait to hear what exactly you mean" in text_of(page)
    assert 'class="pause"' in page, "the ruler's segment is hollow"


def test_an_extension_shows_its_day_and_its_letter_with_the_reason(
    session: Session, parts: Parts, browser: Browser, ana: Somebody
) -> None:
    request = cases.case(session, parts, ana, Kind.ACCESS, State.REVIEW, extended_at=parts.clock())
    cases.happened(session, request, "extended", parts, until="2027-02-13")
    cases.letter(session, request, "extension", parts, "It takes longer: <b>41</b> places have to be searched.")
    page = browser.get(path_of(request)).text
    assert "It takes longer: until Sat 13 Feb 2027" in text_of(page)
    assert "It takes longer: &lt;b&gt;41&lt;/b&gt; places have to be searched." in page


def test_a_refusal_says_the_ground_its_law_the_reasons_and_where_to_complain(
    session: Session, parts: Parts, browser: Browser, ana: Somebody
) -> None:
    request = cases.case(
        session,
        parts,
        ana,
        Kind.ACCESS,
        State.REFUSED,
        country="FR",
        outcome="refused",
        refused_for="excessive",
        refusal="Four copies <i>in a week</i>.",
    )
    page = browser.get(path_of(request)).text
    said = text_of(page)
    assert "manifestly unfounded or excessive" in said
    assert "GDPR 12(5)" in said
    assert "Four copies &lt;i&gt;in a week&lt;/i&gt;." in page
    assert "French Data Protection Authority (CNIL)" in said
    assert "You can also go to court (GDPR 79)." in said
    assert "You can appeal until Fri 22 Jan 2027." in said


def test_what_was_not_granted_is_named_with_ground_and_law(
    session: Session, parts: Parts, browser: Browser, ana: Somebody
) -> None:
    request = cases.case(session, parts, ana, Kind.ACCESS, State.ANSWERED, outcome="partial", answered_at=parts.clock())
    withheld = {
        "noun": "pictures you made",
        "rows": 3,
        "becomes": "withhold",
        "ground": "A copy would take away from the rights and freedoms of other people.",
        "law": "GDPR 15(4), 20(4)",
    }
    cases.plan(session, request, parts, withheld, {"noun": "sign-ins", "rows": 8, "becomes": "copy"})
    said = text_of(browser.get(path_of(request)).text)
    assert "What was not granted, and why" in said
    assert (
        "Pictures you made 3 A copy would take away from the rights and freedoms of other people. (GDPR 15(4)" in said
    )
    assert "Sign-ins 8" not in said
    assert "Answered in part" in said


def test_p16_an_answer_is_appealed_within_sixty_days_and_once(
    session: Session, parts: Parts, browser: Browser, ana: Somebody, clock: Clock
) -> None:
    request = cases.case(session, parts, ana, Kind.ACCESS, State.REFUSED, outcome="refused", refused_for="excessive")
    page = f"{path_of(request)}/appeal"
    answer = browser.post(page, {"words": "no"})
    assert answer.status_code == 400
    assert "Say in a sentence what we got wrong." in text_of(answer.text)
    assert ">no</textarea>" in answer.text, "what was typed comes back"
    answer = browser.post(page, {"words": "I asked <once>, not four times."})
    assert answer.location == path_of(request)
    assert look(session, request).state == "appealed"
    shown = browser.get(path_of(request)).text
    assert "I asked &lt;once&gt;, not four times." in shown
    assert "Somebody who did not decide before looks at it again." in text_of(shown)
    assert browser.get(page).status_code == 302, "it is appealed already"


def test_after_sixty_days_there_is_nothing_to_appeal(
    session: Session, parts: Parts, browser: Browser, ana: Somebody, clock: Clock
) -> None:
    request = cases.case(session, parts, ana, Kind.ACCESS, State.REFUSED, outcome="refused", refused_for="excessive")
    token = browser.csrf("/privacy")
    clock.tick(days=29)
    browser.get("/privacy")
    clock.tick(days=29)
    browser.get("/privacy")
    clock.tick(days=3)
    assert "/appeal" not in browser.get(path_of(request)).text
    late = browser.send(f"{path_of(request)}/appeal", {"csrf_token": token, "words": "I asked once, not four times."})
    assert late.status_code == 400
    assert "The 60 days to appeal are over." in text_of(late.text)
    assert look(session, request).state == "refused"


@pytest.mark.parametrize(
    ("check", "said"),
    [
        (None, "We mail a link to ana.new@example.com."),
        ({}, "we mailed a link to ana.new@example.com. Open it there"),
        ({"passed_at": True}, "ana.new@example.com was confirmed on Mon 23 Nov."),
    ],
)
def test_how_far_the_new_address_is_confirmed(
    session: Session, parts: Parts, browser: Browser, ana: Somebody, check: dict[str, bool] | None, said: str
) -> None:
    request = cases.case(
        session, parts, ana, Kind.CORRECTION, State.REVIEW, about="email", proposed="ana.new@example.com"
    )
    if check is not None:
        passed = parts.clock() if check else None
        session.add(
            IdentityCheck(request_id=request.id, method="new address", asked_at=parts.clock(), passed_at=passed)
        )
        session.commit()
    assert said in text_of(browser.get(path_of(request)).text)


def test_a_message_and_a_file_are_kept_with_the_request_encrypted(
    session: Session, parts: Parts, browser: Browser, ana: Somebody
) -> None:
    request = cases.case(session, parts, ana, Kind.CORRECTION, State.REVIEW, about="other", details="It is wrong.")
    page = f"{path_of(request)}/write"
    fields = {"csrf_token": browser.csrf(page), "words": "See the file.", "file": (io.BytesIO(b"proof"), "../a.pdf")}
    answer = browser.client.post(page, data=fields, base_url=browser.base, content_type="multipart/form-data")
    assert answer.location == path_of(request), text_of(answer.text)
    found = session.scalars(
        select(Attachment).where(Attachment.request_id == request.id).order_by(Attachment.name)
    ).all()
    assert [file.name for file in found] == ["a.pdf", "message-2026-11-23-144000.txt"]
    assert [b"".join(attachments.read(parts, file)) for file in found] == [b"proof", b"See the file."]
    assert b"proof" not in b"".join(parts.storage.open(found[0].object_key))
    assert "a.pdf" in text_of(browser.get(path_of(request)).text)


def test_an_empty_message_is_said_and_a_closed_request_takes_none(
    session: Session, parts: Parts, browser: Browser, ana: Somebody
) -> None:
    request = cases.case(session, parts, ana, Kind.ACCESS, State.REVIEW)
    answer = browser.post(f"{path_of(request)}/write", {"words": "  "})
    assert answer.status_code == 400
    assert "Write something or choose a file. Nothing was sent." in text_of(answer.text)
    assert browser.get(f"{path_of(ana.request)}/write").status_code == 302


def test_what_staff_say_among_themselves_is_not_on_the_page(
    session: Session, parts: Parts, browser: Browser, ana: Somebody
) -> None:
    request = cases.case(session, parts, ana, Kind.ACCESS, State.SECOND, proposed_by=7, assigned_to=7)
    for what in ("assigned", "commented", "warned", "letter written", "step failed"):
        cases.happened(session, request, what, parts)
    page = browser.get(path_of(request)).text
    section = page[page.index('id="story"') :]
    assert section[: section.index("</ol>")].count("<li>") == 1
    assert "ANA called twice" not in browser.get(path_of(ana.request)).text


@pytest.mark.parametrize("move", ["appeal", "write", "withdraw"])
def test_p18_bob_does_nothing_to_anas_request(
    session: Session, parts: Parts, ana: Somebody, bob: Somebody, signed_in: Enter, move: str
) -> None:
    refused = cases.case(session, parts, ana, Kind.ACCESS, State.REFUSED, outcome="refused", refused_for="excessive")
    running = cases.case(session, parts, ana, Kind.CORRECTION, State.REVIEW, about="other", details="It is wrong.")
    files = session.scalar(select(func.count()).select_from(Attachment))
    his = signed_in(bob)
    token = his.csrf("/privacy")
    for request in (refused, running):
        answer = his.send(f"{path_of(request)}/{move}", {"csrf_token": token, "words": "I am Bob and want this."})
        assert answer.status_code == 404
    assert (look(session, refused).state, look(session, running).state) == ("refused", "review")
    assert session.scalar(select(func.count()).select_from(Attachment)) == files


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_has_a_page_in_every_state(
    session: Session, parts: Parts, browser: Browser, ana: Somebody, kind: Kind
) -> None:
    for state in State:
        given = {"cool_until": parts.clock() + timedelta(days=9)} if state is State.COOLING else {}
        # Each is about something else, as only one of a kind about one thing can be open.
        request = cases.case(session, parts, ana, kind, state, about=f"{state} thing", **given)
        answer = browser.get(path_of(request))
        assert answer.status_code == 200, state
        assert request.case in answer.text, state
    assert browser.get("/privacy").status_code == 200


def test_the_number_of_queries_does_not_grow_with_the_timeline(
    session: Session, parts: Parts, browser: Browser, ana: Somebody
) -> None:
    from sqlalchemy import event

    request = cases.case(session, parts, ana, Kind.ACCESS, State.REVIEW)

    def asked() -> int:
        statements: list[object] = []

        def note(*given: object) -> None:
            statements.append(given[2])

        event.listen(parts.engine, "before_cursor_execute", note)
        browser.get(path_of(request))
        event.remove(parts.engine, "before_cursor_execute", note)
        return len(statements)

    asked()
    few = asked()
    for _ in range(20):
        cases.happened(session, request, "file added", parts)
        cases.letter(session, request, "more", parts)
    assert asked() == few
