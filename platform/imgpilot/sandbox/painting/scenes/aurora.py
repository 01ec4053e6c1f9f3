"""Northern lights over a dark shore, and their image in still water."""

import numpy as np

from imgpilot.sandbox.painting.canvas import Canvas
from imgpilot.sandbox.painting.colour import Floats, mix, ramp, rgb, smooth
from imgpilot.sandbox.painting.layers import scatter
from imgpilot.sandbox.painting.noise import line, warp
from imgpilot.sandbox.painting.scenes.ridges import firs

#: Foot, middle and top of a curtain.
CURTAINS = (
    ("#c9f7d2", "#4fd6a1", "#1b7f86"),
    ("#d7f5c9", "#63d39a", "#4b5fb0"),
    ("#f1d6ea", "#7fd0b4", "#6a4c9c"),
    ("#d3f3f2", "#55b9cf", "#3a4f9e"),
)


def northern_lights(canvas: Canvas) -> Floats:
    """Three to five curtains of rays."""
    shore = canvas.between(0.62, 0.72)
    picture = np.repeat(ramp(canvas.y / shore, ("#040b18", "#07182a", "#0c2a3a", "#174a50")), canvas.width, 1)
    scatter(canvas, picture, until=shore)
    foot, middle, top = CURTAINS[int(canvas.rng.integers(len(CURTAINS)))]
    for _ in range(int(canvas.rng.integers(3, 6))):
        strength, rise = _curtain(canvas, shore)
        colour = ramp(rise, (foot, middle, middle, top, top))
        picture = 1 - (1 - picture) * (1 - colour * strength[..., None])
    hills = shore - 0.035 - canvas.line(1.4, octaves=6) * 0.03 - firs(canvas, 0.055) * 0.8
    cover = np.clip((canvas.y - hills[None, :]) * canvas.height + 0.5, 0, 1)
    picture = mix(picture, rgb("#03090f"), cover)
    return _still_water(canvas, picture, int(shore * canvas.height))


def _curtain(canvas: Canvas, shore: float) -> tuple[Floats, Floats]:
    """How bright a curtain is at each pixel, and how far up in it the pixel lies."""
    base = shore * canvas.between(0.50, 0.92)
    fold = canvas.line(0.8, octaves=3, gain=0.55)
    foot = base + fold * canvas.between(0.06, 0.13)
    tall = canvas.between(0.22, 0.42) * (1 + 0.4 * line(canvas.rng, canvas.width, 2 * canvas.aspect, 3))
    rays = 0.55 + 0.45 * line(canvas.rng, canvas.width, 22 * canvas.aspect, 3, 0.6)
    rays = rays * (0.65 + 0.5 * line(canvas.rng, canvas.width, 2.2 * canvas.aspect, 2))
    up = foot[None, :] - canvas.y
    rise = up / tall[None, :]
    body = np.where(up > 0, np.exp(-np.maximum(rise, 0) * 2.6), np.exp(up / 0.012))
    lean = np.clip(np.abs(np.gradient(fold)) * canvas.width * 0.22, 0, 0.8)
    strength = body * np.clip(rays + lean, 0, 1.3)[None, :] * canvas.between(0.5, 0.85)
    return np.clip(strength, 0, 0.95).astype(np.float32), np.clip(rise, 0, 1).astype(np.float32)


def _still_water(canvas: Canvas, picture: Floats, shore: int) -> Floats:
    below = canvas.height - shore
    rows = np.clip(shore - 1 - (np.arange(below) * 1.35).astype(int), 0, shore - 1)
    depth = np.linspace(0, 1, below, dtype=np.float32)[:, None]
    swell = canvas.cloud(30, octaves=3, stretch=8)[shore:] * (0.2 + depth) * canvas.height * 0.014
    mirror = warp(picture[rows], swell * 0.5, swell) * 0.72
    glow = smooth(0.5, 0.9, canvas.cloud(50, octaves=2, stretch=12)[shore:]) * 0.06
    picture[shore:] = mix(mirror, rgb("#9fe0cf"), glow)
    return picture
