"""The last steps: grain, the line that says who drew it, and the file."""

import io

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from PIL.PngImagePlugin import PngInfo

from imgpilot.sandbox.painting.brush import to_bytes
from imgpilot.sandbox.painting.canvas import Canvas
from imgpilot.sandbox.painting.colour import Floats

SIGNATURE = "ImgPilot sandbox"
SOFTWARE = "ImgPilot sandbox (procedural)"
#: EXIF's tag for the program that made a picture.
EXIF_SOFTWARE = 0x0131


def grain(canvas: Canvas, picture: Floats, amount: float = 0.014) -> Floats:
    """A film's grain, so that flat skies do not band."""
    noise = canvas.rng.standard_normal(picture.shape[:2], dtype=np.float32) * amount
    return picture + noise[..., None]


def signed(image: Image.Image) -> Image.Image:
    """The picture with the sandbox's name at the bottom right, on a small plate that keeps it legible."""
    size = max(11, round(min(image.size) * 0.017))
    font = ImageFont.load_default(size)
    left, top, right, bottom = font.getbbox(SIGNATURE)
    pad, gap = round(size * 0.5), round(size * 0.8)
    wide, high = int(right - left) + 2 * pad, int(bottom - top) + 2 * pad
    plate = Image.new("RGBA", (wide, high), (9, 24, 36, 150))
    ImageDraw.Draw(plate).text((pad - left, pad - top), SIGNATURE, font=font, fill=(244, 246, 246, 255))
    alpha = image.mode == "RGBA"
    result = image.convert("RGBA")
    result.alpha_composite(plate, (max(0, image.width - wide - gap), max(0, image.height - high - gap)))
    return result if alpha else result.convert("RGB")


def image_of(picture: Floats, size: tuple[int, int]) -> Image.Image:
    """The picture as an image of exactly this size."""
    image = Image.fromarray(to_bytes(picture))
    return image if image.size == size else image.resize(size, Image.Resampling.LANCZOS)


def encoded(image: Image.Image, media: str, quality: int = 90) -> bytes:
    """The file: png, jpeg or webp, with the drawing program named in its metadata."""
    out = io.BytesIO()
    if media == "png":
        info = PngInfo()
        info.add_text("Software", SOFTWARE)
        image.save(out, "PNG", pnginfo=info, compress_level=3)
        return out.getvalue()
    exif = Image.Exif()
    exif[EXIF_SOFTWARE] = SOFTWARE
    if media == "jpeg":
        image.convert("RGB").save(out, "JPEG", quality=quality, exif=exif)
    else:
        image.save(out, "WEBP", quality=quality, method=2, exif=exif)
    return out.getvalue()
