"""Colours as numbers between 0 and 1, and the ways two of them meet."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Colours and amounts, in whichever precision the arithmetic gave them.
Floats = NDArray[np.floating[Any]]

#: Steps of a ramp; finer than eight bits, so no bands show.
STEPS = 1024


@lru_cache(maxsize=512)
def _parsed(code: str) -> tuple[float, float, float]:
    return tuple(int(code[i : i + 2], 16) / 255 for i in (1, 3, 5))  # type: ignore[return-value]


def rgb(code: str) -> Floats:
    """The colour written as #rrggbb."""
    return np.array(_parsed(code), dtype=np.float32)


def smooth(low: float, high: float, value: Floats) -> Floats:
    """0 below `low`, 1 above `high`, an S-shaped way between."""
    t = np.clip((value - low) / (high - low), 0, 1)
    result: Floats = (t * t * (3 - 2 * t)).astype(np.float32)
    return result


def mix(one: Floats, other: Floats, amount: Floats | float) -> Floats:
    """`one` moved towards `other`; an amount per pixel gets a colour axis."""
    share = amount if isinstance(amount, float | int) else amount[..., None]
    result: Floats = one + (other - one) * share
    return result


def ramp(value: Floats, colours: Sequence[str]) -> Floats:
    """The colour at each value between 0 and 1, along evenly spaced colours."""
    stops = np.linspace(0, 1, len(colours))
    at = np.linspace(0, 1, STEPS)
    table = np.stack([np.interp(at, stops, [_parsed(c)[k] for c in colours]) for k in range(3)], axis=-1)
    places = (np.clip(value, 0, 1) * (STEPS - 1)).astype(np.int32)
    result: Floats = table.astype(np.float32)[places]
    return result
