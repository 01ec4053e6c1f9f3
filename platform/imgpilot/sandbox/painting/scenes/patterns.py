"""Pictures of nothing: tiles and stone."""

import numpy as np

from imgpilot.sandbox.painting.canvas import Canvas
from imgpilot.sandbox.painting.colour import Floats, mix, rgb, smooth
from imgpilot.sandbox.painting.noise import warp

#: Glazes and inks that go together.
SETS = (
    ("#f1ead9", "#e2602f", "#1f7f7c", "#efb43f", "#6b2424"),
    ("#f4efe2", "#0c4a70", "#3f97bf", "#f2b84b", "#11202a"),
    ("#efe6d3", "#2f5d50", "#d98e4a", "#a33b2c", "#f2cf7b"),
    ("#e9edf0", "#27406b", "#8aa5c4", "#d9685a", "#f3d9c5"),
    ("#f6ede0", "#7a2140", "#d58a9b", "#46614f", "#e8b04e"),
)


def tiles(canvas: Canvas) -> Floats:
    """Square tiles with quarter rings, each turned by chance."""
    rng = canvas.rng
    across = int(rng.integers(5, 8))
    cell = canvas.unit / across
    columns, rows = int(np.ceil(canvas.width / cell)), int(np.ceil(canvas.height / cell))
    glazes = np.stack([rgb(c) for c in SETS[int(rng.integers(len(SETS)))]])
    picks = np.argsort(rng.random((rows, columns, 5)), axis=2)
    turns, kinds = rng.integers(0, 4, (rows, columns)), rng.random((rows, columns))
    py, px = np.mgrid[0 : canvas.height, 0 : canvas.width].astype(np.float32)
    row, column = (py / cell).astype(int), (px / cell).astype(int)
    v, u = py / cell - row, px / cell - column
    turn = turns[row, column]
    u2 = np.where(turn % 2 == 0, u, 1 - u)
    v2 = np.where(turn // 2 == 0, v, 1 - v)
    radius, soft = np.hypot(u2, v2), 0.75 / cell
    opposite = np.hypot(1 - u2, 1 - v2)
    kind = kinds[row, column]
    rings = np.where(
        kind < 0.62, radius, np.where(kind < 0.82, np.minimum(radius, opposite) * 1.35, np.maximum(u2, v2))
    )
    pick = picks[row, column]
    picture = glazes[pick[..., 0]]
    for number, reach in enumerate((0.97, 0.68, 0.40), start=1):
        picture = mix(picture, glazes[pick[..., number]], smooth(reach + soft, reach - soft, rings))
    bevel = np.minimum(np.minimum(u, 1 - u), np.minimum(v, 1 - v)) * cell / canvas.unit
    tone = 1 + canvas.cloud(3, octaves=5) * 0.05 + canvas.cloud(120, octaves=2) * 0.03
    glaze = picture * (tone * (0.90 + 0.10 * smooth(0.0, 0.006, bevel)))[..., None]
    grout = smooth(0.0022, 0.0012, bevel) * 0.55
    result: Floats = mix(glaze, rgb("#d8cfbd"), grout.astype(np.float32)).astype(np.float32)
    return result


def marble(canvas: Canvas) -> Floats:
    """Marbled paper: ink pulled through ink, with combed lines along the borders."""
    inks = SETS[int(canvas.rng.integers(len(SETS)))]
    pull = canvas.height * 0.20
    swirl = warp(canvas.cloud(1.7, octaves=3, gain=0.45), canvas.cloud(1.1, 3) * pull, canvas.cloud(1.1, 3) * pull)
    swirl = warp(swirl, canvas.cloud(5, 2) * pull * 0.12, canvas.cloud(5, 2) * pull * 0.12)
    bands = (swirl * 0.5 + 0.55) * 7 + canvas.y
    number = np.floor(bands).astype(int)
    order = canvas.rng.permutation(len(inks))
    table = np.stack([rgb(inks[order[i % len(inks)]]) for i in range(16)])
    part = bands - number
    picture = mix(table[number % 15], table[number % 15 + 1], smooth(0.965, 1.0, part))
    combed = np.abs(np.mod(bands * 6, 1) - 0.5) * 2
    near = np.abs(part - 0.5) * 2
    line = smooth(0.72, 0.98, combed) * smooth(0.15, 0.9, near)
    tint = np.where(number[..., None] % 2 == 0, rgb(inks[0]), rgb(inks[-1]) * 0.6).astype(np.float32)
    picture = mix(picture, tint, line * 0.34)
    picture = picture * (1 + (part[..., None] - 0.5) * 0.10)
    paper = 1 + canvas.cloud(1.5, octaves=3) * 0.03 + canvas.cloud(160, octaves=1) * 0.02
    result: Floats = (picture * paper[..., None]).astype(np.float32)
    return result
