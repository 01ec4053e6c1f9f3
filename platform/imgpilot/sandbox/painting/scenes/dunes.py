"""Desert: long dunes with wind ripples, one side in the light."""

import numpy as np

from imgpilot.sandbox.painting.canvas import Canvas
from imgpilot.sandbox.painting.colour import Floats, mix, ramp, rgb, smooth
from imgpilot.sandbox.painting.layers import shine, sky, stack
from imgpilot.sandbox.painting.noise import field
from imgpilot.sandbox.painting.scenes.ridges import soft


def desert(canvas: Canvas) -> Floats:
    """Four to six dunes; a small sun; ripples that follow the ground."""
    horizon = canvas.between(0.34, 0.46)
    count = int(canvas.rng.integers(4, 6))
    picture = sky(canvas, horizon + 0.1)
    shine(canvas, picture, (canvas.between(0.15, 0.85), horizon - canvas.between(0.12, 0.24)), 0.03)
    outlines = [_dune(canvas, horizon, i / (count - 1)) for i in range(count)]
    stack(canvas, picture, outlines, lambda i, d, rows: _sand(canvas, i / (count - 1), d, outlines[i], rows))
    return picture


def _dune(canvas: Canvas, horizon: float, near: float) -> Floats:
    """One long back: a gentle windward side, a steeper lee side, its crest anywhere along it."""
    base = horizon + (0.98 - horizon) * near
    wide = canvas.between(0.55, 0.95) * (0.8 + near * 0.5)
    steep = canvas.between(0.30, 0.55)
    across = canvas.x[0] - canvas.between(0.1, 0.9) * canvas.aspect
    if canvas.rng.random() < 0.4:
        across = -across
    slope = np.where(across < 0, across / wide, across / (wide * steep))
    hump = np.exp(-(np.abs(slope) ** 1.75))
    drift = field(canvas.rng, canvas.width, 1, 1.6 * canvas.aspect, 1)[0]
    result: Floats = (base - hump * (0.13 + 0.17 * near) - drift * 0.018 + 0.10).astype(np.float32)
    return result


def _sand(canvas: Canvas, near: float, depth: Floats, outline: Floats, rows: slice) -> Floats:
    slope = soft(np.gradient(outline) * canvas.height, 31)
    height = depth.shape[0]
    bend = field(canvas.rng, canvas.width, height, 2.0 * canvas.aspect, 2.0 * height / canvas.height)
    lit = 0.60 + np.tanh(slope * 2.6)[None, :] * 0.34 * np.exp(-depth / 0.30)
    lit = lit + bend * 0.07 - smooth(0, 0.38, depth) * 0.16
    gap = 0.016 + 0.014 * near
    ripple = np.sin((depth * (1 - 0.25 * depth) / gap + bend * 1.5 + slope[None, :] * 1.2) * np.pi)
    lit = lit + ripple * 0.05 * smooth(0.0, 0.06, depth) * (0.35 + near)
    colour = ramp(lit, canvas.mood.sand)
    rim = np.exp(-depth / 0.004) * np.clip(0.35 + slope[None, :], 0, 1) * 0.6
    colour = mix(colour, rgb(canvas.mood.light), np.clip(rim, 0, 1))
    return mix(colour, rgb(canvas.mood.sky[-1]), float(0.55 * (1 - near) ** 2))
