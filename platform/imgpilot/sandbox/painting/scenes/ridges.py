"""Mountains: ridge behind ridge, with mist between them; or one range mirrored in a lake."""

import numpy as np

from imgpilot.sandbox.painting.brush import strokes
from imgpilot.sandbox.painting.canvas import Canvas
from imgpilot.sandbox.painting.colour import Floats, mix, rgb, smooth
from imgpilot.sandbox.painting.layers import disc, sky, stack
from imgpilot.sandbox.painting.noise import warp


def mountains(canvas: Canvas) -> Floats:
    """Five to seven ridges to the horizon, painted with a brush."""
    high = canvas.between(0.32, 0.44)
    count = int(canvas.rng.integers(6, 9))
    outlines = [_ridge(canvas, high, i / (count - 1)) for i in range(count)]
    sun = (canvas.between(0.2, 0.8), high - canvas.between(0.02, 0.16))
    picture = sky(canvas, high + 0.12, sun)
    stack(canvas, picture, outlines, lambda i, depth, _: land(canvas, i / (count - 1), depth))
    painted = strokes(canvas, picture, _flow(canvas, outlines), size=0.0052)
    if canvas.rng.random() < 0.6:
        painted = _wooded(canvas, painted, outlines, count - 2, tall=0.05)
        painted = _wooded(canvas, painted, outlines, count - 1, tall=0.10)
    return disc(canvas, painted, sun, until=outlines[0])


def lake(canvas: Canvas) -> Floats:
    """A range and two headlands, and the water that repeats them."""
    shore = canvas.between(0.50, 0.60)
    outlines = []
    for far in (0.0, 0.3, 0.6):
        rise = canvas.line(1.1 + far, octaves=6) * (0.07 - far * 0.05)
        outlines.append(shore - (0.22 - far * 0.24) - rise)
    for side in (0, 1):
        reach = canvas.between(0.30, 0.48) * canvas.aspect
        along = canvas.x[0] if side == 0 else canvas.aspect - canvas.x[0]
        hump = smooth(reach, reach * 0.35, along) * (0.09 + canvas.line(3, octaves=6) * 0.03)
        hump += firs(canvas, 0.035) * (along < reach * 0.8)
        outlines.append(np.where(along < reach, shore - hump, 1.2).astype(np.float32))
    sun = (canvas.between(0.25, 0.75), shore - canvas.between(0.24, 0.38))
    picture = sky(canvas, shore, sun)
    stack(canvas, picture, outlines, lambda i, depth, _: land(canvas, min(0.15 + i * 0.19, 0.72), depth))
    picture = _reflected(canvas, picture, int(shore * canvas.height))
    sway = canvas.cloud(2, octaves=2, stretch=3) * 0.06
    return strokes(canvas, picture, sway, size=0.005, length=6, jitter=0.04)


def land(canvas: Canvas, near: float, depth: Floats) -> Floats:
    """The colour of a ridge: its own at the crest, the mist's further down, unless it is close."""
    tones = canvas.mood.land
    place = near * (len(tones) - 1)
    low = min(int(place), len(tones) - 2)
    own = mix(rgb(tones[low]), rgb(tones[low + 1]), place - low)
    haze = smooth(0.0, 0.16, depth) * (0.78 * (1 - near) ** 0.9)
    return mix(own[None, None, :], rgb(canvas.mood.mist), haze)


def firs(canvas: Canvas, tall: float) -> Floats:
    """What a row of fir trees adds to an outline."""
    crown: Floats = np.zeros(canvas.width, dtype=np.float32)
    across = canvas.x[0]
    for _ in range(int(canvas.aspect * 1.5 / tall)):
        height = tall * canvas.between(0.35, 1.0)
        away = np.abs(across - canvas.between(0, canvas.aspect)) / (height * 0.22)
        tiers = np.maximum(0, 1 - away) * height
        tiers += np.maximum(0, 0.25 - np.mod(away * 4, 1) * 0.25) * height * 0.35 * (away < 1)
        np.maximum(crown, tiers, out=crown)
    return crown


def _wooded(canvas: Canvas, picture: Floats, outlines: list[Floats], number: int, tall: float) -> Floats:
    """Firs along one outline, in front of the brushwork, which would break them up."""
    crowns = outlines[number] - firs(canvas, tall)
    below = outlines[number + 1] if number + 1 < len(outlines) else np.float32(2)
    cover = np.clip((canvas.y - crowns[None, :]) * canvas.height + 0.5, 0, 1)
    cover = cover * smooth(tall * 0.7, 0.0, canvas.y - outlines[number][None, :]) * (canvas.y < below)
    own = land(canvas, number / (len(outlines) - 1), np.zeros((1, 1), dtype=np.float32))
    return mix(picture, own * 0.92, cover.astype(np.float32))


def _ridge(canvas: Canvas, high: float, near: float) -> Floats:
    base = high + (0.97 - high) * near
    rough = canvas.line(1.4 + near * 0.8, octaves=7, gain=0.5)
    sharp = 1 - 2 * np.abs(canvas.line(0.9 + near * 0.5, octaves=6, gain=0.42))
    result: Floats = base - (rough * 0.055 + sharp * 0.062) * (1 - near * 0.45) + 0.03
    return result


def _flow(canvas: Canvas, outlines: list[Floats]) -> Floats:
    """Strokes lie along the slopes of the nearest ridge above them, and swirl in the sky."""
    angle = canvas.cloud(1.6, octaves=2) * 0.55
    for outline in outlines:
        slope = np.arctan(np.gradient(soft(outline)) * canvas.height)
        angle = np.where(canvas.y > outline[None, :], slope[None, :] * 0.9 + angle * 0.45, angle)
    result: Floats = angle.astype(np.float32)
    return result


def soft(outline: Floats, reach: int = 61) -> Floats:
    """The outline without its small teeth."""
    padded = np.pad(outline, reach // 2, mode="edge")
    result: Floats = np.convolve(padded, np.ones(reach) / reach, mode="valid").astype(np.float32)
    return result


def _reflected(canvas: Canvas, picture: Floats, shore: int) -> Floats:
    below = canvas.height - shore
    rows = np.clip(shore - 1 - (np.arange(below) * 0.92).astype(int), 0, shore - 1)
    mirror = picture[rows]
    depth = np.linspace(0, 1, below, dtype=np.float32)[:, None]
    swell = canvas.cloud(26, octaves=3, stretch=9)[shore:] * depth**0.7 * canvas.height * 0.02
    mirror = warp(mirror, swell * 0.6, swell)
    water = mix(rgb(canvas.mood.water[1]), rgb(canvas.mood.water[0]), depth)
    mirror = mix(mirror, np.broadcast_to(water, mirror.shape), 0.20 + 0.25 * depth * np.ones_like(swell))
    glints = smooth(0.55, 0.8, canvas.cloud(60, octaves=2, stretch=14)[shore:]) * (0.08 + 0.12 * depth)
    picture[shore:] = mix(mirror, rgb(canvas.mood.sky[-1]), glints)
    line = np.exp(-(((canvas.y * canvas.height - shore) / 2.5) ** 2)) * 0.35
    return mix(picture, rgb(canvas.mood.mist), line * np.ones_like(canvas.x))
