"""Smooth randomness: the raw material of ridges, clouds, waves and stone."""

import numpy as np
from numpy.random import Generator
from PIL import Image

from imgpilot.sandbox.painting.colour import Floats


def field(rng: Generator, width: int, height: int, across: float, down: float) -> Floats:
    """Values from -1 to 1 that change smoothly, with so many random cells across and down."""
    columns, rows = int(np.ceil(across)) + 3, int(np.ceil(down)) + 3
    cells = rng.uniform(-1, 1, (rows, columns)).astype(np.float32)
    box = (1.0, 1.0, 1.0 + across, 1.0 + down)
    grown = Image.fromarray(cells).resize((width, height), Image.Resampling.BICUBIC, box=box)
    result: Floats = np.asarray(grown, dtype=np.float32)
    return result


def cloud(
    rng: Generator,
    size: tuple[int, int],
    cells: float,
    octaves: int = 5,
    gain: float = 0.5,
    *,
    stretch: float = 1,
) -> Floats:
    """Fractal noise, about -1 to 1; `cells` per picture height, `stretch` above 1 pulls it out sideways."""
    width, height = size
    total: Floats = np.zeros((height, width), dtype=np.float32)
    weight, reach = 1.0, 0.0
    for octave in range(octaves):
        down = cells * 2**octave
        across = down * width / height / stretch
        total += weight * field(rng, width, height, across, down)
        reach += weight
        weight *= gain
    return total / (reach * 0.62)


def line(rng: Generator, width: int, cells: float, octaves: int = 5, gain: float = 0.5) -> Floats:
    """One row of fractal noise, about -1 to 1: the outline of a ridge."""
    total: Floats = np.zeros(width, dtype=np.float32)
    weight, reach = 1.0, 0.0
    for octave in range(octaves):
        total += weight * field(rng, width, 1, cells * 2**octave, 1)[0]
        reach += weight
        weight *= gain
    return total / (reach * 0.62)


def warp(picture: Floats, dx: Floats, dy: Floats) -> Floats:
    """The picture with each pixel fetched from `dx`, `dy` pixels away; edges repeat."""
    height, width = picture.shape[:2]
    rows = np.arange(height, dtype=np.float32)[:, None] + dy
    columns = np.arange(width, dtype=np.float32)[None, :] + dx
    return picture[np.clip(rows, 0, height - 1).astype(np.int32), np.clip(columns, 0, width - 1).astype(np.int32)]
