"""OpenAI-compatible image models: POST images/generations, or images/edits with a reference picture.

One picture a call, so that each has its own state and its own refund. Never `response_format`, which the gpt-image
models refuse. What goes out is the prompt, the reference, the model and the size: no name, no address, no id of
the person (the provider offers `safety_identifier`; we do not use it).
"""

import base64
import binascii
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx

import config
from imgpilot.deadline import Deadline
from imgpilot.errors import Refused
from imgpilot.gateway import Gateway
from imgpilot.generation.engines import openai_errors
from imgpilot.generation.engines.body import TooMuch, read
from imgpilot.generation.engines.protocol import Made, Request, TimedOut, Unreachable, Unusable
from imgpilot.processors import image_provider
from imgpilot.purposes import GENERATION

#: The largest answer that is read, in bytes: a picture in base64 with a little JSON around it.
LARGEST_ANSWER = 48 * 2**20
#: Error bodies are read this far, in bytes; they are only looked at for a code.
LARGEST_ERROR = 64 * 2**10
#: Seconds to get a connection.
CONNECT = 10.0


class OpenAI:
    """The provider that OPENAI_BASE_URL names."""

    def __init__(
        self,
        settings: config.Settings,
        gateway: Gateway,
        clock: Callable[[], datetime],
        *,
        patience: float,
    ) -> None:
        """`patience` is the most seconds that one picture may take, from the first byte out to the last one in."""
        self._settings = settings
        self._gateway = gateway
        self._clock = clock
        self._patience = patience

    def make(self, request: Request) -> Made:
        """The picture's bytes as they came. Raises a Failure."""
        with Deadline(self._patience) as deadline, self._client(request, deadline) as client:
            try:
                answer = self._ask(client, request, deadline)
                return Made(self._picture(client, answer, deadline))
            except (httpx.HTTPError, TooMuch, Unusable) as error:
                if deadline.passed:  # a cut may also look like an answer that ended early
                    raise TimedOut from None
                if isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout)):
                    raise Unreachable from None
                if isinstance(error, httpx.TimeoutException):
                    raise TimedOut from None
                # The request was out. Whether a picture was made, nobody can tell: not again.
                raise Unusable from None

    def _client(self, request: Request, deadline: Deadline) -> httpx.Client:
        return self._gateway.client(
            image_provider(self._settings),
            GENERATION,
            subject=request.subject,
            categories=("user.content.private",),
            timeout=httpx.Timeout(deadline.left, connect=min(CONNECT, deadline.left)),
        )

    def _ask(self, client: httpx.Client, request: Request, deadline: Deadline) -> bytes:
        """The body of a good answer. Raises a Failure for any other."""
        key = self._settings.openai_api_key
        headers = {
            "Authorization": f"Bearer {key.get_secret_value() if key else 'sandbox'}",
            "Accept": "application/json",
            "Accept-Encoding": "identity",  # so that the limit counts what is really there
            "User-Agent": "ImgPilot",
        }
        fields = {
            "model": request.model,
            "prompt": request.prompt,
            "size": f"{request.width}x{request.height}",
            "output_format": "png",
        }
        # OpenAI itself knows no seed; servers that speak its language do (the catalogue says which model).
        numbers = {"n": 1} | ({"seed": request.seed} if request.seed is not None else {})
        base = self._settings.openai_address
        if not request.references:
            way: dict[str, Any] = {"url": f"{base}/images/generations", "json": fields | numbers}
        else:
            files = [("image[]", ("reference.png", each, "image/png")) for each in request.references]
            sent = fields | {name: str(value) for name, value in numbers.items()}
            way = {"url": f"{base}/images/edits", "data": sent, "files": files}
        with client.stream("POST", headers=headers, extensions={"trace": deadline.watch}, **way) as response:
            if response.status_code != 200:
                said = read(response, LARGEST_ERROR, cut=True) if response.status_code >= 400 else b""
                raise openai_errors.failure(response.status_code, response.headers, said, self._clock())
            return read(response, LARGEST_ANSWER)

    def _picture(self, client: httpx.Client, answer: bytes, deadline: Deadline) -> bytes:
        try:
            first = json.loads(answer)["data"][0]
            if isinstance(coded := first.get("b64_json"), str) and coded:
                return base64.b64decode(coded, validate=True)
            address = first["url"]
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError, binascii.Error):
            raise Unusable from None
        return self._fetch(client, address, deadline)

    def _fetch(self, client: httpx.Client, address: object, deadline: Deadline) -> bytes:
        """The picture at the address in an answer: on the configured host or not at all, without our key."""
        base = self._settings.openai_address
        if not isinstance(address, str) or not address:
            raise Unusable
        try:
            url = urljoin(base, address)
            if urlsplit(url)[:2] != urlsplit(base)[:2]:
                raise Unusable
            with client.stream(
                "GET", url, headers={"Accept-Encoding": "identity"}, extensions={"trace": deadline.watch}
            ) as response:
                if response.status_code != 200:
                    raise Unusable
                return read(response, LARGEST_ANSWER)
        except (ValueError, httpx.InvalidURL, Refused):
            raise Unusable from None
