"""Small copies of a few pictures for the report. What is no picture, or too large to open safely, is left out."""

import io
import warnings
from collections.abc import Iterable

from PIL import Image as Pixels
from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from compliance.export import pictures
from compliance.export.snapshot import Row, time_column
from compliance.export.voice import Voice
from imgpilot.generation.models import Generation, Image
from imgpilot.language import marked as _
from imgpilot.storage import Storage
from reports.blocks import Picture

#: Pictures of one kind in the report, the length of their longer side, and what is read of an object at most.
MOST, SIDE, LARGEST = 12, 480, 16 * 2**20
#: A larger one would cost a hundred megabytes to open; it is in files/ anyway.
PIXELS = 24_000_000


def newest(
    voice: Voice, storage: Storage, session: Session, table: Table, rows: Iterable[Row], *, captioned: bool
) -> list[Picture]:
    """The newest rows' pictures; if `captioned`, with what they were made from."""
    if table not in pictures.tables():
        return []
    rows = list(rows)
    words = captions(session, table, rows) if captioned else {}
    at = time_column(table)
    found: list[Picture] = []
    for row in rows:
        files = list(pictures.of(table, row))
        data = small(storage, files[-1].key) if files else None  # the last one is the smallest
        if data is None:
            continue
        caption = words.get(row["id"]) or voice.begin(_said(table))
        caption = caption if len(caption) <= 120 else caption[:120].rstrip() + "…"
        when = row[at] if at else None
        found.append(
            Picture(
                data,
                voice.say(_("Picture: %(caption)s"), caption=caption),
                caption,
                voice.moment(when) if when else "",
            )
        )
        if len(found) == MOST:
            break
    return found


def captions(session: Session, table: Table, rows: Iterable[Row]) -> dict[object, str]:
    """The prompt that each of these pictures was made from."""
    if table.name != Image.__tablename__:
        return {}
    wanted = {row["generation_id"] for row in rows}
    found = session.execute(select(Generation.id, Generation.prompt).where(Generation.id.in_(wanted)))
    prompts = {id_: prompt for id_, prompt in found}  # noqa: C416  (rows are no pairs to mypy)
    return {row["id"]: prompts.get(row["generation_id"], "") for row in rows}


def _said(table: Table) -> str:
    """What a picture is called of which no prompt is told."""
    return _("a picture you made") if table.name == Image.__tablename__ else _("a picture you uploaded")


def small(storage: Storage, key: str) -> bytes | None:
    """A small JPEG of an object, or None if it is no picture that can be opened safely."""
    held = bytearray()
    for piece in storage.open(key):
        held += piece
        if len(held) > LARGEST:
            return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Pixels.DecompressionBombWarning)
            with Pixels.open(io.BytesIO(held)) as picture:
                return _jpeg(picture)
    except (OSError, ValueError, SyntaxError, Pixels.DecompressionBombWarning, Pixels.DecompressionBombError):
        return None


def _jpeg(picture: Pixels.Image) -> bytes | None:
    if picture.width * picture.height > PIXELS:
        return None
    picture.draft("RGB", (SIDE, SIDE))
    picture.thumbnail((SIDE, SIDE))
    paper = Pixels.new("RGB", picture.size, "white")
    with_alpha = picture.convert("RGBA")
    paper.paste(with_alpha, mask=with_alpha.getchannel("A"))
    out = io.BytesIO()
    paper.save(out, "JPEG", quality=78, optimize=True)
    return out.getvalue()
