"""What is drawn of a picture that is published: the card for link previews, and a copy of the size of a screen.

Both say in their data that the picture was made by AI, in the words of the IPTC (digitalSourceType).
"""

import io
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from imgpilot.generation import pictures

#: What previews are made for: 1.91 : 1, as X, Facebook and most others cut it.
CARD = (1200, 630)
#: The longer side of the copy that the page shows.
SHOWN = 1280
#: The IPTC's word for what a trained model made.
MADE_BY_AI = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"

_XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" '
    f'Iptc4xmpExt:DigitalSourceType="{MADE_BY_AI}"/></rdf:RDF></x:xmpmeta>'
).encode()
_PAPER, _INK, _QUIET = "#F4F6F6", "#11202A", "#3F505B"
_FONT = Path(__file__).parent.parent / "static" / "vendor" / "fonts" / "instrument-sans-latin-wght-normal.woff2"
_MARGIN, _FOOT, _MARK = 32, 92, 40
#: The mark is drawn so many times larger and shrunk, as Pillow draws hard edges.
_FINE = 8


def card(picture: Image.Image) -> bytes:
    """1200 × 630, JPEG: the whole picture on paper, the mark and "Made with AI" below it."""
    made = Image.new("RGB", CARD, _PAPER)
    width, height = CARD
    room = (width - 2 * _MARGIN, height - _FOOT - _MARGIN)
    scale = min(room[0] / picture.width, room[1] / picture.height)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    seen = pictures.bare(picture, max(size))
    seen = seen if seen.size == size else seen.resize(size, Image.Resampling.LANCZOS)
    place = ((width - size[0]) // 2, _MARGIN + (room[1] - size[1]) // 2)
    made.paste(seen, place, seen if seen.mode == "RGBA" else None)
    pen = ImageDraw.Draw(made)
    middle = height - _FOOT // 2
    made.paste(_mark(), (_MARGIN, middle - _MARK // 2), _mark())
    pen.text((_MARGIN + _MARK + 14, middle), "ImgPilot", font=_letters(30, 600), fill=_INK, anchor="lm")
    pen.text((width - _MARGIN, middle), "Made with AI", font=_letters(28, 500), fill=_QUIET, anchor="rm")
    held = io.BytesIO()
    made.save(held, "JPEG", quality=86, optimize=True, progressive=True, xmp=_XMP)
    return held.getvalue()


def shown(picture: Image.Image) -> bytes:
    """The picture with sides of at most 1280, as WebP."""
    held = io.BytesIO()
    pictures.bare(picture, SHOWN).save(held, "WEBP", quality=86, method=4, xmp=_XMP)
    return held.getvalue()


def shown_size(width: int, height: int) -> tuple[int, int]:
    """The sides that `shown` has for a picture of these."""
    longest = max(width, height)
    if longest <= SHOWN:
        return width, height
    return max(1, round(width * SHOWN / longest)), max(1, round(height * SHOWN / longest))


@cache
def _letters(size: int, weight: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    try:
        font = ImageFont.truetype(_FONT, size)
        font.set_variation_by_axes([weight])
    except OSError:  # set-up has not brought the font, or this Pillow cannot read it
        return ImageFont.load_default(size)
    return font


@cache
def _mark() -> Image.Image:
    """The logo, as imgpilot.look.icons draws it."""
    unit = _MARK * _FINE / 28

    def at(*numbers: float) -> list[float]:
        return [number * unit for number in numbers]

    side = _MARK * _FINE
    drawn = Image.new("RGB", (side, side), "#0C4A70")
    pen = ImageDraw.Draw(drawn)
    pen.polygon(at(0, 19.775, 28, 13.825, 28, 28, 0, 28), fill="#8DC6E8")
    pen.ellipse(at(16.5, 5.7, 22.3, 11.5), fill="#F2B84B")
    for left, right in ((5, 10.2), (17.8, 23)):
        pen.rounded_rectangle(at(left - 1.1, 12.9, right + 1.1, 15.1), at(1.1)[0], fill="#FFFFFF")
    pen.ellipse(at(12, 12, 16, 16), fill="#FFFFFF")
    corners = Image.new("L", (side, side), 0)
    ImageDraw.Draw(corners).rounded_rectangle((0, 0, side - 1, side - 1), at(6.5)[0], fill=255)
    drawn.putalpha(corners)
    return drawn.resize((_MARK, _MARK), Image.Resampling.LANCZOS)
