"""A picture that is made is kept with its mark, and its row says whose mark it is."""

from uuid import UUID

from sqlalchemy.orm import Session

from imgpilot.generation.make import make
from imgpilot.parts import Parts
from imgpilot.provenance import containers, credentials, xmp
from tests.generation.conftest import ana, look, ordered, picture

__all__ = ["ana", "ordered", "picture"]


def test_a_made_picture_is_stored_with_its_mark(session: Session, parts: Parts, picture: UUID) -> None:
    make(parts, picture, parts.clock())
    image = look(session, picture)
    assert image.object_key
    assert image.media_type
    stored = b"".join(parts.storage.open(image.object_key))
    assert image.marked_by == "us"
    assert len(stored) == image.bytes
    assert credentials.state(image.media_type, stored) == "Valid"
    assert xmp.says_ai(containers.xmp(image.media_type, stored) or b"")
