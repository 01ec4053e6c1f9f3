"""Ana with credits, her orders, and the site they are ordered on."""

import io
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Blueprint, Flask
from jinja2 import FileSystemBytecodeCache
from PIL import Image as Pillow
from sqlalchemy import select
from sqlalchemy.orm import Session

from imgpilot.accounts import sign_ins
from imgpilot.accounts.models import Account
from imgpilot.accounts.people import COOKIE
from imgpilot.app import create_app
from imgpilot.billing import ledger
from imgpilot.generation.models import Generation, Image
from imgpilot.generation.order import Wish, order
from imgpilot.parts import Parts
from tests.accounts.browser import Browser

#: The parts of the site that these tests need.
MOUNTS = [
    "imgpilot.accounts.views:mount",
    "imgpilot.generation.views:mount",
    "imgpilot.gallery.views:mount",
    "imgpilot.safety.views:mount",
    "imgpilot.sharing.views:mount",
    "imgpilot.machine:mount",
    "tests.generation.conftest:mount_the_rest",
]


def mount_the_rest(app: Flask) -> None:
    """Stand where the privacy centre is."""
    portal = Blueprint("portal", __name__)
    portal.add_url_rule("/privacy", "centre", lambda: "centre")
    app.register_blueprint(portal)


def somebody(session: Session, parts: Parts, name: str, purse: int = 40) -> Account:
    """A person with credits."""
    account = Account(email=f"{name}@example.com", created_at=parts.clock())
    session.add(account)
    session.flush()
    ledger.grant(session, account.id, purse, why="welcome", at=parts.clock())
    session.commit()
    return account


@pytest.fixture
def ana(session: Session, parts: Parts) -> Account:
    """Ana, with 40 credits."""
    return somebody(session, parts, "ana")


@pytest.fixture
def bob(session: Session, parts: Parts) -> Account:
    """Bob, with 40 credits."""
    return somebody(session, parts, "bob")


def wish(**given: Any) -> Wish:
    """Two pears from the draft model, one picture, acknowledged."""
    usual = {
        "id": uuid4(),
        "prompt": "two pears on a white plate",
        "model": "sandbox-draft",
        "ratio": "1:1",
        "count": 1,
        "acknowledged": True,
    }
    return Wish(**(usual | given))


@pytest.fixture
def ordered(session: Session, parts: Parts) -> Callable[..., Generation]:
    """Order pictures for somebody and commit."""

    def place(account: Account, **given: Any) -> Generation:
        made = order(session, parts.settings, account, wish(**given), parts.clock())
        session.commit()
        return made

    return place


@pytest.fixture
def picture(ordered: Callable[..., Generation], ana: Account, session: Session) -> UUID:
    """The id of one picture that Ana ordered."""
    (image,) = images_of(session, ordered(ana))
    return image.id


def images_of(session: Session, generation: Generation) -> list[Image]:
    """The pictures of an order as the database has them now."""
    wanted = select(Image).where(Image.generation_id == generation.id).order_by(Image.position)
    return list(session.scalars(wanted, execution_options={"populate_existing": True}))


def look(session: Session, image_id: UUID) -> Image:
    """A picture's row as the database has it now."""
    session.rollback()
    found = session.get(Image, image_id, populate_existing=True)
    assert found
    return found


def photo(kind: str = "PNG", size: tuple[int, int] = (64, 48), mode: str = "RGB", **more: Any) -> bytes:
    """The bytes of a small picture."""
    made = io.BytesIO()
    Pillow.linear_gradient("L").resize(size).convert(mode).save(made, kind, **more)
    return made.getvalue()


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """The templates that were compiled already: each test has an application of its own."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def site(parts: Parts, templates: FileSystemBytecodeCache) -> Iterator[Flask]:
    """The site on the parts of this test."""
    made = create_app("site", MOUNTS, parts)
    made.jinja_env.bytecode_cache = templates
    made.testing = True
    yield made
    made.extensions["live"].close()


@pytest.fixture
def signed_in(site: Flask, session: Session, parts: Parts) -> Callable[[Account], Browser]:
    """A browser in which somebody is signed in."""

    def enter(account: Account) -> Browser:
        token = sign_ins.start(session, parts.settings, account, "Firefox · Linux", parts.clock())
        session.commit()
        browser = Browser(site)
        browser.client.set_cookie(COOKIE, token, domain="127.0.0.1")
        return browser

    return enter
