"""Fruit and pots on a table: turned bodies with light from one side."""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from imgpilot.sandbox.painting.canvas import Canvas
from imgpilot.sandbox.painting.colour import Floats, mix, ramp, rgb, smooth

#: Wall, table and cloth of a room.
ROOMS = (
    (("#2f4a58", "#49697a", "#7393a0"), ("#5b7c8a", "#87a3ad")),
    (("#b9b6a6", "#d5cfbb", "#e9e0c9"), ("#e7cf9f", "#f6ecd0")),
    (("#2a2430", "#4c3a44", "#7c5a58"), ("#7a4c3c", "#b98560")),
    (("#33473d", "#55705f", "#8aa08a"), ("#8c7350", "#c8ab7c")),
    (("#0d2b45", "#1c4a6b", "#4b7d9b"), ("#c9d5d8", "#eef1ec")),
)
#: Shade, body and light of a skin or glaze.
SKINS = {
    "pear": (
        ("#4d4a12", "#b8a829", "#eedf6e"),
        ("#6a3a10", "#d08a26", "#f4d06a"),
        ("#3c4d16", "#8fa335", "#d9df84"),
    ),
    "ball": (
        ("#7a2c10", "#e08a2c", "#fbcf7a"),
        ("#5a1218", "#b5302c", "#ec8a6c"),
        ("#3d4a12", "#9aa53a", "#e2e08c"),
    ),
    "vase": (
        ("#33475a", "#8aa0b0", "#eef2f2"),
        ("#5a2f22", "#b8694a", "#eeb58e"),
        ("#12314a", "#2f6a92", "#a9cfe0"),
    ),
}
#: A vase's half width at heights from the lip to the foot, in halves of the greatest.
VASE = (0.34, 0.29, 0.27, 0.31, 0.47, 0.72, 0.92, 1.0, 0.99, 0.92, 0.81, 0.69, 0.59, 0.54)


@dataclass(frozen=True)
class Thing:
    """One object; lengths in picture heights, the place is where it stands."""

    kind: str
    x: float
    foot: float
    wide: float
    tall: float
    skin: tuple[str, str, str]


def table(canvas: Canvas) -> Floats:
    """Two to five things on a table, back to front."""
    rng = canvas.rng
    wall, cloth = ROOMS[int(rng.integers(len(ROOMS)))]
    edge = canvas.between(0.56, 0.64)
    light = canvas.between(0.0, 0.35) * canvas.aspect
    glow = np.hypot((canvas.x - light) * 0.7, canvas.y - 0.15)
    picture = ramp(1 - glow * 0.85 + canvas.cloud(3, octaves=5) * 0.05, wall)
    top = ramp((canvas.y - edge) * 1.6 + 0.25 - glow * 0.18 + canvas.cloud(4, octaves=4, stretch=6) * 0.07, cloth)
    picture = mix(picture, top, smooth(-0.006, 0.006, canvas.y - edge) * np.ones_like(canvas.x))
    things = _arranged(canvas, edge)
    for thing in things:
        _shadow(canvas, picture, thing)
    for thing in things:
        _thing(canvas, picture, thing)
    return picture


def _arranged(canvas: Canvas, edge: float) -> list[Thing]:
    """A tall thing a little off the middle, fruit in front of it and beside it."""
    rng, fit = canvas.rng, min(1.0, canvas.aspect * 0.95)
    lead = "vase" if rng.random() < 0.45 else "pear"
    kinds = [lead] + [("pear", "ball", "ball")[int(rng.integers(3))] for _ in range(int(rng.integers(2, 5)))]
    things, middle = [], canvas.aspect / 2 + canvas.between(-0.06, 0.06)
    side = 1 if rng.random() < 0.5 else -1
    for i, kind in enumerate(kinds):
        tall = {"vase": 0.58, "pear": 0.44, "ball": 0.23}[kind] * fit * canvas.between(0.9, 1.08)
        wide = tall * {"vase": 0.80, "pear": 0.72, "ball": 1.04}[kind] / 2
        x = middle + side * (0, 0.27, -0.27, 0.14, -0.40)[i] * fit + canvas.between(-0.02, 0.02)
        foot = edge + (0.15 + (0.0, 0.045, 0.065, 0.13, 0.02)[i]) * fit + canvas.between(0, 0.02)
        skins = SKINS[kind]
        things.append(Thing(kind, x, foot, wide, tall, skins[int(rng.integers(len(skins)))]))
    return sorted(things, key=lambda t: t.foot)


def _shadow(canvas: Canvas, picture: Floats, thing: Thing) -> None:
    long = thing.wide * 1.9
    u = (canvas.x - thing.x - long * 0.55) / long
    v = (canvas.y - thing.foot + thing.wide * 0.10) / (thing.wide * 0.30)
    cast = np.exp(-((u * u + v * v) ** 1.3) * 1.6) * 0.5
    under = np.hypot((canvas.x - thing.x) / (thing.wide * 0.8), (canvas.y - thing.foot) / (thing.wide * 0.16))
    picture *= (1 - np.maximum(cast, np.exp(-(under**2)) * 0.75))[..., None]


def _thing(canvas: Canvas, picture: Floats, thing: Thing) -> None:
    size = canvas.height
    top, bottom = int((thing.foot - thing.tall) * size), int(thing.foot * size) + 2
    left, right = int((thing.x - thing.wide) * size) - 2, int((thing.x + thing.wide) * size) + 3
    rows, columns = slice(max(0, top), min(size, bottom)), slice(max(0, left), min(canvas.width, right))
    if rows.stop <= rows.start or columns.stop <= columns.start:
        return
    down = (canvas.y[rows, 0] - (thing.foot - thing.tall)) / thing.tall
    half = np.maximum(_profile(thing.kind, down), 1e-3) * thing.wide
    u = (canvas.x[:, columns] - thing.x) / half[:, None]
    cover = np.clip((half[:, None] - np.abs(u) * half[:, None]) * size + 0.5, 0, 1)
    slope = -np.gradient(half) * size
    nz = np.sqrt(np.maximum(0, 1 - np.clip(u, -1, 1) ** 2))
    norm = np.sqrt(1 + slope[:, None] ** 2)
    nx, ny, nz = np.clip(u, -1, 1) / norm, slope[:, None] / norm, nz / norm
    lambert = np.maximum(0, -0.62 * nx - 0.48 * ny * -1 + 0.62 * nz)
    shine = np.maximum(0, -0.42 * nx + 0.38 * ny + 0.82 * nz) ** (26 if thing.kind != "vase" else 14)
    skin = canvas.cloud(9, octaves=4)[rows, columns] * 0.06
    bounce = np.clip(nx, 0, 1) ** 3 * 0.18
    colour = ramp((0.06 + 0.86 * lambert + bounce + skin).astype(np.float32), thing.skin)
    colour = mix(colour, rgb("#fffdf2"), np.clip(shine * 0.55, 0, 1).astype(np.float32))
    picture[rows, columns] = mix(picture[rows, columns], colour, cover.astype(np.float32))
    if thing.kind != "vase":
        _stalk(canvas, picture, thing)


def _profile(kind: str, down: Floats) -> Floats:
    """Half the width at each height, 0 at the top to 1 at the foot."""
    t = np.clip(down, 0, 1)
    if kind == "vase":
        row = np.array([VASE], dtype=np.float32)
        fine = np.asarray(Image.fromarray(row).resize((512, 1), Image.Resampling.BICUBIC))[0]
        half = np.interp(t, np.linspace(0, 1, 512), fine) * np.clip((1 - t) / 0.02, 0, 1) ** 0.5
    else:
        half = 2 * np.sqrt(t * (1 - t))
        if kind == "pear":
            half = half * (0.42 + 0.66 * smooth(0.2, 0.68, t))
    result: Floats = half.astype(np.float32)
    return result


def _stalk(canvas: Canvas, picture: Floats, thing: Thing) -> None:
    """The short brown stem of a fruit, bent a little."""
    top = thing.foot - thing.tall * 0.985
    up = (top - canvas.y) / (thing.tall * 0.13)
    bend = thing.x + np.clip(up, 0, 1) ** 2 * thing.wide * 0.12
    near = np.abs(canvas.x - bend) / (thing.wide * 0.035 * (1 + np.clip(up, 0, 1) * 0.5))
    inside = smooth(1.2, 0.7, near) * (up > -0.12) * smooth(1.08, 0.98, up)
    picture[:] = mix(picture, rgb("#3a2716"), inside.astype(np.float32))
