"""The picture sizes the provider takes."""

import re

from imgpilot.sandbox.openai.refusal import Refusal, invalid

STEP = 16
NARROWEST = 3
SMALLEST, LONGEST, SHORTEST_OF_LONGEST = 64, 3840, 2160
USUAL = ((1024, 1024), (1536, 1024), (1024, 1536))


def read_size(text: str, like: tuple[int, int] | None = None) -> tuple[int, int]:
    """Width and height; `auto` is square, or the usual size that suits a reference picture best."""
    if text == "auto":
        if like is None:
            return USUAL[0]
        ratio = like[0] / like[1]
        return min(USUAL, key=lambda s: abs(s[0] / s[1] - ratio))
    found = re.fullmatch(r"([1-9]\d{1,4})x([1-9]\d{1,4})", text)
    if found is None:
        raise _wrong(text, "Sizes are written WIDTHxHEIGHT, or auto.")
    width, height = int(found[1]), int(found[2])
    if width % STEP or height % STEP:
        raise _wrong(text, f"Width and height must both be divisible by {STEP}.")
    if max(width, height) > NARROWEST * min(width, height):
        raise _wrong(text, "The ratio of width to height must be between 1:3 and 3:1.")
    if max(width, height) > LONGEST or min(width, height) > SHORTEST_OF_LONGEST:
        raise _wrong(text, f"The largest picture is {LONGEST}x{SHORTEST_OF_LONGEST}.")
    if min(width, height) < SMALLEST:
        raise _wrong(text, f"The shorter side must have at least {SMALLEST} pixels.")
    return width, height


def _wrong(text: str, why: str) -> Refusal:
    return invalid("size", f"Invalid size '{text[:40]}'. {why}")
