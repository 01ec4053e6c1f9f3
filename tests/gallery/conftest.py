"""The same people, orders and browsers as in tests/generation; and pictures that are there without being made."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from imgpilot.accounts.models import Account
from imgpilot.generation.models import Generation, Image
from imgpilot.parts import Parts
from imgpilot.purposes import STORAGE
from imgpilot.storage import key_for
from tests.generation.conftest import ana, bob, ordered, photo, picture, signed_in, site, templates

__all__ = ["ana", "bob", "ordered", "picture", "signed_in", "site", "templates"]

#: A finished picture with its objects: of this account, with these columns of the order; `of`: into that order.
Hang = Callable[..., Image]


@pytest.fixture
def hang(session: Session, parts: Parts) -> Hang:
    """Hang a finished picture up."""
    bytes_ = {"image/png": photo(size=(96, 64)), "image/webp": photo("WEBP", size=(96, 64))}

    def put(account: Account, prompt: str = "two pears", of: Generation | None = None, **given: Any) -> Image:
        at: datetime = given.pop("at", parts.clock())
        image_of = {name: given.pop(name) for name in ("state", "favourite_at", "removed_at") if name in given}
        usual = {"model": "sandbox-draft", "ratio": "3:2", "width": 96, "height": 64, "credits_each": 1}
        made = of or Generation(id=uuid4(), account_id=account.id, prompt=prompt, created_at=at, **(usual | given))
        session.add(made)
        session.flush()
        id_, position = uuid4(), len(session.scalars(select(Image.id).where(Image.generation_id == made.id)).all())
        if image_of.get("state", "finished") != "finished":
            image = Image(id=id_, generation_id=made.id, position=position, **image_of)
        else:
            keys = [key_for(account.id, "images", f"{id_}.png"), key_for(account.id, "thumbnails", f"{id_}.webp")]
            for key, kind in zip(keys, bytes_, strict=True):
                parts.storage.put(key, [bytes_[kind]], kind, subject=account.id, purpose=STORAGE)
            image = Image(
                id=id_, generation_id=made.id, position=position, object_key=keys[0], thumbnail_key=keys[1],
                media_type="image/png", width=96, height=64, bytes=len(bytes_["image/png"]), sha256="0" * 64,
                started_at=at, finished_at=at, **({"state": "finished"} | image_of),
            )  # fmt: skip
        session.add(image)
        session.commit()
        return image

    return put


def there(session: Session, id_: UUID) -> Image | None:
    """The picture's row as the database has it now, if there is one."""
    session.rollback()
    return session.get(Image, id_, populate_existing=True)
