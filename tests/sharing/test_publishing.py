"""A person publishes a picture of theirs and takes it back."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL.PngImagePlugin import PngInfo
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from imgpilot.accounts import standing
from imgpilot.accounts.models import Account
from imgpilot.errors import NotYours, StorageError
from imgpilot.gallery import removal
from imgpilot.generation.models import Image
from imgpilot.parts import Parts
from imgpilot.sharing import ids, mine, public, publishing, saying
from imgpilot.sharing.errors import Barred, Gone, NotPublic, NotReadable, TellsPrompt
from imgpilot.sharing.models import GoneShare, Share
from tests.accounts.browser import Browser
from tests.conftest import Clock
from tests.sharing.conftest import PROMPT, drawn

Publish = Callable[..., Share]
Finished = Callable[..., UUID]


def cards(parts: Parts, account: Account) -> list[str]:
    """The objects made for public pages of this account."""
    return list(parts.storage.keys(f"{account.id}/cards/"))


def test_a_number_is_128_random_bits_in_22_letters_and_digits() -> None:
    some = {ids.fresh() for _ in range(500)}
    assert len(some) == 500
    assert all(ids.is_one(one) for one in some)
    assert {letter for one in some for letter in one[1:]} == set(ids.ALPHABET)


def test_nothing_is_public_by_default(session: Session, picture: UUID, ana: Account) -> None:
    assert session.scalar(select(func.count()).select_from(Share)) == 0
    assert mine.pages(session, ana.id) == []


def test_publishing_twice_is_publishing_once(session: Session, parts: Parts, picture: UUID, publish: Publish) -> None:
    first = publish(picture)
    assert publish(picture, show_prompt=True, listed=True).id == first.id
    assert (first.show_prompt, first.listed) == (True, True)


def test_somebody_elses_an_unfinished_and_a_removed_picture_are_not_published(
    session: Session, parts: Parts, picture: UUID, ana: Account, bob: Account
) -> None:
    def refused(account: Account, id_: UUID) -> None:
        with pytest.raises(NotYours):
            publishing.publish(parts, session, account.id, id_, False, False, parts.clock())
        session.rollback()

    refused(bob, picture)
    refused(ana, uuid4())
    session.get_one(Image, picture).removed_at = parts.clock()
    session.commit()
    refused(ana, picture)
    image = session.get_one(Image, picture)
    image.removed_at, image.state, image.object_key = None, "failed", None
    session.commit()
    refused(ana, picture)


def test_an_account_that_may_not_act_publishes_nothing_and_can_still_take_back(
    session: Session, parts: Parts, picture: UUID, ana: Account, publish: Publish, finished: Finished
) -> None:
    publish(picture)
    other = finished(ana)
    ana.restricted_at = parts.clock()
    session.commit()
    with pytest.raises(standing.Restricted):
        publishing.publish(parts, session, ana.id, other, False, False, parts.clock())
    session.rollback()
    assert publishing.take_back(parts, session, ana.id, [picture]) == 1


def test_taking_back_is_for_good_and_a_new_page_has_a_new_address(
    session: Session, parts: Parts, picture: UUID, ana: Account, publish: Publish
) -> None:
    old = publish(picture).id
    assert len(cards(parts, ana)) == 2
    assert publishing.take_back(parts, session, ana.id, [picture]) == 1
    session.commit()
    assert cards(parts, ana) == []
    with pytest.raises(Gone):
        public.find(session, old)
    assert publishing.take_back(parts, session, ana.id, [picture]) == 0
    new = publish(picture)
    assert new.id != old
    assert public.find(session, new.id).image.id == picture


def test_nobody_takes_back_what_is_somebody_elses(
    session: Session, parts: Parts, picture: UUID, bob: Account, publish: Publish
) -> None:
    id_ = publish(picture).id
    assert publishing.take_back(parts, session, bob.id, [picture]) == 0
    assert publishing.take_back(parts, session, bob.id) == 0
    assert public.find(session, id_)


def test_what_is_left_of_a_page_leads_nowhere(
    session: Session, parts: Parts, picture: UUID, ana: Account, publish: Publish
) -> None:
    id_ = publish(picture).id
    publishing.take_back(parts, session, ana.id)
    session.commit()
    [left] = session.scalars(select(GoneShare))
    assert left.digest == ids.digest(id_)
    assert id_ not in left.digest


def test_a_page_goes_even_if_the_object_store_is_away(
    session: Session, parts: Parts, picture: UUID, ana: Account, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = publish(picture).id

    def away(*_: object) -> None:
        raise StorageError("it is away")

    monkeypatch.setattr(parts.storage, "remove", away)
    assert publishing.take_back(parts, session, ana.id, [picture]) == 1
    session.commit()
    with pytest.raises(Gone):
        public.find(session, id_)


def test_a_picture_whose_page_was_taken_down_is_not_published_again(
    session: Session, parts: Parts, picture: UUID, ana: Account
) -> None:
    session.get_one(Image, picture).barred_for = "hate"
    session.commit()
    with pytest.raises(Barred):
        publishing.publish(parts, session, ana.id, picture, True, False, parts.clock())


@pytest.mark.parametrize("how", ["plain", "packed"])
def test_a_file_that_says_the_prompt_is_published_with_it_or_not_at_all(
    session: Session, parts: Parts, ana: Account, finished: Finished, publish: Publish, how: str
) -> None:
    words = PngInfo()
    words.add_itxt("Description", f"prompt: {PROMPT}", zip=how == "packed")
    picture = finished(ana, data=drawn(pnginfo=words))
    with pytest.raises(TellsPrompt):
        publishing.publish(parts, session, ana.id, picture, False, False, parts.clock())
    session.rollback()
    assert publish(picture, show_prompt=True)
    with pytest.raises(TellsPrompt):
        publishing.publish(parts, session, ana.id, picture, False, False, parts.clock())


def test_a_picture_that_cannot_be_read_is_not_published(
    session: Session, parts: Parts, ana: Account, finished: Finished
) -> None:
    broken = finished(ana, data=b"no picture")
    with pytest.raises(NotReadable):
        publishing.publish(parts, session, ana.id, broken, False, False, parts.clock())
    session.rollback()
    assert cards(parts, ana) == []


@pytest.mark.parametrize("stands", ["frozen_at", "closing_at", "restricted_at"])
def test_pages_of_an_account_that_may_not_act_are_not_shown_and_come_back(
    session: Session, clock: Clock, picture: UUID, ana: Account, publish: Publish, stranger: Browser, stands: str
) -> None:
    id_ = publish(picture).id
    setattr(ana, stands, clock())
    session.commit()
    for rest in ("", "/card.jpg", "/shown.webp", "/picture.png"):
        assert stranger.get(f"/share/{id_}{rest}").status_code == 404
    setattr(ana, stands, None)
    session.commit()
    assert stranger.get(f"/share/{id_}").status_code == 200


@given(st.text(max_size=40))
def test_no_text_but_a_number_is_looked_up(text: str) -> None:
    assert ids.is_one(text) == (len(text) == 22 and text.isascii() and text.isalnum())
    assert saying.page_in(_settings(), f"https://elsewhere.example/share/{text}") == ""


def _settings() -> Any:
    return type("S", (), {"site_url": "http://127.0.0.1:8000"})()


def test_an_address_that_never_was_is_not_gone(session: Session, parts: Parts) -> None:
    for id_ in (ids.fresh(), "x", "../../etc", "é" * 22):
        with pytest.raises(NotPublic):
            public.find(session, id_)


def test_the_card_is_1200_by_630_and_says_what_made_it(parts: Parts, publish: Publish, picture: UUID) -> None:
    import io

    from PIL import Image as Pillow

    share = publish(picture)
    assert share.card_key and share.shown_key
    card = b"".join(parts.storage.open(share.card_key))
    shown = b"".join(parts.storage.open(share.shown_key))
    assert Pillow.open(io.BytesIO(card)).size == (1200, 630)
    assert Pillow.open(io.BytesIO(shown)).size == (1280, 800)
    assert b"trainedAlgorithmicMedia" in card
    assert b"trainedAlgorithmicMedia" in shown


def test_p11_removing_a_picture_takes_its_page_back(
    session: Session, parts: Parts, picture: UUID, ana: Account, publish: Publish, stranger: Browser
) -> None:
    id_ = publish(picture).id
    removal.remove(parts, session, ana.id, [picture], parts.clock())
    session.commit()
    assert stranger.get(f"/share/{id_}").status_code == 410
    assert stranger.get(f"/share/{id_}/picture.png").status_code == 410


@pytest.mark.parametrize(
    "said", [rb'{"prompt":"\"Sea\" & \u5c71"}', '<p>"Sea" &amp; 山</p>'.encode(), '{"p":"\\"Sea\\" & 山"}'.encode()]
)
def test_p11_a_prompt_is_found_in_a_file_however_it_is_written_there(said: bytes) -> None:
    assert publishing.tells(said, '"Sea" & 山')
    assert not publishing.tells(said, '"Sea" & 水')
