"""Ana and Bob with finished pictures whose prompts are marked, and the site they publish them on."""

import io
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from PIL import Image as Pillow
from sqlalchemy.orm import Session

from imgpilot.accounts.models import Account
from imgpilot.app import create_app
from imgpilot.generation.models import Generation, Image
from imgpilot.parts import Parts
from imgpilot.purposes import STORAGE
from imgpilot.sharing import publishing
from imgpilot.sharing.models import Share
from imgpilot.storage import key_for
from tests.accounts.browser import Browser
from tests.generation.conftest import MOUNTS, ana, bob, signed_in, templates

__all__ = ["ana", "bob", "signed_in", "templates"]

PROMPT = "Zanzibar lighthouse <b>at</b> dusk & “two” pears"


@pytest.fixture
def site(parts: Parts, templates: FileSystemBytecodeCache) -> Flask:
    """The site with sharing, on the parts of this test."""
    made = create_app("site", MOUNTS, parts)
    made.jinja_env.bytecode_cache = templates
    made.testing = True
    return made


@pytest.fixture
def stranger(site: Flask) -> Browser:
    """A browser in which nobody is signed in."""
    return Browser(site)


def drawn(size: tuple[int, int] = (1600, 1000), **more: object) -> bytes:
    """The bytes of a PNG of that size."""
    made = io.BytesIO()
    Pillow.linear_gradient("L").resize(size).convert("RGB").save(made, "PNG", **more)
    return made.getvalue()


@pytest.fixture
def finished(session: Session, parts: Parts) -> Callable[..., UUID]:
    """A finished picture of somebody's; its id."""

    def make(account: Account, prompt: str = PROMPT, data: bytes | None = None) -> UUID:
        now, data = parts.clock(), data or drawn()
        order = Generation(
            account_id=account.id,
            prompt=prompt,
            model="sandbox-painter",
            ratio="3:2",
            width=1600,
            height=1000,
            credits_each=6,
            created_at=now,
        )
        session.add(order)
        session.flush()
        id_ = uuid4()
        keys = [key_for(account.id, "images", f"{id_}.png"), key_for(account.id, "images", f"{id_}-small.webp")]
        for key in keys:
            parts.storage.put(key, [data], "image/png", subject=account.id, purpose=STORAGE)
        session.add(
            Image(
                id=id_,
                generation_id=order.id,
                position=0,
                state="finished",
                object_key=keys[0],
                thumbnail_key=keys[1],
                media_type="image/png",
                width=1600,
                height=1000,
                bytes=len(data),
                sha256="0" * 64,
                finished_at=now,
            )
        )
        session.commit()
        return id_

    return make


@pytest.fixture
def picture(finished: Callable[..., UUID], ana: Account) -> UUID:
    """The id of a finished picture of Ana's."""
    return finished(ana)


@pytest.fixture
def publish(session: Session, parts: Parts, ana: Account) -> Callable[..., Share]:
    """Publish a picture of Ana's."""

    def do(image_id: UUID, *, show_prompt: bool = False, listed: bool = False) -> Share:
        made = publishing.publish(parts, session, ana.id, image_id, show_prompt, listed, parts.clock())
        session.commit()
        return made

    return do
