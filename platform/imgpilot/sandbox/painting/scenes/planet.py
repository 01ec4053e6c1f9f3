"""A planet among stars, lit from one side, sometimes with a ring."""

import numpy as np

from imgpilot.sandbox.painting.canvas import Canvas
from imgpilot.sandbox.painting.colour import Floats, mix, ramp, rgb, smooth
from imgpilot.sandbox.painting.layers import scatter

#: Bands of gas from pole to pole.
BANDS = (
    ("#5b2f20", "#a9623a", "#e4b482", "#c07c4c", "#f1d6ad", "#8d4a2c", "#d59a66"),
    ("#18344c", "#2f6b8f", "#8fc1cf", "#4b8aa8", "#d5e6e0", "#1f4d70", "#6fa9bd"),
    ("#4a3a52", "#8a6f86", "#d9b7ab", "#a4808c", "#efd9c6", "#6a5068", "#c39a96"),
    ("#4b4a2a", "#8f8a4a", "#d8cf94", "#b0a25c", "#efe6bd", "#6d6a38", "#c2b878"),
)


def planet(canvas: Canvas) -> Floats:
    """The sphere, its night side, a thin air, and stars behind."""
    rng = canvas.rng
    dust = canvas.cloud(1.2, octaves=6, gain=0.55)
    picture = ramp(0.30 + dust * 0.42, ("#03060d", "#071120", "#0d1f36", "#26304f"))
    scatter(canvas, picture, until=1.04, per_height=900)
    fit = min(1.0, canvas.aspect)
    radius = canvas.between(0.29, 0.35) * fit
    cx, cy = canvas.aspect * canvas.between(0.42, 0.58), canvas.between(0.44, 0.54)
    u, v = (canvas.x - cx) / radius, (canvas.y - cy) / radius
    tilt = canvas.between(-0.5, 0.5)
    u, v = u * np.cos(tilt) + v * np.sin(tilt), v * np.cos(tilt) - u * np.sin(tilt)
    inside = np.sqrt(np.maximum(0, 1 - u * u - v * v))
    bands = BANDS[int(rng.integers(len(BANDS)))]
    storm = canvas.cloud(5, 5, 0.55, stretch=2.6)
    fine = canvas.cloud(9, 4, 0.55, stretch=5)
    latitude = np.arcsin(np.clip(v, -1, 1)) / np.pi + 0.5
    surface = ramp(latitude + storm * 0.028 + fine * 0.022, (*bands, *bands[::-1], *bands))
    surface = surface * (1 + fine[..., None] * 0.12)
    lit = np.clip(-0.74 * u - 0.36 * v + 0.60 * inside, 0, 1)
    colour = surface * (0.02 + 1.10 * lit[..., None] ** 0.9)
    air = np.exp(-inside / 0.16) * np.clip(-0.8 * u - 0.4 * v + 0.25, 0, 1)
    colour = mix(colour, rgb(bands[4]), np.clip(air * 0.65, 0, 1))
    edge = np.clip((1 - np.hypot(u, v)) * radius * canvas.height + 0.5, 0, 1)
    halo = np.exp(-np.maximum(np.hypot(u, v) - 1, 0) / 0.035) * np.clip(-0.8 * u - 0.4 * v, 0, 1) * 0.45
    picture = mix(picture, rgb(bands[4]), halo)
    ringed = rng.random() < 0.55
    ring = _ring(canvas, u, v, bands) if ringed else None
    if ring is not None:
        picture = mix(picture, ring[0], ring[1])
    picture = mix(picture, colour, edge)
    if ring is not None:
        front = ring[1] * (v * 1.0 > 0)
        picture = mix(picture, ring[0], front)
    return picture


def _ring(canvas: Canvas, u: Floats, v: Floats, bands: tuple[str, ...]) -> tuple[Floats, Floats]:
    """The ring's colours and how solid it is at each pixel."""
    out = np.hypot(u, v / 0.20)
    place = (out - 1.28) / 0.78
    grooves = np.interp(np.clip(place, 0, 1), np.linspace(0, 1, 60), canvas.rng.uniform(0.25, 0.95, 60))
    solid = smooth(0, 0.05, place) * smooth(1, 0.94, place) * grooves
    night = smooth(0.15, 0.7, u) * (np.abs(v) < 0.2) * (v < 0)
    colour = ramp(place, (bands[4], bands[2], bands[6], bands[4]))
    return colour * (1 - 0.8 * night)[..., None], (solid * 0.85).astype(np.float32)
