"""What a person does with their pictures: favourites, collections, one file with many, the page of one."""

import io
import json
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from imgpilot.accounts.models import Account
from imgpilot.errors import NotThere
from imgpilot.gallery import collecting, favourites, packing, pictures
from imgpilot.gallery.collecting import NameMissing, NameTaken, NameTooLong
from imgpilot.gallery.models import CollectionImage
from imgpilot.generation import references
from imgpilot.generation.models import Generation, GenerationReference, Image
from imgpilot.parts import Parts
from imgpilot.storage import Folder
from tests.accounts.browser import Browser
from tests.conftest import Clock
from tests.gallery.conftest import Hang, there
from tests.generation.conftest import photo

Enter = Callable[[Account], Browser]


def chosen(browser: Browser, path: str, ids: list[object], **more: str) -> object:
    """The form of the gallery with these pictures ticked."""
    fields = {"csrf_token": browser.csrf("/gallery"), "id": [str(id_) for id_ in ids], **more}
    return browser.client.post(path, data=fields, base_url=browser.base)


def test_a_star_is_put_and_taken_without_a_page(
    session: Session, ana: Account, clock: Clock, signed_in: Enter, hang: Hang
) -> None:
    image, browser = hang(ana), signed_in(ana)
    token = {"csrf_token": browser.csrf("/gallery")}
    path = f"/images/{image.id}/favourite"
    answer = browser.send(path, token | {"favourite": "1"}, **{"HX-Request": "true"})
    assert (answer.status_code, answer.data) == (204, b"")
    assert (one := there(session, image.id)) and one.favourite_at == clock()
    assert 'aria-pressed="true"' in browser.get("/gallery?favourite=1").text
    clock.tick(hours=1)
    assert favourites.mark(session, ana.id, [image.id], True, clock()) == 1
    assert session.get_one(Image, image.id, populate_existing=True).favourite_at != clock(), "it keeps its time"
    session.commit()
    back = browser.send(path, token | {"favourite": "0", "back": "/gallery?favourite=1"})
    assert (back.status_code, back.headers["Location"]) == (303, "/gallery?favourite=1")
    assert (one := there(session, image.id)) and one.favourite_at is None
    away = browser.send(path, token | {"favourite": "1", "back": "//evil.example"})
    assert away.headers["Location"] == "/gallery"
    gone = browser.send(f"/images/{uuid4()}/favourite", token | {"favourite": "1"}, **{"HX-Request": "true"})
    assert (gone.status_code, gone.mimetype, gone.text) == (404, "text/plain", "There is no such picture.")


def test_collections_hold_pictures_and_lose_none(
    session: Session, ana: Account, bob: Account, clock: Clock, signed_in: Enter, hang: Hang
) -> None:
    images, browser = [hang(ana), hang(ana)], signed_in(ana)
    ids: list[object] = [image.id for image in images]
    assert chosen(browser, "/gallery/collect", ids, name="Shores").status_code == 303  # type: ignore[attr-defined]
    chosen(browser, "/gallery/collect", ids[:1], name="Shores")
    (shores,) = collecting.every(session, ana.id)
    assert (shores.name, shores.pictures) == ("Shores", 2)
    listed = browser.get(f"/gallery?collection={shores.id}").text
    assert all(f"/images/{id_}?" in listed for id_ in ids) and "<h1" in listed
    chosen(browser, "/gallery/uncollect", ids[:1], out_of=str(shores.id))
    session.rollback()
    assert collecting.every(session, ana.id)[0].pictures == 1
    page = browser.get("/collections").text
    assert "1 picture" in page and "Delete “Shores”?" in page
    browser.post(f"/collections/{shores.id}", {"name": " Dark  shores "}, on="/collections")
    assert [one.name for one in collecting.every(session, ana.id)] == ["Dark shores"]
    browser.post(f"/collections/{shores.id}/delete", on="/collections")
    session.rollback()
    assert collecting.every(session, ana.id) == []
    assert session.query(CollectionImage).count() == 0
    assert all(there(session, image.id) for image in images)
    assert collecting.every(session, bob.id) == []


def test_names_of_collections(session: Session, ana: Account, bob: Account, clock: Clock, signed_in: Enter) -> None:
    collecting.create(session, ana.id, "Shores", clock())
    collecting.create(session, bob.id, "Shores", clock())
    session.commit()
    for name, wrong in (("Shores", NameTaken), (" \x00 ", NameMissing), ("x" * 81, NameTooLong)):
        with pytest.raises(wrong):
            collecting.create(session, ana.id, name, clock())
    browser = signed_in(ana)
    answer = browser.post("/collections", {"name": "x" * 81})
    assert answer.status_code == 400
    assert "x" * 81 in answer.text and "80 characters" in answer.text, "what was typed is kept"
    assert browser.post("/collections", {"name": "Shores"}).status_code == 409


def test_the_chosen_ones_come_in_one_file(
    session: Session, parts: Parts, ana: Account, clock: Clock, signed_in: Enter, hang: Hang
) -> None:
    first = hang(ana, "one", seed=7)
    second, missing = hang(ana, "一片海", at=clock.tick(minutes=1)), hang(ana, at=clock.tick(minutes=1))
    parts.storage.remove([missing.object_key or ""])
    answer = chosen(signed_in(ana), "/gallery/download", [first.id, second.id, missing.id, uuid4()])
    assert answer.headers["Content-Disposition"] == 'attachment; filename="imgpilot-2026-11-23.zip"'  # type: ignore[attr-defined]
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:  # type: ignore[attr-defined]
        assert archive.testzip() is None
        names = [f"2026-11-23 14.4{n}.00 {str(one.id)[:8]}" for n, one in enumerate((first, second))]
        assert set(archive.namelist()) == {*(f"{n}.{end}" for n in names for end in ("png", "json")), "missing.txt"}
        assert archive.read(f"{names[0]}.png") == b"".join(parts.storage.open(first.object_key or ""))
        said = json.loads(archive.read(f"{names[0]}.json"))
        assert (said["prompt"], said["seed"], said["model"], said["ratio"]) == ("one", 7, "sandbox-draft", "3:2")
        assert json.loads(archive.read(f"{names[1]}.json"))["prompt"] == "一片海"
        assert str(missing.id)[:8] in archive.read("missing.txt").decode()


def test_a_download_of_nothing_or_of_too_much_says_so(ana: Account, signed_in: Enter, hang: Hang) -> None:
    hang(ana)
    browser = signed_in(ana)
    nothing = chosen(browser, "/gallery/download", [])
    assert (nothing.status_code, "No picture was chosen" in nothing.text) == (400, True)  # type: ignore[attr-defined]
    much = chosen(browser, "/gallery/download", [uuid4() for _ in range(501)])
    assert (much.status_code, "500 pictures fit" in much.text) == (413, True)  # type: ignore[attr-defined]


class Endless(Folder):
    """A store of pictures of 8 MB that are made while they are read; it counts how many are open."""

    opened = 0

    def open(self, key: str) -> Iterator[bytes]:
        if key == "gone":
            raise NotThere("gone")
        self.opened += 1
        return (bytes(256 * 1024) for _ in range(32))


def test_five_hundred_pictures_cost_the_memory_of_one_piece(parts: Parts, clock: Clock) -> None:
    store = Endless(parts.settings.home / "objects")
    order = Generation(
        id=uuid4(), prompt="p", model="m", ratio="1:1", width=1, height=1, credits_each=1, created_at=clock(),
        negative="", size="",
    )  # fmt: skip
    many = [
        pictures.Picture(Image(id=uuid4(), object_key="x", media_type="image/png", width=1, height=1), order)
        for _ in range(30)
    ]
    tracemalloc.start()
    total, most = 0, 0
    for piece in packing.packed(store, many, UTC):
        total, most = total + len(piece), max(most, len(piece))
        if store.opened < 2:
            assert total <= 9 * 2**20, "the second is opened when the first is through"
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert total > 30 * 8 * 2**20
    assert peak < 4 * 2**20


def test_the_page_of_a_picture_has_every_parameter_and_every_way_on(
    session: Session, parts: Parts, ana: Account, clock: Clock, signed_in: Enter, hang: Hang
) -> None:
    image = hang(ana, "一片海", negative="no boats", seed=11, strength=40, size="1K")
    with references.taking_in(session, parts.storage, ana, io.BytesIO(photo()), clock()) as taken:
        session.flush()
        session.add(GenerationReference(generation_id=image.generation_id, position=0, reference_id=taken.id))
        session.commit()
    shores = collecting.create(session, ana.id, "Shores", clock())
    collecting.put(session, ana.id, shores.id, [image.id], clock())
    session.commit()
    page = signed_in(ana).get(f"/images/{image.id}").text
    for said in ("no boats", "11", "40 % of the reference", "(1K)", "96 × 64", 'lang="zh"', "Shores", "1 credit"):
        assert said in page, said
    for link in (
        f"/studio?remix={image.generation_id}",
        f"/studio?reference={image.id}",
        f"/studio?vary={image.id}",
        f"/images/{image.id}/file?download=1",
        f"/references/{taken.id}",
    ):
        assert f'"{link}"' in page, link


def test_a_part_of_a_file_can_be_asked_for(ana: Account, parts: Parts, signed_in: Enter, hang: Hang) -> None:
    image, browser = hang(ana), signed_in(ana)
    whole = b"".join(parts.storage.open(image.object_key or ""))
    part = browser.get(f"/images/{image.id}/file", Range="bytes=2-9")
    assert (part.status_code, part.data) == (206, whole[2:10])
    assert part.headers["Content-Range"] == f"bytes 2-9/{len(whole)}"
    assert browser.get(f"/images/{image.id}/file").data == whole
    assert browser.get(f"/images/{image.id}/file", Range="bytes=99999-").status_code == 416
