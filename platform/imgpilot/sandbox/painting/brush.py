"""Brushwork: the picture painted again in thousands of short strokes that follow a flow."""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from imgpilot.sandbox.painting.canvas import Canvas
from imgpilot.sandbox.painting.colour import Floats

#: Strokes are drawn larger and shrunk, which is the only smoothing Pillow's lines get.
SCALE = 1.5


def strokes(
    canvas: Canvas,
    picture: Floats,
    angle: Floats,
    *,
    size: float = 0.006,
    length: float = 5.0,
    cover: float = 1.0,
    jitter: float = 0.05,
) -> Floats:
    """Covers the picture with strokes: `size` is their width in heights, `length` in widths, `angle` per pixel."""
    rng, scale = canvas.rng, SCALE
    if canvas.loose:
        size, cover = size * 1.8, cover * 0.8
    sheet = Image.fromarray(to_bytes(picture)).resize(
        (int(canvas.width * scale), int(canvas.height * scale)), Image.Resampling.BILINEAR
    )
    draw = ImageDraw.Draw(sheet)
    for coarse, share in ((1.7, 0.35), (1.0, 1.0)):
        wide = max(1.5, size * coarse * canvas.height)
        count = int(cover * share * canvas.width * canvas.height / (wide * wide * length) * 1.6)
        count = min(count, 14_000)
        down = rng.integers(0, canvas.height, count)
        across = rng.integers(0, canvas.width, count)
        turn = angle[down, across] + rng.normal(0, 0.12, count)
        reach = wide * length * rng.uniform(0.5, 1.1, count) / 2
        tone = rng.normal(0, jitter, (count, 1)) + rng.normal(0, jitter * 0.35, (count, 3))
        colours = to_bytes(picture[down, across] * (1 + tone))
        dx, dy = np.cos(turn) * reach, np.sin(turn) * reach
        ends = np.stack([across - dx, down - dy, across + dx, down + dy], axis=1) * scale
        widths = np.maximum(1, np.round(wide * scale * rng.uniform(0.6, 1.15, count))).astype(int)
        for end, colour, width in zip(ends.tolist(), colours.tolist(), widths.tolist(), strict=True):
            draw.line(end, fill=tuple(colour), width=width)
    shrunk = sheet.resize((canvas.width, canvas.height), Image.Resampling.BOX)
    return from_bytes(shrunk)


def soften(picture: Floats, radius: float) -> Floats:
    """The picture, blurred by so many pixels."""
    return from_bytes(Image.fromarray(to_bytes(picture)).filter(ImageFilter.GaussianBlur(radius)))


def to_bytes(picture: Floats) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
    """Eight bits a channel, out-of-range values cut."""
    return (np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8)


def from_bytes(image: Image.Image) -> Floats:
    """A Pillow image as numbers between 0 and 1."""
    result: Floats = np.asarray(image, dtype=np.float32) / 255
    return result
