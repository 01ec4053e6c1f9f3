"""Pressed plants: ferns, umbels and grasses on a sun-print or on paper."""

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw

from imgpilot.sandbox.painting.brush import from_bytes
from imgpilot.sandbox.painting.canvas import Canvas
from imgpilot.sandbox.painting.colour import Floats, mix, rgb, smooth

#: Ground and plant: cyanotype, herbarium sheet, moss, ink, terracotta, dusk rose.
SHEETS = (
    ("#0d3f6b", "#dcebf3"),
    ("#efe4cb", "#41664f"),
    ("#143d2c", "#d9e4c3"),
    ("#f2efe6", "#22394a"),
    ("#b9593a", "#f7e3c8"),
    ("#3a2c45", "#efc9bf"),
)
SCALE = 2
Point = tuple[float, float]


def sun_print(canvas: Canvas) -> Floats:
    """Plants left white on Prussian blue."""
    return _plants(canvas, *SHEETS[0])


def pressed_plants(canvas: Canvas) -> Floats:
    """Plants on one of the sheets."""
    return _plants(canvas, *SHEETS[int(canvas.rng.integers(len(SHEETS)))])


def _plants(canvas: Canvas, ground: str, plant: str) -> Floats:
    """Three to five plants side by side, the tallest near the middle."""
    sheet = Image.new("L", (canvas.width * SCALE, canvas.height * SCALE))
    draw = ImageDraw.Draw(sheet)
    kinds: tuple[Callable[[Canvas, ImageDraw.ImageDraw, list[Point]], None], ...] = (_fern, _umbel, _leafy, _fern)
    count = max(3, round(3.6 * canvas.aspect**0.8))
    first = int(canvas.rng.integers(len(kinds)))
    for i in range(count):
        place = 0.06 + 0.88 * (i + 0.5 + canvas.between(-0.14, 0.14)) / count
        tall = 0.86 - 0.32 * abs(place - 0.5) - canvas.between(0, 0.14)
        kinds[(first + i) % len(kinds)](canvas, draw, _stem(canvas, place * canvas.aspect, tall))
    mask = from_bytes(sheet.resize((canvas.width, canvas.height), Image.Resampling.BOX))
    return _printed(canvas, mask, ground, plant)


def _stem(canvas: Canvas, foot: float, tall: float) -> list[Point]:
    lean, bow = canvas.between(-0.07, 0.07), canvas.between(-0.06, 0.06)
    up = np.linspace(0, 1, 60)
    x = foot + lean * up + bow * np.sin(up * np.pi)
    y = 1.02 - tall * up
    scale = canvas.height * SCALE
    return [(float(a * scale), float(b * scale)) for a, b in zip(x, y, strict=True)]


def _leaf(draw: ImageDraw.ImageDraw, root: Point, angle: float, size: tuple[float, float], tone: int) -> None:
    """A pointed leaf, widest a third of the way out; its size is length and half width."""
    long, wide = size
    along, across = (np.cos(angle), np.sin(angle)), (-np.sin(angle), np.cos(angle))
    shape = ((0.0, 0.0), (0.18, 0.7), (0.38, 1.0), (0.7, 0.62), (1.0, 0.0))
    rim = [(t, w) for t, w in shape] + [(t, -w) for t, w in reversed(shape)]
    draw.polygon(
        [
            (
                root[0] + along[0] * t * long + across[0] * w * wide,
                root[1] + along[1] * t * long + across[1] * w * wide,
            )
            for t, w in rim
        ],
        fill=tone,
    )


def _stalk(canvas: Canvas, draw: ImageDraw.ImageDraw, stem: list[Point], tone: int = 235) -> None:
    thick = max(2, round(canvas.unit * SCALE * 0.0034))
    draw.line(stem, fill=tone, width=thick, joint="curve")


def _heading(stem: list[Point], i: int) -> float:
    low, high = stem[max(0, i - 1)], stem[min(len(stem) - 1, i + 1)]
    return float(np.arctan2(high[1] - low[1], high[0] - low[0]))


def _fern(canvas: Canvas, draw: ImageDraw.ImageDraw, stem: list[Point]) -> None:
    """A frond: leaflets in pairs, each a small frond of its own."""
    _stalk(canvas, draw, stem)
    size = canvas.height * SCALE
    step = 1 if canvas.rng.random() < 0.4 else 2
    for i in range(12, len(stem), step):
        share = (i - 12) / (len(stem) - 12)
        reach = 0.135 * np.sin(np.pi * (0.22 + 0.77 * share)) ** 0.85 * size * min(1, canvas.aspect + 0.3)
        for side in (-1, 1):
            angle = _heading(stem, i) + side * (1.22 - 0.45 * share)
            rib = (stem[i][0] + np.cos(angle) * reach, stem[i][1] + np.sin(angle) * reach)
            draw.line([stem[i], rib], fill=190, width=max(1, round(size * 0.0010)))
            for t in np.linspace(0.10, 0.98, 13):
                at = (stem[i][0] + np.cos(angle) * reach * t, stem[i][1] + np.sin(angle) * reach * t)
                small = reach * (0.11 + 0.05 * step) * (1.1 - 0.75 * t)
                for way in (-1, 1):
                    _leaf(draw, at, angle + way * 0.95, (small, small * 0.30), 228)
    _leaf(draw, stem[-1], _heading(stem, len(stem) - 1), (size * 0.022, size * 0.0045), 235)


def _umbel(canvas: Canvas, draw: ImageDraw.ImageDraw, stem: list[Point]) -> None:
    """A flat flower head: rays, each with a small umbel of dots; three leaves below."""
    _stalk(canvas, draw, stem)
    size, rng = canvas.height * SCALE, canvas.rng
    for at in (0.25, 0.4, 0.55):
        i = int(at * len(stem))
        side = 1 if rng.random() < 0.5 else -1
        for k in range(5):
            angle = _heading(stem, i) + side * (0.35 + 0.22 * k)
            _leaf(draw, stem[i], angle, (size * (0.10 - 0.010 * k), size * 0.0075), 205)
    head, up = stem[-1], _heading(stem, len(stem) - 1)
    for turn in np.linspace(-1.25, 1.25, 17):
        long = size * 0.125 * (0.82 + 0.18 * np.cos(turn))
        tip = (head[0] + np.cos(up + turn) * long, head[1] + np.sin(up + turn) * long)
        draw.line([head, tip], fill=200, width=max(1, round(size * 0.0011)))
        for small in np.linspace(-1.3, 1.3, 9):
            reach = size * 0.020 * canvas.between(0.75, 1.1)
            dot = (tip[0] + np.cos(up + turn + small) * reach, tip[1] + np.sin(up + turn + small) * reach)
            draw.line([tip, dot], fill=170, width=max(1, round(size * 0.0007)))
            r = size * canvas.between(0.0018, 0.0036)
            draw.ellipse([dot[0] - r, dot[1] - r, dot[0] + r, dot[1] + r], fill=240)


def _leafy(canvas: Canvas, draw: ImageDraw.ImageDraw, stem: list[Point]) -> None:
    """A twig with pairs of broad leaves, their midribs left clear, and a bud."""
    _stalk(canvas, draw, stem)
    size = canvas.height * SCALE
    for i in range(14, len(stem) - 1, 5):
        share = i / len(stem)
        for side in (-1, 1):
            angle = _heading(stem, i) + side * canvas.between(0.65, 0.9)
            long = size * 0.135 * (1.15 - 0.75 * share) * min(1, canvas.aspect + 0.35)
            _leaf(draw, stem[i], angle, (long, long * 0.24), 215)
            tip = (stem[i][0] + np.cos(angle) * long * 0.9, stem[i][1] + np.sin(angle) * long * 0.9)
            draw.line([stem[i], tip], fill=120, width=max(1, round(size * 0.0014)))
    _leaf(draw, stem[-1], _heading(stem, len(stem) - 1), (size * 0.055, size * 0.011), 235)


def _printed(canvas: Canvas, mask: Floats, ground: str, plant: str) -> Floats:
    """The print: uneven exposure, paper fibre, and a darker wash at the brushed edges."""
    wash = canvas.cloud(1.6, octaves=6) * 0.09 + canvas.cloud(90, octaves=2) * 0.025
    paper = rgb(ground)[None, None, :] * (1 + wash[..., None])
    edge = np.minimum(np.minimum(canvas.x, canvas.aspect - canvas.x), np.minimum(canvas.y, 1 - canvas.y))
    paper = paper * (0.86 + 0.14 * smooth(0.0, 0.11, edge + wash * 0.18))[..., None]
    thin = np.clip(0.90 + canvas.cloud(3, octaves=4) * 0.12, 0.6, 1)
    return mix(paper, rgb(plant)[None, None, :], mask * thin)
