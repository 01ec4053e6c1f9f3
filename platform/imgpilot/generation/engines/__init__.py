"""The way to image models: what is asked and answered (protocol), and one module per provider."""

from datetime import timedelta
from typing import Any

from imgpilot.generation.engines.bfl import BlackForestLabs
from imgpilot.generation.engines.exchange import Wire
from imgpilot.generation.engines.fal import Fal
from imgpilot.generation.engines.gemini import Gemini
from imgpilot.generation.engines.openai import OpenAI
from imgpilot.generation.engines.protocol import Engine, NotOffered, WaitingEngine
from imgpilot.generation.engines.replicate import Replicate
from imgpilot.parts import Parts
from imgpilot.processors import image_providers

#: Those that give the picture later.
WAITING = frozenset({"fal", "bfl", "replicate"})


def engine_for(parts: Parts, key: str, patience: timedelta) -> Engine:
    """The engine of that key, which answers with the picture; one picture may take it as long as `patience`.

    Raises NotOffered if this installation has no way to it.
    """
    engine: Engine = _engine(parts, key, patience.total_seconds())
    return engine


def waiting_engine_for(parts: Parts, key: str, patience: timedelta) -> WaitingEngine:
    """The engine of that key, which gives the picture later; one call may take it as long as `patience`.

    Raises NotOffered if this installation has no way to it.
    """
    engine: WaitingEngine = _engine(parts, key, patience.total_seconds())
    return engine


def _engine(parts: Parts, key: str, patience: float) -> Any:
    settings, gateway, clock = parts.settings, parts.gateway, parts.clock
    provider = image_providers(settings).get(key)
    if provider is None:
        raise NotOffered

    def wire(base: str) -> Wire:
        return Wire(gateway, provider, base, patience)

    match key:
        case "gemini" if settings.gemini_api_key:
            base = settings.gemini_base_url.rstrip("/")
            return Gemini(wire(base), base, settings.gemini_api_key.get_secret_value(), clock)
        case "fal" if settings.fal_key:
            queue, api = settings.fal_queue_url.rstrip("/"), settings.fal_api_url.rstrip("/")
            return Fal(wire(queue), wire(api), queue, api, settings.fal_key.get_secret_value(), clock)
        case "bfl" if settings.bfl_api_key:
            base = settings.bfl_base_url.rstrip("/")
            return BlackForestLabs(wire(base), base, settings.bfl_api_key.get_secret_value(), clock)
        case "replicate" if settings.replicate_api_token:
            base = settings.replicate_base_url.rstrip("/")
            return Replicate(wire(base), base, settings.replicate_api_token.get_secret_value(), clock)
    base, own = settings.openai_address, settings.openai_api_key
    return OpenAI(wire(base), base, own.get_secret_value() if own else "sandbox", clock)
