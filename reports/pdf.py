"""A document as PDF/A-3a: archival, tagged for screen readers, with its fonts inside."""

import io
import warnings
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

from PIL import ImageFile
from weasyprint import HTML, Attachment
from weasyprint.urls import FatalURLFetchingError

from reports.document import Document
from reports.errors import FontsMissing, Unreachable
from reports.html import page
from reports.shelf import Closed, Shelf
from reports.unshown import unshown_characters

# Importing WeasyPrint makes Pillow take truncated pictures, in the whole process: also where uploads are checked.
ImageFile.LOAD_TRUNCATED_IMAGES = False

VARIANT = "pdf/a-3a"

#: The files of the npm package @fontsource/instrument-sans that the stylesheet names.
FONTS = tuple(
    f"instrument-sans-{letters}-{weight}-normal.woff2"
    for letters in ("latin", "latin-ext")
    for weight in (400, 500, 600)
)


@dataclass(frozen=True)
class Attached:
    """A file that travels inside of the PDF, and what it is to it (PDF/A-3 asks)."""

    name: str
    data: bytes
    description: str
    relationship: Literal["Source", "Data", "Alternative", "Supplement"] = "Data"


def render(document: Document, *, fonts: Path, out: Path | BinaryIO, attachments: Sequence[Attached] = ()) -> None:
    """Write the PDF. `fonts` is the folder of Instrument Sans; Chinese is set in the system's Noto Sans CJK SC.

    Nothing is written unless all of it can be. A character that no font of this machine shows is printed as a
    blank, which takes a second run: what fonts lack is known only once everything is drawn.
    """
    missing = [name for name in FONTS if not (fonts / name).is_file()]
    if missing:
        raise FontsMissing(f"{missing[0]} is not in {fonts}: run make setup")
    with unshown_characters() as unshown:
        pdf = _pdf(document, fonts, attachments)
        if unshown:
            pdf = _pdf(document, fonts, attachments, frozenset(unshown))
    if isinstance(out, Path):
        out.write_bytes(pdf)
    else:
        out.write(pdf)


def _pdf(document: Document, fonts: Path, attachments: Sequence[Attached], unshown: Collection[str] = ()) -> bytes:
    shelf = Shelf()
    markup = page(document, shelf, unshown)
    closed = Closed(shelf, fonts)
    source = HTML(string=markup, base_url=f"{fonts.resolve().as_uri()}/", url_fetcher=closed)
    with warnings.catch_warnings():
        # WeasyPrint 70 leaves it to the collector to close its own colour profile.
        warnings.filterwarnings("ignore", "unclosed file .*sRGB2014", ResourceWarning)
        try:
            files = [_embedded(each, document) for each in attachments]
            pdf = bytes(source.write_pdf(pdf_variant=VARIANT, attachments=files))
        except FatalURLFetchingError:
            closed.refused = True
    if closed.refused:
        raise Unreachable("the document asked for something that was not handed in")
    return pdf


def _embedded(attached: Attached, document: Document) -> Attachment:
    """The file for WeasyPrint, made when the document was: the machine's clock is none of its business."""
    times = {"created": document.made_at, "modified": document.made_at} if document.made_at else {}
    return Attachment(
        file_obj=io.BytesIO(attached.data),
        name=attached.name,
        description=attached.description,
        relationship=attached.relationship,
        **times,
    )
