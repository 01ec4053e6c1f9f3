"""One's own pictures, and nobody else's."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from imgpilot.accounts.models import Account
from imgpilot.gallery import pictures
from imgpilot.generation.make import make
from imgpilot.generation.models import Generation, Image
from imgpilot.parts import Parts
from tests.accounts.browser import Browser
from tests.conftest import Clock
from tests.generation.conftest import look

Enter = Callable[[Account], Browser]


@pytest.fixture
def finished(picture: UUID, parts: Parts) -> UUID:
    """The id of a picture of Ana's that is there."""
    make(parts, picture, parts.clock())
    return picture


def test_the_page_of_a_picture_says_everything_it_was_made_from(finished: UUID, ana: Account, signed_in: Enter) -> None:
    page = signed_in(ana).get(f"/images/{finished}").text
    for said in (
        "two pears on a white plate",
        "Sandbox draft",
        "Sandbox on this machine",
        "1:1",
        "768 × 768",
        "PNG",
    ):
        assert said in page
    assert f"/images/{finished}/file?download=1" in page


def test_the_file_is_what_the_provider_sent(session: Session, finished: UUID, ana: Account, signed_in: Enter) -> None:
    image = look(session, finished)
    answer = signed_in(ana).get(f"/images/{finished}/file")
    assert hashlib.sha256(answer.data).hexdigest() == image.sha256
    assert answer.content_length == image.bytes
    assert answer.mimetype == "image/png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, max-age=604800, immutable"
    assert "Content-Disposition" not in answer.headers
    saved = signed_in(ana).get(f"/images/{finished}/file?download=1")
    assert saved.headers["Content-Disposition"] == f'attachment; filename="imgpilot-{str(finished)[:8]}.png"'
    assert saved.data == answer.data


def test_a_browser_that_has_the_file_is_not_sent_it_again(finished: UUID, ana: Account, signed_in: Enter) -> None:
    browser = signed_in(ana)
    tag = browser.get(f"/images/{finished}/thumbnail").headers["ETag"]
    again = browser.get(f"/images/{finished}/thumbnail", **{"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")


def paths(id_: UUID) -> list[str]:
    return [f"/images/{id_}", f"/images/{id_}/file", f"/images/{id_}/thumbnail"]


def test_somebody_elses_picture_is_answered_as_one_that_is_not_there(
    session: Session, finished: UUID, ana: Account, bob: Account, signed_in: Enter
) -> None:
    hers = look(session, finished)
    his, nobody = signed_in(bob), uuid4()
    known = [*paths(finished), f"/studio/{hers.generation_id}"]
    unknown = [*paths(nobody), f"/studio/{nobody}"]
    for path, missing in zip(known, unknown, strict=True):
        answer, reference = his.get(path), his.get(missing)
        assert (answer.status_code, reference.status_code) == (404, 404)
        assert scrubbed(answer.text, path) == scrubbed(reference.text, missing)
        assert set(answer.headers.keys()) == set(reference.headers.keys())
    assert str(finished) not in his.get("/gallery").text
    assert str(finished) not in his.get("/studio").text


def scrubbed(page: str, path: str) -> str:
    return page.replace(path, "PATH")


def test_whoever_is_signed_out_sees_nothing(site: Flask, finished: UUID) -> None:
    for path in (*paths(finished), "/gallery", f"/references/{finished}"):
        assert Browser(site).get(path).status_code == 302


def test_somebody_elses_reference_is_not_shown(
    session: Session, parts: Parts, ana: Account, bob: Account, signed_in: Enter
) -> None:
    import io

    from imgpilot.generation import references
    from tests.generation.conftest import photo

    with references.taking_in(session, parts.storage, ana, io.BytesIO(photo()), parts.clock()) as taken:
        session.commit()
    assert signed_in(ana).get(f"/references/{taken.id}").status_code == 200
    assert signed_in(bob).get(f"/references/{taken.id}").status_code == 404
    assert signed_in(bob).get(f"/references/{taken.id}/small").status_code == 404


def test_a_picture_that_is_not_finished_has_no_page(picture: UUID, ana: Account, signed_in: Enter) -> None:
    browser = signed_in(ana)
    assert [browser.get(path).status_code for path in paths(picture)] == [404, 404, 404]


def test_an_object_that_is_gone_is_said(
    session: Session, parts: Parts, finished: UUID, ana: Account, signed_in: Enter
) -> None:
    parts.storage.remove([look(session, finished).object_key or ""])
    answer = signed_in(ana).get(f"/images/{finished}/file")
    assert answer.status_code == 503
    assert "cannot be reached" in answer.text


def test_an_empty_gallery_says_what_to_do(ana: Account, signed_in: Enter) -> None:
    page = signed_in(ana).get("/gallery").text
    assert "No pictures yet" in page and "/studio" in page


def fill(session: Session, account: Account, clock: Clock, count: int) -> list[UUID]:
    """So many finished pictures, the oldest first; three of them in each moment, to make paging hard."""
    made = []
    for number in range(count):
        order = Generation(
            account_id=account.id, prompt=f"picture {number}", model="sandbox-draft", ratio="1:1", width=1,
            height=1, credits_each=1, created_at=clock() + timedelta(seconds=number // 3),
        )  # fmt: skip
        session.add(order)
        session.flush()
        image = Image(
            generation_id=order.id, position=0, state="finished", object_key=f"{account.id}/images/{number}.png",
            thumbnail_key=f"{account.id}/images/{number}-small.webp", media_type="image/png", width=1, height=1,
            bytes=1, sha256="", finished_at=clock(),
        )  # fmt: skip
        session.add(image)
        session.flush()
        made.append(image.id)
    session.commit()
    return made


def test_paging_shows_each_picture_once(
    session: Session, parts: Parts, clock: Clock, ana: Account, bob: Account
) -> None:
    hers = fill(session, ana, clock, 95)
    fill(session, bob, clock, 5)
    seen: list[UUID] = []
    after = ""
    for size in (60, 35):
        page = pictures.page(session, ana.id, after)
        assert len(page.pictures) == size
        seen += [one.image.id for one in page.pictures]
        after = page.further
    assert after == ""
    assert sorted(seen) == sorted(hers)
    times = [session.get(Image, id_) for id_ in seen]
    assert len(times) == 95
    assert pictures.count(session, ana.id) == 95


def test_the_gallery_leads_to_its_next_page(session: Session, clock: Clock, ana: Account, signed_in: Enter) -> None:
    import html
    import re

    fill(session, ana, clock, 65)
    browser = signed_in(ana)
    first = browser.get("/gallery").text
    found = re.search(r'href="(/gallery\?after=[^"]+)"', first)
    assert found
    second = browser.get(html.unescape(found[1])).text
    assert "picture 64" in first and "picture 0<" not in first
    assert "picture 0<" in second and "picture 64" not in second
    assert "Back to the newest" in second


@pytest.mark.parametrize("after", ["x", "~", "2026-13-45~x", "2026-01-01T00:00:00+00:00~", "\x00", "9" * 5000])
def test_an_address_that_makes_no_sense_begins_at_the_beginning(
    session: Session, clock: Clock, ana: Account, signed_in: Enter, after: str
) -> None:
    fill(session, ana, clock, 1)
    answer = signed_in(ana).client.get("/gallery", query_string={"after": after}, base_url="http://127.0.0.1:8000")
    assert answer.status_code == 200
    assert "picture 0" in answer.text
