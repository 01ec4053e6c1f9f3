"""The way to image models: what is asked and answered (protocol), and one module per provider."""

from datetime import timedelta

from imgpilot.generation.engines.openai import OpenAI
from imgpilot.generation.engines.protocol import Engine
from imgpilot.parts import Parts


def engine_for(parts: Parts, patience: timedelta) -> Engine:
    """The engine of this installation; one picture may take it as long as `patience`."""
    return OpenAI(parts.settings, parts.gateway, parts.clock, patience=patience.total_seconds())
