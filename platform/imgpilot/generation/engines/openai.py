"""OpenAI-compatible image models: POST images/generations, or images/edits with a reference picture.

One picture a call, so that each has its own state and its own refund. Never `response_format`, which the gpt-image
models refuse. What goes out is the prompt, the reference, the model and the size: no name, no address, no id of
the person (the provider offers `safety_identifier`; we do not use it).
"""

import base64
import binascii
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from imgpilot.generation.engines import openai_errors
from imgpilot.generation.engines.exchange import LARGEST_PICTURE, Answer, NoAnswer, Talk, Wire
from imgpilot.generation.engines.protocol import Made, Request, Unusable


class OpenAI:
    """The provider that OPENAI_BASE_URL names."""

    def __init__(self, wire: Wire, base: str, key: str, clock: Callable[[], datetime]) -> None:
        self._wire = wire
        self._base = base
        self._key = {"Authorization": f"Bearer {key}"}
        self._clock = clock

    def make(self, request: Request) -> Made:
        """The picture's bytes as they came. Raises a Failure."""
        called, way = _order(request)
        try:
            with self._wire.talk(request.subject) as talk:
                answer = talk.send("POST", f"{self._base}/images/{called}", self._key, most=LARGEST_PICTURE, **way)
                if answer.status != 200:
                    raise openai_errors.failure(answer.status, answer.headers, answer.body, self._clock())
                return Made(self._picture(talk, answer))
        except NoAnswer as none:
            raise none.failure from None

    def _picture(self, talk: Talk, answer: Answer) -> bytes:
        try:
            first = answer.said["data"][0]
            if isinstance(coded := first.get("b64_json"), str) and coded:
                return base64.b64decode(coded, validate=True)
            if not isinstance(first["url"], str) or not first["url"]:
                raise Unusable
            url = urljoin(self._base, first["url"])
        except (ValueError, LookupError, TypeError, AttributeError, binascii.Error):
            raise Unusable from None
        return talk.picture(self._wire.theirs(url))


def _order(request: Request) -> tuple[str, dict[str, Any]]:
    """The end of the address, and what is sent there: JSON, or a form with the reference pictures."""
    fields = {
        "model": request.model,
        "prompt": request.prompt,
        "size": f"{request.width}x{request.height}",
        "output_format": "png",
    }
    # OpenAI itself knows no seed; servers that speak its language do (the catalogue says which model).
    numbers = {"n": 1} | ({"seed": request.seed} if request.seed is not None else {})
    if not request.references:
        return "generations", {"body": fields | numbers}
    files = [("image[]", ("reference.png", each, "image/png")) for each in request.references]
    return "edits", {"form": (fields | {name: str(value) for name, value in numbers.items()}, files)}
