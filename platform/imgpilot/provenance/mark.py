"""Marking a picture that came from a provider as made by AI (EU AI Act, Art. 50(2)), without touching a pixel."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

import config
from imgpilot.provenance import containers, credentials, keys, xmp
from imgpilot.provenance.containers import Broken
from imgpilot.provenance.credentials import NotSigned
from imgpilot.provenance.source import Source

Step = Callable[[str, bytes, Source, "Provenance"], bytes]
PROVIDER, US = "provider", "us"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Provenance:
    """What the mark says and who signs it: the model's name, and whether pictures of a person's went in."""

    settings: config.Settings
    model: str
    references: int = 0


@dataclass(frozen=True, slots=True)
class Marked:
    """The bytes to keep. `by` is "provider" (not a byte was changed), "us", or None: no mark could be added."""

    data: bytes
    by: str | None


def mark(media_type: str, data: bytes, provenance: Provenance) -> Marked:
    """The picture with a mark: as it came if the provider marked it, else with XMP and a signed manifest added.

    Never fails: if the manifest cannot be made there is XMP only, and if that cannot be added either, the picture
    is kept as it came. Whatever was added, the boxes of the file that hold the picture are the same.
    """
    if _marked(media_type, data):
        return Marked(data, PROVIDER)
    source = Source.of(provenance.references)
    made, by = data, None
    for step in (_said, _signed):
        more = _tried(step, media_type, made, source, provenance)
        if more is not None:
            made, by = more, US
    return Marked(made, by)


def _tried(step: Step, media_type: str, data: bytes, source: Source, provenance: Provenance) -> bytes | None:
    """What the step makes of the file; None if it cannot, or if it touched the picture itself."""
    try:
        made = step(media_type, data, source, provenance)
        if containers.pixels(media_type, made) == containers.pixels(media_type, data):
            return made
        why = "PixelsTouched"
    except NotSigned as error:
        why = error.why
    except Exception as error:  # noqa: BLE001  (a foreign library on foreign bytes: the picture must not be lost)
        why = type(error).__name__
    log.error("a picture was not marked as it should be: %s", why)
    return None


def _marked(media_type: str, data: bytes) -> bool:
    try:
        there = containers.xmp(media_type, data)
    except Broken:
        there = data
    return (there is not None and xmp.says_ai(there)) or credentials.carries(media_type, data)


def _said(media_type: str, data: bytes, source: Source, _provenance: Provenance) -> bytes:
    there = containers.xmp(media_type, data)
    packet = xmp.packet(source) if there is None else xmp.added(there, source)
    if packet is None:
        raise Broken
    return containers.with_xmp(media_type, data, packet)


def _signed(media_type: str, data: bytes, source: Source, provenance: Provenance) -> bytes:
    return credentials.sign(media_type, data, keys.of(provenance.settings), source, provenance.model)
