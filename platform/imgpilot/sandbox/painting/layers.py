"""Land and water in layers, each laid over the one behind it."""

from collections.abc import Callable, Sequence

import numpy as np

from imgpilot.sandbox.painting.canvas import Canvas
from imgpilot.sandbox.painting.colour import Floats, mix, ramp, rgb, smooth

#: Given the layer's number, how far below its outline each pixel is, and the rows it covers: its colours.
Shade = Callable[[int, Floats, slice], Floats]


def stack(canvas: Canvas, picture: Floats, outlines: Sequence[Floats], shade: Shade) -> None:
    """Paints everything below each outline, back to front, and only the rows the next one leaves visible."""
    for number, outline in enumerate(outlines):
        top = max(0, int(outline.min() * canvas.height) - 2)
        nearer = outlines[number + 1].max() if number + 1 < len(outlines) else 1.0
        bottom = min(canvas.height, int(nearer * canvas.height) + 3)
        if bottom <= top:
            continue
        rows = slice(top, bottom)
        depth = canvas.y[rows] - outline[None, :]
        cover = np.clip(depth * canvas.height + 0.5, 0, 1)
        picture[rows] = mix(picture[rows], shade(number, np.maximum(depth, 0), rows), cover)


def sky(canvas: Canvas, horizon: float, sun: tuple[float, float] | None = None, size: float = 0.035) -> Floats:
    """The mood's sky down to the horizon, with thin cloud, and sun or moon at a place."""
    mood = canvas.mood
    drift = canvas.cloud(2.2, octaves=5, stretch=4)
    picture = ramp(canvas.y / horizon + drift * 0.045, mood.sky)
    streaks = smooth(0.1, 0.9, drift) * (0.10 if mood.dark else 0.22)
    picture = mix(picture, rgb(mood.sky[-1]), streaks * (1 - 0.5 * canvas.y))
    if mood.dark:
        scatter(canvas, picture, until=horizon)
    if sun is not None:
        shine(canvas, picture, sun, size)
    return picture


def shine(canvas: Canvas, picture: Floats, place: tuple[float, float], size: float) -> None:
    """A disc of light with its glow; the place is in shares of width and height."""
    away = np.hypot(canvas.x - place[0] * canvas.aspect, canvas.y - place[1])
    glow = np.exp(-((away / (size * 7)) ** 1.4)) * 0.55 + np.exp(-away / (size * 2.2)) * 0.35
    lit = mix(picture, rgb(canvas.mood.light), np.clip(glow, 0, 0.9))
    picture[:] = mix(lit, rgb(canvas.mood.light), smooth(size + 0.0025, size - 0.0025, away))


def disc(canvas: Canvas, picture: Floats, place: tuple[float, float], until: Floats, size: float = 0.032) -> Floats:
    """Sun or moon laid over brushwork that would have dissolved it, behind everything below an outline."""
    away = np.hypot(canvas.x - place[0] * canvas.aspect, canvas.y - place[1])
    seen = smooth(size + 0.003, size - 0.003, away) * (canvas.y < until[None, :])
    return mix(picture, rgb(canvas.mood.light), seen * 0.8)


def scatter(canvas: Canvas, picture: Floats, until: float, per_height: int = 420) -> None:
    """Stars, most of them faint, thinner towards the horizon."""
    rng = canvas.rng
    count = int(per_height * canvas.aspect)
    down = (rng.power(0.8, count) * until * 0.96 * canvas.height).astype(int)
    across = rng.integers(0, canvas.width, count)
    faint = (rng.pareto(2.2, count) * 0.24 + 0.12).clip(0, 1) * (1 - down / (until * canvas.height) * 0.7)
    seen = np.zeros((canvas.height, canvas.width), dtype=np.float32)
    np.maximum.at(seen, (down, across), faint.astype(np.float32))
    big = faint > 0.42
    for dy, dx in ((0, 1), (1, 0), (0, -1), (-1, 0)):
        rows = np.clip(down[big] + dy, 0, canvas.height - 1)
        columns = np.clip(across[big] + dx, 0, canvas.width - 1)
        np.maximum.at(seen, (rows, columns), (faint[big] * 0.45).astype(np.float32))
    picture[:] = mix(picture, rgb("#f2f1e4"), seen)
