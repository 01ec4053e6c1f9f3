"""What a scene is painted on: its size, its dice, its light."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.random import Generator

from imgpilot.sandbox.painting.colour import Floats
from imgpilot.sandbox.painting.moods import Mood
from imgpilot.sandbox.painting.noise import cloud, line


@dataclass(frozen=True)
class Canvas:
    """Lengths in scenes are shares of the height, so that a scene looks alike at every size."""

    width: int
    height: int
    rng: Generator
    mood: Mood
    #: A draft: fewer and broader strokes.
    loose: bool = False

    @property
    def aspect(self) -> float:
        """Width in heights."""
        return self.width / self.height

    @property
    def unit(self) -> int:
        """The shorter side in pixels, for things that must fit both ways."""
        return min(self.width, self.height)

    @cached_property
    def x(self) -> Floats:
        """One row: 0 at the left edge, `aspect` at the right one."""
        result: Floats = np.linspace(0, self.aspect, self.width, dtype=np.float32)[None, :]
        return result

    @cached_property
    def y(self) -> Floats:
        """One column: 0 at the top, 1 at the bottom."""
        result: Floats = np.linspace(0, 1, self.height, dtype=np.float32)[:, None]
        return result

    def cloud(self, cells: float, octaves: int = 5, gain: float = 0.5, *, stretch: float = 1) -> Floats:
        """Fractal noise over the whole canvas."""
        return cloud(self.rng, (self.width, self.height), cells, octaves, gain, stretch=stretch)

    def line(self, cells: float, octaves: int = 5, gain: float = 0.5) -> Floats:
        """An outline from edge to edge; `cells` per picture height."""
        return line(self.rng, self.width, cells * self.aspect, octaves, gain)

    def between(self, low: float, high: float) -> float:
        """A random number in a range."""
        return float(self.rng.uniform(low, high))
