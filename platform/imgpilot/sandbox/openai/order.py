"""What an image call asks for, read strictly: a field the provider does not know is an error."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PIL import Image

from imgpilot.sandbox.openai.models import PAINTER, Model, model_named
from imgpilot.sandbox.openai.refusal import invalid
from imgpilot.sandbox.openai.sizes import read_size

LONGEST_PROMPT = 32_000
MOST_PICTURES = 10
MOST_PARTIAL = 3
FORMATS = ("png", "jpeg", "webp")
#: Fields with a fixed choice, the default first.
CHOICES = {
    "quality": ("auto", "low", "medium", "high", "xhigh", "max"),
    "background": ("auto", "transparent", "opaque"),
    "output_format": FORMATS,
    "moderation": ("auto", "low"),
    "input_fidelity": ("low", "high"),
}
COMMON = frozenset({
    "model", "prompt", "n", "size", "quality", "background", "output_format", "output_compression",
    "moderation", "safety_identifier", "user", "stream", "partial_images",
    "seed",  # OpenAI knows none; the servers that speak its language and that this also stands in for do
})  # fmt: skip
FOR_EDITS = COMMON | {"input_fidelity"}


@dataclass(frozen=True)
class Order:
    """A valid call."""

    model: Model
    prompt: str
    count: int
    size: tuple[int, int]
    quality: str
    background: str
    media: str
    compression: int
    stream: bool
    partial: int
    references: tuple[Image.Image, ...] = ()
    mask: Image.Image | None = None
    #: -1: any.
    seed: int = -1


def read_order(
    given: Mapping[str, Any], references: tuple[Image.Image, ...] = (), mask: Image.Image | None = None
) -> Order:
    """The order in these fields; raises Refusal, naming the first field that is wrong."""
    edits = bool(references)
    for name in given:
        if name not in (FOR_EDITS if edits else COMMON):
            raise invalid(name, f"Unknown parameter: '{name}'.", "unknown_parameter")
    choice = {name: _choice(given, name) for name in CHOICES}
    media = choice["output_format"]
    if choice["background"] == "transparent" and media == "jpeg":
        raise invalid("background", "Transparent background is not supported for JPEG output format.")
    compression = _number(given, "output_compression", 0, 100, 100)
    if compression != 100 and media == "png":
        raise invalid("output_compression", "Compression less than 100 is not supported for PNG output format.")
    for name in ("safety_identifier", "user"):
        _text(given, name, "", 512)
    prompt = _text(given, "prompt", None, LONGEST_PROMPT)
    if not prompt.strip():
        raise invalid("prompt", "The prompt is empty.", "empty_string")
    return Order(
        model=model_named(_text(given, "model", PAINTER.id, 200)),
        prompt=prompt,
        count=_number(given, "n", 1, MOST_PICTURES, 1),
        size=read_size(_text(given, "size", "auto", 40), references[0].size if references else None),
        quality={"auto": "medium"}.get(choice["quality"], choice["quality"]),
        background={"auto": "opaque"}.get(choice["background"], choice["background"]),
        media=media,
        compression=compression,
        stream=_flag(given, "stream"),
        partial=_number(given, "partial_images", 0, MOST_PARTIAL, 0),
        references=references,
        mask=mask,
        seed=_number(given, "seed", 0, 2**63 - 1, -1),
    )


def _text(given: Mapping[str, Any], name: str, default: str | None, longest: int) -> str:
    value = given.get(name)
    if value is None:
        if default is None:
            raise invalid(name, f"Missing required parameter: '{name}'.", "missing_required_parameter")
        return default
    if not isinstance(value, str):
        raise invalid(name, f"Invalid type for '{name}': expected a string.", "invalid_type")
    if len(value) > longest:
        raise invalid(
            name,
            f"Invalid '{name}': string too long. Expected a string with maximum length {longest}, "
            f"but got a string with length {len(value)} instead.",
            "string_above_max_length",
        )
    return value


def _choice(given: Mapping[str, Any], name: str) -> str:
    allowed = CHOICES[name]
    value = _text(given, name, allowed[0], 200)
    if value not in allowed:
        said = ", ".join(f"'{a}'" for a in allowed)
        raise invalid(name, f"Invalid value: '{value}'. Supported values are: {said}.")
    return value


def _number(given: Mapping[str, Any], name: str, least: int, most: int, default: int) -> int:
    value = given.get(name)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int):
        raise invalid(name, f"Invalid type for '{name}': expected an integer.", "invalid_type")
    if not least <= value <= most:
        raise invalid(
            name,
            f"Invalid '{name}': expected a value from {least} to {most}, but got {value} instead.",
            "integer_above_max_value" if value > most else "integer_below_min_value",
        )
    return value


def _flag(given: Mapping[str, Any], name: str) -> bool:
    value = given.get(name)
    if value is not None and not isinstance(value, bool):
        raise invalid(name, f"Invalid type for '{name}': expected a boolean.", "invalid_type")
    return bool(value)
