"""Fetching a package: fresh proof, a link that works once, nothing let out that does not open."""

import html
import logging
import re
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from compliance import vault
from compliance.audit.models import Entry
from compliance.requests.models import Download, Package, PackageLink
from imgpilot.accounts.models import SignIn
from imgpilot.errors import StorageError
from imgpilot.parts import Parts
from imgpilot.purposes import RIGHTS
from imgpilot.sandbox.server import Sandbox
from imgpilot.storage import Folder
from tests.accounts.browser import Browser, link_path
from tests.conftest import Clock
from tests.portal.conftest import Enter
from tests.world import Somebody

#: Longer than two chunks of the vault and than a piece of the store.
ZIP = b"".join(sha256(bytes([n % 256, n // 256])).digest() for n in range(9_000))


@pytest.fixture
def package(session: Session, parts: Parts, ana: Somebody, bob: Somebody, clock: Clock) -> Package:
    """A package of Ana's that opens. Nobody fetched anything before, Bob neither."""
    assert ana.account.id != bob.account.id
    row = session.scalars(select(Package).where(Package.request_id == ana.request.id)).one()
    key = vault.new_key()
    parts.storage.put(
        row.object_key, vault.locked([ZIP], key), "application/octet-stream", subject=ana.account.id, purpose=RIGHTS
    )
    row.wrapped_key = vault.wrapped(parts.settings, key, str(row.id))
    row.bytes, row.sha256 = len(ZIP), sha256(ZIP).hexdigest()
    row.expires_at = clock() + timedelta(days=14)
    session.execute(text("DELETE FROM package_link"))
    session.execute(text("DELETE FROM request_download"))
    session.commit()
    return row


@pytest.fixture
def browser(package: Package, ana: Somebody, signed_in: Enter) -> Browser:
    """Ana's browser."""
    assert package.request_id == ana.request.id
    return signed_in(ana)


Link = Callable[[], str]


def text_of(page: str) -> str:
    """What somebody reads on the page."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.fixture
def page(ana: Somebody) -> str:
    """Where Ana's request is."""
    return f"/privacy/requests/{ana.request.id}"


@pytest.fixture
def link(browser: Browser, page: str) -> Link:
    """Press the button; where it leads."""

    def press() -> str:
        answer = browser.post(f"{page}/package/link", on="/account")
        assert answer.status_code == 303, text_of(answer.text)
        return str(answer.location)

    return press


def downloads(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Download)) or 0


def test_p18_a_link_fetches_the_package_once_and_it_is_written_down(
    session: Session, parts: Parts, browser: Browser, ana: Somebody, link: Link
) -> None:
    answer = browser.get(link())
    assert (answer.status_code, answer.data) == (200, ZIP)
    assert answer.headers["Content-Length"] == str(len(ZIP))
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{ana.request.case}.zip"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.mimetype == "application/zip"
    assert session.scalars(select(Download.actor)).all() == ["person"]
    entries = session.scalars(select(Entry).order_by(Entry.seq)).all()
    assert [(e.action, e.actor, e.subject) for e in entries] == [
        ("package link made", "person", ana.request.subject),
        ("package downloaded", "person", ana.request.subject),
    ]
    assert ZIP[:64] not in b"".join(parts.storage.open(select_key(session, ana))), "it lies encrypted"


def select_key(session: Session, somebody: Somebody) -> str:
    return session.scalars(select(Package.object_key).where(Package.request_id == somebody.request.id)).one()


def test_a_second_time_the_link_is_used_and_a_button_gets_a_new_one(
    session: Session, browser: Browser, page: str, link: Link
) -> None:
    first = link()
    browser.get(first)
    answer = browser.get(first)
    assert answer.status_code == 410
    assert "This link was used. Get a new one." in text_of(answer.text)
    assert f'action="{page}/package/link"' in answer.text
    assert downloads(session) == 1
    assert browser.get(link()).data == ZIP
    assert downloads(session) == 2


def test_asking_with_head_uses_nothing_up(session: Session, browser: Browser, link: Link) -> None:
    there = link()
    answer = browser.client.head(there, base_url=browser.base)
    assert (answer.status_code, answer.headers["Content-Length"], answer.data) == (200, str(len(ZIP)), b"")
    assert downloads(session) == 0
    assert browser.get(there).data == ZIP
    assert browser.client.head(there, base_url=browser.base).status_code == 410


def test_it_is_used_up_before_the_first_byte_goes_out(session: Session, browser: Browser, link: Link) -> None:
    there = link()
    answer = browser.client.get(there, base_url=browser.base, buffered=False)
    assert downloads(session) == 1, "nothing was read yet"
    assert browser.get(there).status_code == 410
    answer.close()


def test_of_two_at_once_one_gets_it(browser: Browser, site: Flask, session: Session, link: Link) -> None:
    there, ready, ended = link(), threading.Barrier(2), list[int]()

    def get(mine: Browser) -> None:
        ready.wait()
        ended.append(mine.get(there).status_code)

    other = Browser(site)
    other.client.set_cookie("imgpilot_sign_in", browser.token or "", domain="127.0.0.1")
    threads = [threading.Thread(target=get, args=(one,)) for one in (browser, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ended) == [200, 410]
    assert downloads(session) == 1


def test_a_link_lasts_fifteen_minutes_and_a_newer_one_ends_it(browser: Browser, clock: Clock, link: Link) -> None:
    old = link()
    clock.tick(seconds=1)
    new = link()
    assert "This link has run out." in text_of(browser.get(old).text)
    clock.tick(minutes=14, seconds=59)
    assert browser.client.head(new, base_url=browser.base).status_code == 200
    clock.tick(seconds=1)
    answer = browser.get(new)
    assert answer.status_code == 410
    assert "This link has run out. Get a new one." in text_of(answer.text)


def test_p18_without_proof_from_minutes_ago_there_is_no_link_and_after_it_one_is_back_where_one_was(
    session: Session, browser: Browser, sandbox: Sandbox, page: str, clock: Clock
) -> None:
    clock.tick(minutes=10)
    token = browser.csrf("/account")
    sent = browser.send(f"{page}/package/link", {"csrf_token": token}, Referer=f"http://127.0.0.1:8000{page}")
    assert (sent.status_code, sent.location) == (303, f"/prove?next={page}")
    assert session.scalar(select(func.count()).select_from(PackageLink)) == 0
    browser.post(sent.location)
    assert browser.post(link_path(sandbox, "ana@example.com")).location == page
    assert browser.post(f"{page}/package/link", on="/account").location.startswith(f"{page}/package/")


def test_nobody_else_gets_it_with_the_link(
    session: Session, site: Flask, bob: Somebody, signed_in: Enter, page: str, link: Link
) -> None:
    there = link()
    stranger, bobs = Browser(site), signed_in(bob)
    assert stranger.get(there).location.startswith("/sign-in")
    assert bobs.get(there).status_code == 404
    assert bobs.get(there.replace(page, f"/privacy/requests/{bob.request.id}")).status_code == 410
    assert bobs.post(f"{page}/package/link", on="/account").status_code == 404
    assert stranger.send(f"{page}/package/link", {}).status_code == 400
    assert downloads(session) == 0


def test_what_is_no_link_is_said_so(browser: Browser, page: str) -> None:
    answer = browser.get(f"{page}/package/abc")
    assert answer.status_code == 410
    assert "We do not know this link." in text_of(answer.text)


def test_there_is_no_way_without_a_link(browser: Browser, page: str) -> None:
    assert browser.get(f"{page}/package").status_code == 404
    assert browser.get(f"{page}/package/link").status_code in (405, 410)


def test_p18_after_fourteen_days_there_is_no_link_and_an_old_one_fetches_nothing(
    session: Session, browser: Browser, package: Package, page: str, clock: Clock, link: Link
) -> None:
    package.expires_at = clock() + timedelta(minutes=5)
    session.commit()
    there = link()
    clock.tick(minutes=5)
    for answer in (browser.get(there), browser.post(f"{page}/package/link", on="/account")):
        assert answer.status_code == 404
        assert "its 14 days are over. You can ask again." in text_of(answer.text)
    assert downloads(session) == 0


def test_a_portable_package_is_fetched_the_same_way(
    session: Session, browser: Browser, package: Package, ana: Somebody, link: Link
) -> None:
    package.kind = "portable"
    session.commit()
    answer = browser.get(link())
    assert answer.data == ZIP
    assert f'filename="{ana.request.case}-portable.zip"' in answer.headers["Content-Disposition"]


def _another_key(parts: Parts, package: Package) -> None:
    package.wrapped_key = vault.wrapped(parts.settings, vault.new_key(), str(package.id))


def _another_row(parts: Parts, package: Package) -> None:
    package.wrapped_key = vault.wrapped(parts.settings, vault.new_key(), str(package.request_id))


def _no_key(_parts: Parts, package: Package) -> None:
    package.wrapped_key = "gone"


def _as_it_is(parts: Parts, package: Package) -> None:
    parts.storage.put(package.object_key, [ZIP], "application/zip", subject=None, purpose=RIGHTS)


def _altered(parts: Parts, package: Package) -> None:
    path: Path = parts.settings.home / "objects" / package.object_key
    data = bytearray(path.read_bytes())
    data[100] ^= 1
    path.write_bytes(data)


def _lost(parts: Parts, package: Package) -> None:
    parts.storage.remove([package.object_key])


@pytest.mark.parametrize("spoil", [_another_key, _another_row, _no_key, _as_it_is, _altered, _lost])
def test_p18_a_package_that_does_not_open_lets_nothing_out_and_staff_are_told(
    session: Session,
    parts: Parts,
    browser: Browser,
    package: Package,
    ana: Somebody,
    link: Link,
    caplog: pytest.LogCaptureFixture,
    spoil: Callable[[Parts, Package], None],
) -> None:
    spoil(parts, package)
    session.commit()
    there = link()
    with caplog.at_level(logging.ERROR):
        answer = browser.get(there)
    assert answer.status_code == 500
    assert "Your package does not open" in answer.text and "Nothing of it was handed out" in text_of(answer.text)
    assert ZIP[:32] not in answer.data
    (told,) = [record.getMessage() for record in caplog.records if record.name == "compliance.portal.delivery"]
    assert str(package.id) in told
    assert "ana" not in told.lower() and str(ana.account.id) not in told
    assert downloads(session) == 0
    assert session.scalar(select(PackageLink.used_at)) is None


def test_what_was_altered_further_on_breaks_off_and_no_altered_byte_goes_out(
    parts: Parts, browser: Browser, package: Package, link: Link, caplog: pytest.LogCaptureFixture
) -> None:
    path = parts.settings.home / "objects" / package.object_key
    data = bytearray(path.read_bytes())
    data[-100] ^= 1
    path.write_bytes(data)
    answer = browser.client.get(link(), base_url=browser.base, buffered=False)
    got = bytearray()
    with caplog.at_level(logging.ERROR), pytest.raises(vault.Locked):
        for piece in answer.response:
            got += piece if isinstance(piece, bytes) else piece.encode()
    assert ZIP.startswith(bytes(got)) and len(got) < len(ZIP)
    assert answer.headers["Content-Length"] == str(len(ZIP))
    assert "does not open: Locked" in caplog.text


def test_an_object_store_that_is_away_leaves_the_link_as_it_was(
    session: Session, parts: Parts, browser: Browser, link: Link
) -> None:
    class Away(Folder):
        def open(self, key: str) -> Iterator[bytes]:
            raise StorageError("the object store did not answer")

    there = link()
    folder = parts.settings.home / "objects"
    parts.__dict__["storage"] = Away(folder)
    answer = browser.get(there)
    assert answer.status_code == 503
    assert "Your link still works" in text_of(answer.text)
    assert downloads(session) == 0
    parts.__dict__["storage"] = Folder(folder)
    assert browser.get(there).data == ZIP


def test_links_and_tokens_are_kept_as_digests_only(session: Session, parts: Parts, link: Link) -> None:
    token = link().rpartition("/")[2]
    row = session.scalars(select(PackageLink)).one()
    assert token not in (row.digest, str(row.id)) and len(row.digest) == 64
    entries = repr([(e.facts, e.subject) for e in session.scalars(select(Entry))])
    assert token not in entries and row.digest not in entries
    assert session.scalar(select(SignIn.proved_at).where(SignIn.proved_at == parts.clock())) is not None
