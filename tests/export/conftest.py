"""Ana and Bob with real pictures, a package of Ana's, and an ear for what WeasyPrint complains of."""

import io
import logging
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image as Pixels
from sqlalchemy.orm import Session

from compliance import vault
from compliance.export import package, report
from compliance.export.asked import Asked
from imgpilot.parts import Parts
from imgpilot.purposes import STORAGE
from imgpilot.storage import Stored
from tests.world import Somebody, person

#: What every package of these tests is locked with.
KEY = bytes(range(32))


def picture(shade: int, form: str = "PNG") -> bytes:
    """A real picture."""
    out = io.BytesIO()
    Pixels.linear_gradient("L").resize((96, 64)).convert("RGB").point(lambda v: (v + shade) % 256).save(out, form)
    return out.getvalue()


def _with_pictures(session: Session, parts: Parts, name: str, shade: int) -> Somebody:
    somebody = person(session, parts, name)
    image, reference = somebody.image, somebody.reference
    for key, form in (
        (image.object_key, "PNG"),
        (image.thumbnail_key, "WEBP"),
        (reference.object_key, "PNG"),
        (somebody.share.card_key, "JPEG"),
        (somebody.account.picture_key, "WEBP"),
    ):
        assert key
        parts.storage.put(
            key, [picture(shade, form)], f"image/{form.lower()}", subject=somebody.account.id, purpose=STORAGE
        )
        shade += 20
    return somebody


@pytest.fixture
def ana(session: Session, parts: Parts) -> Somebody:
    return _with_pictures(session, parts, "ana", 5)


@pytest.fixture
def bob(session: Session, parts: Parts) -> Somebody:
    return _with_pictures(session, parts, "bob", 105)


@pytest.fixture
def build(parts: Parts) -> Callable[..., Stored]:
    """Build the package of a person, under KEY; anything about the request can be given otherwise."""

    def make(somebody: Somebody, beat: Callable[[], None] = lambda: None, **otherwise: Any) -> Stored:
        asked: dict[str, Any] = {
            "request_id": uuid4(),
            "account_id": somebody.account.id,
            "case": "IP-2026-0413",
            "regime": "gdpr",
            "received_at": parts.clock() - timedelta(days=20),
            "due_on": date(2026, 12, 3),
            "language": "en",
            "now": parts.clock(),
        }
        return package.build(parts, Asked(**(asked | otherwise)), KEY, beat)

    return make


@pytest.fixture
def packed(parts: Parts, tmp_path: Path, build: Callable[..., Stored]) -> Callable[..., Path]:
    """Build the package, and where it lies as a file."""

    def make(somebody: Somebody, **otherwise: Any) -> Path:
        path = tmp_path / "package.zip"
        path.write_bytes(plain(parts, build(somebody, **otherwise).key))
        return path

    return make


@pytest.fixture
def unprinted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaves the report blank, where a test is not about it: printing takes seconds."""
    monkeypatch.setattr(report, "printed", lambda _document: b"%PDF-blank")


@pytest.fixture(autouse=True)
def complaints() -> Iterator[None]:
    """What WeasyPrint warns of fails the test."""
    said: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(record.getMessage())

    ear, logger = Ear(logging.WARNING), logging.getLogger("weasyprint")
    logger.addHandler(ear)
    yield
    logger.removeHandler(ear)
    assert said == []


def plain(parts: Parts, key: str) -> bytes:
    """What lies locked under this key of the object store."""
    return b"".join(vault.opened(parts.storage.open(key), KEY))


def readable(files: dict[str, bytes]) -> str:
    """The names of a package's files, and what stands in those that are text: the others are packed and signed."""
    return "\n".join((*files, *(data.decode(errors="replace") for data in files.values() if b"\0" not in data)))


def contents(path: Path) -> dict[str, bytes]:
    """Every file of a package."""
    with zipfile.ZipFile(path) as package_file:
        return {name: package_file.read(name) for name in package_file.namelist()}
