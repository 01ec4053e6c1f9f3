"""The open sea: swell behind swell under a wide sky."""

import numpy as np

from imgpilot.sandbox.painting.brush import strokes
from imgpilot.sandbox.painting.canvas import Canvas
from imgpilot.sandbox.painting.colour import Floats, mix, ramp, rgb, smooth
from imgpilot.sandbox.painting.layers import disc, sky, stack
from imgpilot.sandbox.painting.noise import line

SWELLS = 15


def waves(canvas: Canvas) -> Floats:
    """Crests that grow towards the beholder, light shining through their backs."""
    horizon = canvas.between(0.30, 0.42)
    sun = (canvas.between(0.2, 0.8), horizon - canvas.between(0.03, 0.2))
    picture = sky(canvas, horizon, sun, size=0.042)
    outlines = [_swell(canvas, horizon, i / (SWELLS - 1)) for i in range(SWELLS)]
    backs = [line(canvas.rng, canvas.width, 3 * canvas.aspect, 4) for _ in outlines]
    stack(canvas, picture, outlines, lambda i, d, rows: _water(canvas, i / (SWELLS - 1), d, backs[i], rows))
    path = np.exp(-(((canvas.x - sun[0] * canvas.aspect) / (0.05 + (canvas.y - horizon) * 0.28)) ** 2))
    glitter = smooth(0.25, 0.75, canvas.cloud(70, octaves=2, stretch=7)) * smooth(0, 0.03, canvas.y - horizon)
    fade = 1 - smooth(0.15, 0.75, canvas.y - horizon)
    shine = np.clip(path * glitter * fade * 0.6, 0, 1)[..., None] * rgb(canvas.mood.light)
    picture = 1 - (1 - picture) * (1 - shine)
    painted = strokes(canvas, picture, _flow(canvas, outlines), size=0.0048, length=6, jitter=0.045)
    return disc(canvas, painted, sun, until=outlines[0], size=0.038)


def _swell(canvas: Canvas, horizon: float, near: float) -> Floats:
    base = horizon + (1.06 - horizon) * near**1.55
    high = 0.006 + 0.085 * near**0.9
    cells = 4.6 - 3.0 * near**0.6
    shape = canvas.line(cells, octaves=3, gain=0.35)
    crest = 1 - np.abs(shape) ** 0.75 * 1.7
    result: Floats = (base - high * crest * 0.75 - canvas.line(9, octaves=3) * high * 0.06).astype(np.float32)
    return result if near > 0 else np.full_like(result, horizon)


def _water(canvas: Canvas, near: float, depth: Floats, back: Floats, rows: slice) -> Floats:
    reach = 0.012 + 0.14 * near
    shade = 1 - smooth(0, 1, depth / reach)
    shade = shade * (0.66 + 0.24 * back[None, :]) + 0.06
    streak = np.sin((depth / reach) * 16 + back[None, :] * 9) * 0.025 * (1 - near * 0.3)
    colour = ramp(shade + streak, canvas.mood.water[:4])
    foam = np.exp(-depth / (0.0016 + 0.0065 * near)) * smooth(-0.55, 0.5, back[None, :] + 0.2)
    colour = mix(colour, rgb(canvas.mood.water[4]), np.clip(foam, 0, 1) * 0.92)
    return mix(colour, rgb(canvas.mood.sky[-2]), float(0.42 * (1 - near) ** 2.2))


def _flow(canvas: Canvas, outlines: list[Floats]) -> Floats:
    angle = canvas.cloud(2, octaves=2, stretch=3) * 0.18
    for outline in outlines[1:]:
        slope = np.arctan(np.gradient(outline) * canvas.height) * 0.85
        angle = np.where(canvas.y > outline[None, :] - 0.004, slope[None, :], angle)
    result: Floats = angle.astype(np.float32)
    return result
