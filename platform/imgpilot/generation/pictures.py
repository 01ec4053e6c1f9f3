"""Bytes that claim to be a picture: really decoded, within limits, or refused with the reason."""

import io
import struct
import threading
import warnings
import zlib
from collections.abc import Iterable

import pillow_heif
from PIL import ExifTags, Image, UnidentifiedImageError

from imgpilot.errors import PersonalError
from imgpilot.language import marked as _

#: The kinds of picture we keep and hand out, by Pillow's name.
MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
#: What people may upload besides: it is turned into PNG. HEIF is what an iPhone takes (HEIC).
UPLOADS = (*MEDIA_TYPES, "AVIF", "HEIF")
SUFFIXES = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}
#: Width times height. A few hundred bytes can claim gigabytes; this many pixels take about 100 MB.
MOST_PIXELS = 24_000_000
#: Held by whoever decodes: so many pictures of that size are in the memory of one process at once, and no more.
AT_ONCE = threading.BoundedSemaphore(2)
#: Rows of a shrunken picture that are worked out together.
STRIP = 64
#: The longer side of a thumbnail, in pixels.
THUMBNAIL = 640

#: What Pillow raises on bytes that are cut off, altered or made to harm.
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    EOFError,
    LookupError,
    ArithmeticError,
    AttributeError,
    NotImplementedError,
    RuntimeError,
    MemoryError,
    struct.error,
    zlib.error,
)
_BOMB = (Image.DecompressionBombError, Image.DecompressionBombWarning)
pillow_heif.register_heif_opener()
# Between its limit and twice that Pillow only warns. For the whole process: such a picture is an error everywhere.
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)
# What a camera noted may be damaged. It is thrown away anyhow, and what it says belongs into no log.
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class PictureError(PersonalError):
    """The file cannot be used as a picture."""

    field = "reference"


class NotAPicture(PictureError):
    """Not a picture of our kinds that can be decoded, or one that moves."""

    def __init__(self) -> None:
        super().__init__(_("This file is not a still picture that we can read. Use PNG, JPEG, WebP, HEIC or AVIF."))


class TooManyPixels(PictureError):
    """More pixels than we decode."""

    status = 413

    def __init__(self) -> None:
        super().__init__(
            _("This picture has more than %(most)s million pixels. Make it smaller and try again."),
            most=MOST_PIXELS // 1_000_000,
        )


def decode(data: bytes, *, draft: int | None = None, kinds: Iterable[str] = tuple(MEDIA_TYPES)) -> Image.Image:
    """The picture in these bytes, decoded to its last pixel. Raises NotAPicture or TooManyPixels.

    `kinds` are the formats that are tried, by Pillow's names. `draft` allows a JPEG to be decoded at a fraction of its
    size, but not under that many pixels a side.
    """
    try:
        image = Image.open(io.BytesIO(data), formats=tuple(kinds))
        if image.width * image.height > MOST_PIXELS:
            raise TooManyPixels
        # A phone's file may carry a second picture beside the first (MPO, HEIF); that is no film.
        if image.format not in {"MPO", "HEIF"} and getattr(image, "n_frames", 1) > 1:
            raise NotAPicture
        if draft:
            image.draft("RGB", (draft, draft))
        image.load()
    except _BOMB:
        raise TooManyPixels from None
    except UnidentifiedImageError:
        raise NotAPicture from None
    except _BROKEN:
        raise NotAPicture from None
    return image


def media_type(image: Image.Image) -> str:
    """The media type of a decoded picture."""
    return MEDIA_TYPES.get(image.format or "", "image/jpeg")


def bare(image: Image.Image, longest: int) -> Image.Image:
    """The pixels and nothing else, upright, with sides of at most `longest`: no place, no camera, no profile."""
    see_through = image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info
    if max(image.size) <= longest:
        return _turned(_strips(image, "RGBA" if see_through else "RGB", 1), image)
    # Pillow would shrink RGBA by way of a second picture of full size; RGBa, colours times alpha, it takes as it is.
    factor = max(image.size) // longest
    pixels = _strips(image, "RGBa" if see_through else "RGB", factor)
    width, height = (max(1, round(side * longest / max(image.size))) for side in image.size)
    whole = (0.0, 0.0, image.width / factor, image.height / factor)
    small = pixels.resize((width, height), Image.Resampling.LANCZOS, box=whole)
    return _turned(small.convert("RGBA") if see_through else small, image)


def thumbnail(image: Image.Image) -> bytes:
    """A small WebP of it."""
    made = io.BytesIO()
    bare(image, THUMBNAIL).save(made, "WEBP", quality=82, method=4)
    return made.getvalue()


def _strips(image: Image.Image, mode: str, factor: int) -> Image.Image:
    """The pixels in this mode, `factor` times smaller. Strip by strip: no second picture of full size is made."""
    made = Image.new(mode, (-(-image.width // factor), -(-image.height // factor)))
    for top in range(0, image.height, STRIP * factor):
        strip = image.crop((0, top, image.width, min(top + STRIP * factor, image.height)))
        if strip.mode.startswith("I"):  # 16 bits of grey; converting alone would make everything white
            strip = strip.convert("I").point(lambda grey: grey / 256).convert("L")
        strip = strip.convert("RGBA").convert(mode) if mode == "RGBa" else strip.convert(mode)
        made.paste(strip.reduce(factor), (0, top // factor))
    return made


def _turned(pixels: Image.Image, like: Image.Image) -> Image.Image:
    """These pixels upright, as the camera that took `like` noted."""
    try:
        turn = _UPRIGHT.get(like.getexif().get(ExifTags.Base.Orientation, 1))
    except _BROKEN:
        turn = None  # what the camera wrote is damaged; the picture is not
    return pixels.transpose(turn) if turn is not None else pixels
