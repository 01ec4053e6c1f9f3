"""The public form and the page of the link: what strangers see, and what they cannot learn."""

import io
import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from compliance import attachments
from compliance.identity import links
from compliance.portal.offers import ABOUT, OFFERS
from compliance.requests.casework import Attachment, IdentityCheck
from compliance.requests.kinds import Channel, Kind, State
from compliance.requests.models import PrivacyRequest
from compliance.requests.moves import PERSON
from compliance.requests.opening import ABOUT as OPENS
from compliance.requests.opening import Asked, open_unproved
from imgpilot.parts import Parts
from imgpilot.sandbox.server import Sandbox
from tests.accounts.browser import Browser
from tests.conftest import Clock
from tests.portal.conftest import Enter
from tests.portal.test_centre import text_of
from tests.requests.conftest import work_off
from tests.world import Somebody, stands_in

FORM = "/privacy/ask-without-account"


@pytest.fixture
def browser(site: Flask, ana: Somebody, bob: Somebody) -> Browser:
    """Somebody's browser; nobody is signed in."""
    return Browser(site)


def ask(browser: Browser, kind: Kind = Kind.ACCESS, **fields: str) -> tuple[int, str]:
    """Send the form as it stands, with these fields; status and page."""
    given = {"kind": kind, "address": "ana@example.com", "country": "DE", "who": "self"} | fields
    answer = browser.post(FORM, given, on=f"{FORM}?kind={kind}")
    return answer.status_code, answer.text


def newest(session: Session) -> PrivacyRequest:
    session.rollback()
    return session.scalars(select(PrivacyRequest).order_by(PrivacyRequest.number.desc()).limit(1)).one()


def count(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(PrivacyRequest)) or 0


def confirm_path(sandbox: Sandbox, address: str) -> str:
    """The path of the newest link in the mails to this address."""
    found = sandbox.mail.to(address)[0].links
    return next("/privacy/confirm/" + each.partition("/privacy/confirm/")[2] for each in found if "/confirm/" in each)


def token(parts: Parts, request: PrivacyRequest, method: str = links.ADDRESS) -> str:
    return links.make(parts, request.id, method, parts.clock()).rpartition("/")[2]


def test_p16_whoever_has_no_account_asks_by_mail_alone(
    session: Session, parts: Parts, browser: Browser, sandbox: Sandbox, ana: Somebody
) -> None:
    assert ask(browser)[0] == 302
    page = browser.get(f"{FORM}/sent")
    assert "ana@example.com" in page.text and "7 days" in text_of(page.text)
    assert "ana@example.com" not in browser.get(f"{FORM}/sent").text, "shown once"
    work_off(parts)
    path = confirm_path(sandbox, "ana@example.com")
    page = browser.get(path)
    said = text_of(page.text)
    assert OFFERS[Kind.ACCESS].title in said and "ana@example.com" in said and "Germany" in said
    done = browser.post(path, {"answer": "yes"})
    assert done.status_code == 302 and "confirmed" in browser.get(done.location).text
    request = newest(session)
    assert (request.account_id, request.state, request.channel) == (ana.account.id, State.RECEIVED, Channel.FORM)


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_has_its_form_and_is_written_down(session: Session, browser: Browser, kind: Kind) -> None:
    before = count(session)
    page = browser.get(f"{FORM}?kind={kind}")
    assert page.status_code == 200 and OFFERS[kind].title in text_of(page.text)
    about = next(iter(ABOUT.get(kind, {"": ("", "")})))
    assert set(ABOUT.get(kind, {"": ()})) == set(OPENS.get(kind, ("",)))
    status, text = ask(browser, kind, about=about, details="It is wrong.", proposed="ana@example.net")
    assert status == 302, text_of(text)
    assert (count(session), newest(session).kind, newest(session).about) == (before + 1, kind, about)


def test_the_answer_is_the_same_with_and_without_an_account(browser: Browser, site: Flask) -> None:
    def answers(address: str) -> list[object]:
        mine = Browser(site)
        sent = mine.post(FORM, {"kind": "access", "address": address, "country": "DE"}, on=f"{FORM}?kind=access")
        page = mine.get(sent.location)
        said = re.sub(r'(nonce|value)="[^"]*"', "", page.text.replace(address, ""))
        return [sent.status_code, sent.location, len(sent.text), len(page.text), said]

    assert answers("ana@example.com") == answers("eve@example.com")


def test_the_link_answers_the_same_with_and_without_an_account(
    session: Session, parts: Parts, browser: Browser
) -> None:
    seen = []
    for address in ("ana@example.com", "eve@example.com"):
        ask(browser, address=address)
        path = f"/privacy/confirm/{token(parts, newest(session))}"
        page = re.sub(r"IP-\d+-\d+|" + address + '|value="[^"]+"', "", browser.get(path).text)
        done = browser.post(path, {"answer": "yes"})
        seen.append((page, done.status_code, done.location))
    assert seen[0] == seen[1]


def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(session: Session, browser: Browser) -> None:
    before = count(session)
    status, text = ask(browser, Kind.CORRECTION, address="ana@", country="US", part="", details="<b>Ana</b> & co")
    assert status == 422
    for field in ("address", "part", "about"):
        assert f'href="#f-{field}"' in text and f'id="f-{field}"' in text
    assert 'value="ana@"' in text and "&lt;b&gt;Ana&lt;/b&gt; &amp; co" in text and "<b>Ana</b>" not in text
    assert re.search(r'value="US" selected', text)
    assert count(session) == before


@pytest.mark.parametrize("kind", ["", "everything", "access'--"])
def test_what_is_no_kind_leads_back_to_the_choice(browser: Browser, kind: str) -> None:
    assert "What do you want to ask for" in browser.get(f"{FORM}?kind={kind}").text
    answer = browser.post(FORM, {"kind": kind}, on=f"{FORM}?kind=access")
    assert (answer.status_code, answer.location) == (302, FORM)


def test_without_the_pages_token_nothing_is_sent(session: Session, browser: Browser) -> None:
    before = count(session)
    assert browser.send(FORM, {"kind": "access", "address": "ana@example.com", "country": "DE"}).status_code == 400
    assert count(session) == before


def test_the_sixth_request_within_an_hour_is_not_sent(session: Session, browser: Browser, clock: Clock) -> None:
    for _time in range(5):
        assert ask(browser)[0] == 302
    before = count(session)
    status, text = ask(browser)
    assert status == 429 and "within the hour" in text_of(text) and count(session) == before
    assert ask(browser, address="eve@example.com")[0] == 302
    clock.tick(hours=1)
    assert ask(browser)[0] == 302


@pytest.mark.parametrize("size", [2000, attachments.LARGEST + 1])
def test_an_agent_attaches_a_permission_of_up_to_10_mb(
    session: Session, parts: Parts, browser: Browser, size: int
) -> None:
    before = count(session)
    csrf = browser.csrf(f"{FORM}?kind=access")
    fields = {"csrf_token": csrf, "kind": "access", "address": "ana@example.com", "country": "DE", "who": "other"}
    # Encoded here: werkzeug would put a large upload into a file and leave that open.
    file = FileStorage(io.BytesIO(b"s" * size), "../<signed>.pdf", "permission")
    boundary, data = encode_multipart(fields | {"permission": file})
    kind = f'multipart/form-data; boundary="{boundary}"'
    answer = browser.client.post(FORM, data=data, content_type=kind, base_url=browser.base)
    if size > attachments.LARGEST:
        assert answer.status_code == 422 and "10 MB" in answer.text and count(session) == before
        assert not [key for key in parts.storage.keys("requests/") if "ana" not in key and "bob" not in key]
        return
    assert answer.status_code == 302
    request = newest(session)
    kept = session.scalars(select(Attachment).where(Attachment.request_id == request.id)).one()
    assert (request.channel, kept.role, kept.name) == (Channel.AGENT, "permission", "signed.pdf")
    page = text_of(browser.get(f"/privacy/confirm/{token(parts, request)}").text)
    assert "Did you send somebody" in page and "signed.pdf" not in page


def test_an_agent_without_a_file_is_told_so(session: Session, browser: Browser) -> None:
    before = count(session)
    status, text = ask(browser, who="other")
    assert status == 422 and "Attach the signed permission" in text and count(session) == before


def test_looking_and_prefetching_burn_nothing(session: Session, parts: Parts, browser: Browser) -> None:
    ask(browser)
    path = f"/privacy/confirm/{token(parts, newest(session))}"
    for _time in range(2):
        page = browser.get(path)
        head = browser.client.head(path, base_url=browser.base)
        assert (page.status_code, head.status_code) == (200, 200)
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    assert "noindex" in page.headers["X-Robots-Tag"] and "noindex" in page.text
    assert newest(session).state == State.PROVING
    assert browser.post(path, {"answer": "maybe"}).status_code == 200
    assert browser.send(path, {"answer": "yes"}).status_code == 400, "another site cannot press the button"
    assert newest(session).state == State.PROVING
    assert browser.post(path, {"answer": "yes"}).status_code == 302


def test_unknown_expired_and_used_links_get_one_answer(
    session: Session, parts: Parts, browser: Browser, clock: Clock
) -> None:
    answers: set[tuple[int, str]] = set()

    def note(path: str) -> None:
        for answer in (browser.get(path), browser.send(path, {"answer": "yes", "csrf_token": csrf})):
            text = re.sub(r'value="[^"]*"', "", answer.text.replace(path, ""))
            answers.add((answer.status_code, re.sub(r'nonce="[^"]*"', "", text)))

    csrf = browser.csrf(f"{FORM}?kind=access")
    ask(browser)
    used = f"/privacy/confirm/{token(parts, newest(session))}"
    assert browser.post(used, {"answer": "no"}).status_code == 302
    ask(browser, address="eve@example.com")
    replaced = f"/privacy/confirm/{token(parts, newest(session))}"
    expired = f"/privacy/confirm/{token(parts, newest(session))}"
    clock.now += timedelta(days=7)
    csrf = browser.csrf(f"{FORM}?kind=access")
    for path in (used, replaced, expired, "/privacy/confirm/" + "x" * 75, "/privacy/confirm/x"):
        note(path)
    assert len(answers) == 1 and next(iter(answers))[0] == 410


def test_it_was_not_me_ends_it_and_says_so(session: Session, parts: Parts, browser: Browser) -> None:
    ask(browser, Kind.DELETION)
    done = browser.post(f"/privacy/confirm/{token(parts, newest(session))}", {"answer": "no"})
    assert "Nothing was done" in browser.get(done.location).text
    assert (newest(session).state, newest(session).contact) == (State.REFUSED, None)


def test_what_a_stranger_wrote_is_a_quotation_and_no_markup(session: Session, parts: Parts, browser: Browser) -> None:
    evil = '<script>alert(1)</script><a href="https://evil.example">click</a> {{7*7}}'
    ask(browser, details=evil)
    page = browser.get(f"/privacy/confirm/{token(parts, newest(session))}").text
    assert "<script>alert" not in page and 'href="https://evil.example"' not in page and "{{7*7}}" in page
    assert "in the words of whoever asked" in page


def test_the_new_address_learns_nothing_about_the_account(session: Session, parts: Parts, browser: Browser) -> None:
    asked = Asked(about="email", details="I am moving", proposed="eve@example.net", country="DE")
    made = open_unproved(
        session, parts.settings, "ana@example.com", Kind.CORRECTION, "gdpr", parts.clock(), PERSON, asked
    )
    session.commit()
    page = browser.get(f"/privacy/confirm/{token(parts, made, links.NEW_ADDRESS)}").text
    assert "eve@example.net" in page
    for hers in ("ana@example.com", "I am moving", "Germany"):
        assert hers not in page


def test_bob_who_is_signed_in_confirms_nothing_of_his_with_anas_link(
    session: Session, parts: Parts, browser: Browser, signed_in: Enter, ana: Somebody, bob: Somebody
) -> None:
    ask(browser)
    path = f"/privacy/confirm/{token(parts, newest(session))}"
    signed_in(bob).post(path, {"answer": "yes"})
    assert newest(session).account_id == ana.account.id


def test_no_address_is_in_a_log_or_an_address_line(
    session: Session, parts: Parts, browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG"):
        answer = browser.post(
            FORM, {"kind": "access", "address": "ana@example.com", "country": "DE"}, on=f"{FORM}?kind=access"
        )
        work_off(parts)
    assert "ana@" not in (answer.location or "") and not stands_in("ana", answer.location or "")
    mine = [record.getMessage() for record in caplog.records if not record.name.startswith(("sqlalchemy", "mail."))]
    assert not [line for line in mine if "ana@example" in line]
    assert session.scalar(select(func.count()).select_from(IdentityCheck))
