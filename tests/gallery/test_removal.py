"""Removing pictures: hidden at once, theirs to take back for 30 days, then gone with everything that hung on them."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from imgpilot.accounts.models import Account
from imgpilot.api.models import WebhookDelivery, WebhookEndpoint
from imgpilot.billing.models import CreditEntry
from imgpilot.db import Base
from imgpilot.errors import NotYours, StorageError
from imgpilot.gallery import collecting, pictures, removal
from imgpilot.gallery.models import CollectionImage
from imgpilot.generation.models import Generation, GenerationReference, Image
from imgpilot.parts import Parts
from imgpilot.sharing.models import GoneShare, Share, ShareReport
from imgpilot.storage import Folder
from tests.accounts.browser import Browser
from tests.conftest import Clock
from tests.gallery.conftest import Hang, there

Enter = Callable[[Account], Browser]
DAY = timedelta(days=1)


def rows(session: Session, *kinds: type[Base]) -> list[int]:
    return [session.scalar(select(func.count()).select_from(kind)) or 0 for kind in kinds]


def removed(parts: Parts, session: Session, account: Account, *images: Image) -> None:
    removal.remove(parts, session, account.id, [image.id for image in images], parts.clock())
    session.commit()


def test_a_removed_picture_is_hidden_at_once_and_comes_back(
    session: Session, parts: Parts, ana: Account, signed_in: Enter, hang: Hang
) -> None:
    image, browser = hang(ana), signed_in(ana)
    said = browser.post("/gallery/remove", {"id": str(image.id), "confirmed": "1"}, on="/gallery")
    assert said.status_code == 303
    for path in (f"/images/{image.id}", f"/images/{image.id}/file", f"/images/{image.id}/thumbnail"):
        assert browser.get(path).status_code == 404
    page = browser.get("/gallery").text
    assert str(image.id) not in page
    assert "1 picture removed" in page and "Undo" in page
    listed = browser.get("/gallery?removed=1").text
    assert str(image.id) in listed and "Gone for good on Wed 23 Dec" in listed
    small = browser.get(f"/gallery/removed/{image.id}/thumbnail")
    assert (small.status_code, small.headers["Cache-Control"]) == (200, "no-store")
    browser.post("/gallery/restore", {"at": parts.clock().isoformat()}, on="/gallery?removed=1")
    assert browser.get(f"/images/{image.id}/file").status_code == 200
    assert "Nothing was removed" in browser.get("/gallery?removed=1").text


def test_without_script_it_asks_first(session: Session, ana: Account, signed_in: Enter, hang: Hang) -> None:
    images, browser = [hang(ana), hang(ana)], signed_in(ana)
    token = browser.csrf("/gallery")
    asked = browser.client.post(
        "/gallery/remove", data={"csrf_token": token, "id": [str(i.id) for i in images]}, base_url=browser.base
    )
    assert "Delete 2 pictures?" in asked.text and "23 Dec" in asked.text
    assert all(str(image.id) in asked.text for image in images)
    assert all((one := there(session, image.id)) and one.removed_at is None for image in images)


def test_one_undo_takes_back_what_was_removed_together(
    session: Session, parts: Parts, clock: Clock, ana: Account, hang: Hang
) -> None:
    first, second, third = hang(ana), hang(ana), hang(ana)
    removed(parts, session, ana, first)
    at = clock.tick(minutes=1)
    removed(parts, session, ana, second, third)
    assert removal.restore(session, ana.id, clock(), removed_at=at) == 2
    session.commit()
    assert [one.image.id for one in pictures.some(session, ana.id, [first.id, second.id, third.id])] == sorted(
        [second.id, third.id], reverse=True
    )


def test_after_thirty_days_it_is_gone_and_not_a_day_before(
    session: Session, parts: Parts, clock: Clock, ana: Account, hang: Hang
) -> None:
    image = hang(ana)
    keys = [image.object_key, image.thumbnail_key]
    removed(parts, session, ana, image)
    clock.tick(days=29)
    assert removal.purge(parts, clock()) == 0
    assert set(parts.storage.keys()) == set(keys)
    clock.tick(days=1)
    assert removal.restore(session, ana.id, clock(), image_ids=[image.id]) == 0
    session.commit()
    assert removal.purge(parts, clock()) == 1
    assert there(session, image.id) is None
    assert list(parts.storage.keys()) == []
    assert rows(session, Generation, Image) == [0, 0]
    assert removal.purge(parts, clock()) == 0


def test_p03_everything_that_hung_on_the_last_picture_goes_with_it_and_the_ledger_keeps_its_lines(
    session: Session, parts: Parts, clock: Clock, ana: Account, hang: Hang
) -> None:
    now = clock()
    image = hang(ana)
    order = session.get_one(Generation, image.generation_id)
    hang(ana, of=order, state="blocked")
    endpoint = WebhookEndpoint(account_id=ana.id, url="https://a.example", events=[], created_at=now)
    share = Share(
        id="a" * 22, account_id=ana.id, image_id=image.id, show_prompt=True, listed=False, published_at=now,
        changed_at=now,
    )  # fmt: skip
    session.add_all([endpoint, share, GenerationReference(generation_id=order.id, position=0)])
    session.add(CreditEntry(account_id=ana.id, kind="hold", amount=-1, image_id=image.id, why="picture", at=now))
    session.flush()
    session.add(ShareReport(at=now, share_id=share.id, reason="other", details="", language="en"))
    session.add(
        WebhookDelivery(endpoint_id=endpoint.id, generation_id=order.id, event="x", state="delivered", created_at=now)
    )
    collecting.put(session, ana.id, collecting.create(session, ana.id, "Shores", now).id, [image.id], now)
    session.commit()
    # A page that came after the picture was hidden, however that may be, goes too.
    session.get_one(Image, image.id).removed_at = now - 31 * DAY
    session.commit()
    lines = rows(session, CreditEntry)
    assert removal.purge(parts, now) == 1
    assert rows(session, Generation, Image, GenerationReference, CollectionImage, Share) == [0, 0, 0, 0, 0]
    assert rows(session, GoneShare, ShareReport, WebhookDelivery) == [1, 1, 1]
    assert rows(session, CreditEntry) == lines
    assert session.scalars(select(CreditEntry.image_id).where(CreditEntry.image_id.is_not(None))).all() == []


def test_every_table_that_points_at_a_picture_or_an_order_is_thought_of() -> None:
    """A new one fails here: say in removal.py what becomes of its rows."""
    pointing = {
        f"{key.parent.table.name}.{key.parent.name}"
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name in ("image", "generation")
    }
    assert pointing == {
        "image.generation_id",
        "generation_reference.generation_id",
        "webhook_delivery.generation_id",
        "credit_entry.image_id",
        "collection_image.image_id",
        "share.image_id",
    }


def test_the_order_stays_while_it_has_another_picture(
    session: Session, parts: Parts, clock: Clock, ana: Account, hang: Hang
) -> None:
    first = hang(ana)
    order = session.get_one(Generation, first.generation_id)
    second, waiting = hang(ana, of=order), hang(ana, of=order, state="queued")
    for image in (first, second):
        removed(parts, session, ana, image)
    clock.tick(days=31)
    assert removal.purge(parts, clock()) == 2
    assert rows(session, Generation, Image) == [1, 1]
    waiting = session.get_one(Image, waiting.id)
    waiting.state = "failed"
    waiting.removed_at = None
    session.commit()
    assert removal.purge(parts, clock()) == 0, "a picture that failed later is no removed one"


@pytest.mark.parametrize("column", ["held_at", "restricted_at", "closing_at", "frozen_at"])
def test_nothing_goes_while_it_is_held_or_restricted(
    session: Session, parts: Parts, clock: Clock, ana: Account, hang: Hang, column: str
) -> None:
    image = hang(ana)
    removed(parts, session, ana, image)
    setattr(ana, column, clock())
    session.commit()
    assert removal.purge(parts, clock.tick(days=400)) == 0
    with pytest.raises(removal.StaysForNow):
        removal.delete_now(parts, session, ana.id, [image.id], clock())
    session.rollback()
    setattr(ana, column, None)
    session.commit()
    assert removal.purge(parts, clock()) == 1


class Killed(BaseException):
    """As if the process ended here."""


class Dying(Folder):
    """A store after whose removals something happens."""

    dies_of: BaseException = Killed()

    def remove(self, keys: Iterable[str]) -> None:
        super().remove(keys)
        raise self.dies_of


def test_a_crash_between_the_object_and_the_row_is_mended_by_the_next_run(
    session: Session, parts: Parts, clock: Clock, ana: Account, hang: Hang
) -> None:
    image = hang(ana)
    removed(parts, session, ana, image)
    session.rollback()
    whole = parts.storage
    parts.storage = Dying(parts.settings.home / "objects")  # type: ignore[misc]
    with pytest.raises(Killed):
        removal.delete_now(parts, session, ana.id, [image.id], clock())
    assert list(whole.keys()) == []
    left = there(session, image.id)
    assert left is not None
    assert removal.restore(session, ana.id, clock(), image_ids=[image.id]) == 0, "of a picture without its object"
    session.commit()
    parts.storage = whole  # type: ignore[misc]
    assert removal.purge(parts, clock()) == 1
    assert there(session, image.id) is None


def test_a_store_that_does_not_answer_holds_up_nobody_elses_pictures(
    session: Session, parts: Parts, clock: Clock, ana: Account, hang: Hang, caplog: pytest.LogCaptureFixture
) -> None:
    image = hang(ana)
    removed(parts, session, ana, image)
    whole = parts.storage
    parts.storage = away = Dying(parts.settings.home / "objects")  # type: ignore[misc]
    away.dies_of = StorageError("away")
    assert removal.purge(parts, clock.tick(days=31)) == 0
    assert "stays until the next run" in caplog.text
    assert there(session, image.id) is not None
    parts.storage = whole  # type: ignore[misc]
    assert removal.purge(parts, clock()) == 1


def test_deleting_for_good_now_asks_and_then_leaves_nothing(
    session: Session, parts: Parts, ana: Account, signed_in: Enter, hang: Hang
) -> None:
    image, other, browser = hang(ana), hang(ana), signed_in(ana)
    removed(parts, session, ana, image)
    asked = browser.post("/gallery/delete", {"id": str(image.id)}, on="/gallery?removed=1")
    assert "Delete 1 picture for good?" in asked.text
    assert there(session, image.id) is not None
    fields = {"id": str(image.id), "confirmed": "1"}
    assert browser.post("/gallery/delete", fields, on="/gallery?removed=1").status_code == 303
    assert there(session, image.id) is None
    # One that is not among the removed ones is not deleted in this way.
    browser.post("/gallery/delete", {"id": str(other.id), "confirmed": "1"}, on="/gallery")
    assert there(session, other.id) is not None


def test_all_removed_ones_can_be_deleted_together(
    session: Session, parts: Parts, ana: Account, signed_in: Enter, hang: Hang
) -> None:
    gone, stays, browser = [hang(ana) for _ in range(3)], hang(ana), signed_in(ana)
    removed(parts, session, ana, *gone)
    assert "Delete 3 pictures for good?" in browser.post("/gallery/delete", {"all": "1"}, on="/gallery?removed=1").text
    browser.post("/gallery/delete", {"all": "1", "confirmed": "1"}, on="/gallery?removed=1")
    session.rollback()
    assert session.scalars(select(Image.id)).all() == [stays.id]


def test_bob_does_nothing_with_anas_pictures(
    session: Session, parts: Parts, clock: Clock, ana: Account, bob: Account, signed_in: Enter, hang: Hang
) -> None:
    """Ids in forms are ids too."""
    now = clock()
    hers, hidden, his = hang(ana), hang(ana), hang(bob)
    removed(parts, session, ana, hidden)
    shores = collecting.create(session, ana.id, "Shores", now)
    collecting.put(session, ana.id, shores.id, [hers.id], now)
    walls = collecting.create(session, bob.id, "Walls", now)
    session.commit()
    browser = signed_in(bob)
    for path, more in (
        ("/gallery/remove", {"confirmed": "1"}),
        ("/gallery/delete", {"confirmed": "1"}),
        ("/gallery/restore", {}),
        ("/gallery/favourites", {}),
        ("/gallery/collect", {"collection": str(walls.id)}),
        ("/gallery/collect", {"collection": str(shores.id)}),
        ("/gallery/uncollect", {"out_of": str(shores.id)}),
        ("/gallery/download", {}),
    ):
        for image in (hers, hidden):
            answer = browser.post(path, {"id": str(image.id), **more}, on="/gallery")
            assert answer.status_code in (303, 400, 404), path
            assert answer.mimetype == "text/html"
    browser.post("/gallery/restore", {"at": now.isoformat()}, on="/gallery")
    browser.post("/gallery/collect", {"id": str(his.id), "collection": str(shores.id)}, on="/gallery")
    for path, fields in (("", {"name": "BOB"}), ("/delete", {})):
        assert browser.post(f"/collections/{shores.id}{path}", fields, on="/collections").status_code == 404
    assert browser.post(f"/images/{hers.id}/favourite", {"favourite": "1"}, on="/gallery").status_code == 404
    session.rollback()
    assert collecting.find(session, ana.id, shores.id).name == "Shores"
    mine = session.get_one(Image, hers.id, populate_existing=True)
    assert (mine.removed_at, mine.favourite_at) == (None, None)
    assert session.get_one(Image, hidden.id, populate_existing=True).removed_at == now
    inside = select(CollectionImage.collection_id, CollectionImage.image_id)
    assert [tuple(row) for row in session.execute(inside)] == [(shores.id, hers.id)]
    assert str(hers.id) not in browser.get(f"/gallery?collection={shores.id}").text
    assert browser.get(f"/gallery/removed/{hidden.id}/thumbnail").status_code == 404


def test_somebody_elses_and_unfinished_pictures_are_not_found(
    session: Session, ana: Account, bob: Account, hang: Hang
) -> None:
    for id_ in (hang(ana).id, hang(bob, state="failed").id, uuid4()):
        with pytest.raises(NotYours):
            pictures.find(session, bob.id, id_)


def test_removing_takes_public_pages_back_at_once(
    session: Session, parts: Parts, ana: Account, hang: Hang, clock: Clock
) -> None:
    image, at = hang(ana), clock()
    publish(session, ana, image.id, at)
    removed(parts, session, ana, image)
    assert rows(session, Share, GoneShare) == [0, 1]


def publish(session: Session, account: Account, image_id: UUID, at: datetime) -> None:
    """A public page of this picture."""
    share = Share(
        id="b" * 22, account_id=account.id, image_id=image_id, show_prompt=False, listed=False, published_at=at,
        changed_at=at,
    )  # fmt: skip
    session.add(share)
    session.commit()
