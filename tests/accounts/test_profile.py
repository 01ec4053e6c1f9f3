"""What a person gives of themselves, where they are signed in, and the keys of their programs."""

import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from imgpilot.accounts import portraits, tokens
from imgpilot.accounts.models import Account, ApiToken, SignIn
from imgpilot.accounts.tokens import TokenError
from imgpilot.parts import Parts
from imgpilot.sandbox.server import Sandbox
from tests.accounts.browser import Browser
from tests.conftest import Clock

ANA = "ana@example.com"
Another = Callable[[], Browser]


@pytest.fixture(autouse=True)
def _in(browser: Browser, sandbox: Sandbox) -> None:
    browser.sign_in(sandbox, ANA)


def photo(width: int = 900, height: int = 300, kind: str = "JPEG") -> bytes:
    """A photograph that says which camera took it."""
    exif = Image.Exif()
    exif[0x010F] = "A camera"
    made = io.BytesIO()
    Image.new("RGB", (width, height), (180, 60, 40)).save(made, kind, **({"exif": exif} if kind == "JPEG" else {}))
    return made.getvalue()


def upload(browser: Browser, data: bytes, name: str = "me.jpg") -> int:
    token = browser.csrf("/account")
    sent = {"csrf_token": token, "picture": (io.BytesIO(data), name)}
    answer = browser.client.post("/account/picture", data=sent, base_url=browser.base)
    return answer.status_code


def only(session: Session) -> Account:
    session.expire_all()
    return session.scalars(select(Account)).one()


def test_p01_a_person_gives_changes_and_removes_a_name(browser: Browser, session: Session) -> None:
    browser.post("/account/name", {"name": "  Ana  \u200b<b>Sample</b> "}, on="/account")
    assert only(session).name == "Ana <b>Sample</b>"
    page = browser.get("/account").text
    assert "Ana &lt;b&gt;Sample&lt;/b&gt;" in page and "Your name is changed." in page
    answer = browser.post("/account/name", {"name": "x" * 101}, on="/account")
    assert (answer.status_code, "x" * 101 in answer.text) == (400, True)
    browser.post("/account/name", {"name": " "}, on="/account")
    assert only(session).name is None


def test_p01_a_person_gives_changes_and_removes_a_picture(browser: Browser, session: Session, parts: Parts) -> None:
    assert upload(browser, photo()) == 303
    first = only(session).picture_key
    assert first
    shown = browser.get("/account/picture")
    image = Image.open(io.BytesIO(shown.data))
    assert (image.format, image.size, dict(image.getexif())) == ("WEBP", (256, 256), {})
    assert shown.headers["Cache-Control"] == "private, max-age=86400", "until signing out, which empties the cache"
    assert upload(browser, photo(20, 3000, "PNG")) == 303
    second = only(session).picture_key
    assert list(parts.storage.keys(f"{only(session).id}/profile/")) == [second] != [first]
    browser.post("/account/picture/remove", on="/account")
    assert only(session).picture_key is None
    assert list(parts.storage.keys(f"{only(session).id}/profile/")) == []
    assert browser.get("/account/picture").status_code == 404


@pytest.mark.parametrize(("data", "status"), [(b"no picture", 400), (b"", 400), (b"x" * 1001, 413)])
def test_what_is_no_picture_changes_nothing(
    browser: Browser, session: Session, monkeypatch: pytest.MonkeyPatch, data: bytes, status: int
) -> None:
    monkeypatch.setattr(portraits, "LARGEST", 1000)
    assert upload(browser, data) == status
    assert only(session).picture_key is None
    assert upload(browser, photo(), name="") == 400


def test_times_are_shown_in_the_zone_that_the_person_chose(browser: Browser, session: Session) -> None:
    assert "14:40" in browser.get("/account").text
    browser.post("/preferences", {"timezone": "Asia/Shanghai", "next": "/account"}, on="/account")
    assert only(session).timezone == "Asia/Shanghai"
    assert "22:40" in browser.get("/account").text
    assert browser.post("/preferences", {"timezone": "Mars/Olympus"}, on="/account").status_code == 400
    browser.post("/preferences", {"timezone": ""}, on="/account")
    assert "14:40" in browser.get("/account").text


def test_a_zone_that_there_is_not_any_more_is_utc(browser: Browser, session: Session) -> None:
    only(session).timezone = "Atlantis/Capital"
    session.commit()
    assert "14:40" in browser.get("/account").text


def test_one_signs_out_everywhere_else_and_everywhere(
    browser: Browser, another_browser: Another, sandbox: Sandbox, session: Session
) -> None:
    phone, bob = another_browser(), another_browser()
    phone.sign_in(sandbox, ANA)
    bob.sign_in(sandbox, "bob@example.com")
    browser.post("/account/sign-ins/end", on="/account")
    assert (browser.get("/account").status_code, phone.get("/account").status_code) == (200, 302)
    phone.sign_in(sandbox, ANA)
    assert browser.post("/account/sign-ins/end", {"here": "1"}, on="/account").location == "/sign-in"
    assert (browser.token, phone.get("/account").status_code) == (None, 302)
    assert bob.get("/account").status_code == 200
    assert session.scalar(select(func.count()).where(SignIn.ended_at.is_(None))) == 1


def test_a_token_is_shown_once_and_kept_as_a_digest(
    browser: Browser, session: Session, parts: Parts, clock: Clock
) -> None:
    typed = {"token_name": "My script", "scopes": "images:read", "lasts": "30"}
    page = browser.post("/account/tokens", typed, on="/account").text
    found = re.search(r'value="(ipk_[A-Za-z0-9]{40})"', page)
    assert found
    key = found[1]
    row = session.scalars(select(ApiToken)).one()
    assert (row.name, row.scopes, row.ending) == ("My script", ["images:read"], key[-4:])
    assert row.expires_at == clock() + timedelta(days=30)
    assert key not in " ".join(str(value) for value in vars(row).values())
    page = browser.get("/account").text
    assert "My script" in page and f"…{key[-4:]}" in page and key not in page
    assert tokens.find(session, parts.settings, key, clock()) is row
    session.commit()
    session.expire_all()
    assert row.used_at == clock()
    clock.tick(minutes=5)
    tokens.find(session, parts.settings, key, clock())
    session.commit()
    session.expire_all()
    assert row.used_at == clock() - timedelta(minutes=5), "noted every 10 minutes at most"
    assert tokens.find(session, parts.settings, key[:-1] + "!", clock()) is None
    assert tokens.find(session, parts.settings, "", clock()) is None
    clock.tick(days=30)
    assert tokens.find(session, parts.settings, key, clock()) is None


def test_a_token_ends_when_its_owner_says_so_and_with_a_frozen_account(
    browser: Browser, session: Session, parts: Parts, clock: Clock
) -> None:
    ana = only(session)
    row, key = tokens.create(session, parts.settings, ana.id, "one", ["webhooks"], None, clock())
    _other, lasting = tokens.create(session, parts.settings, ana.id, "two", ["webhooks", "images:read"], None, clock())
    session.commit()
    browser.post(f"/account/tokens/{row.id}/end", on="/account")
    session.expire_all()
    assert tokens.find(session, parts.settings, key, clock()) is None
    assert [each.name for each in tokens.of(session, ana.id, clock())] == ["two"]
    ana.frozen_at = clock()
    session.commit()
    assert tokens.find(session, parts.settings, lasting, clock()) is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"token_name": "", "scopes": "webhooks"}, "Give it a name"),
        ({"token_name": "n" * 81, "scopes": "webhooks"}, "80 characters or fewer"),
        ({"token_name": "mine"}, "Choose what it may do"),
        ({"token_name": "\x00", "scopes": "webhooks"}, "Give it a name"),
        ({"token_name": "mine", "scopes": "everything"}, "Choose what it may do"),
    ],
)
def test_a_token_that_cannot_be_made_says_why_and_keeps_what_was_typed(
    browser: Browser, session: Session, typed: dict[str, str], said: str
) -> None:
    answer = browser.post("/account/tokens", typed, on="/account")
    assert answer.status_code == 400
    assert said in answer.text
    assert f'value="{typed["token_name"]}"' in answer.text
    assert session.scalar(select(func.count()).select_from(ApiToken)) == 0


def test_p18_a_token_is_made_with_a_fresh_proof_and_there_are_twenty_at_most(
    browser: Browser, session: Session, parts: Parts, clock: Clock
) -> None:
    ana = only(session)
    for number in range(tokens.MOST):
        tokens.create(session, parts.settings, ana.id, f"n{number}", ["webhooks"], None, clock())
    with pytest.raises(TokenError, match="20 tokens"):
        tokens.create(session, parts.settings, ana.id, "more", ["webhooks"], None, clock())
    session.commit()
    clock.tick(minutes=11)
    answer = browser.post("/account/tokens", {"token_name": "x", "scopes": "webhooks"}, on="/account")
    assert answer.location == "/prove?next=/account"
