"""Black Forest Labs: takes the order, is asked at the address it names, and gives the picture's address.

It can neither call off nor remove: its pictures are gone after 10 minutes by themselves.
"""

import base64
from collections.abc import Callable
from datetime import datetime
from typing import Any

from imgpilot.generation.engines.exchange import NoAnswer, Talk, Wire, seed_of
from imgpilot.generation.engines.protocol import (
    BlockedInput,
    BlockedOutput,
    BrokeOff,
    Failure,
    Handle,
    Made,
    Request,
    StillWaiting,
    Unusable,
)
from imgpilot.generation.engines.statuses import failure_of, wait_of

#: What it says in the end, if it is no picture.
ENDS: dict[str, type[Failure]] = {
    "Request Moderated": BlockedInput,
    "Content Moderated": BlockedOutput,
    "Error": BrokeOff,
    "Task not found": Unusable,
}


class BlackForestLabs:
    """Its API."""

    def __init__(self, wire: Wire, base: str, key: str, clock: Callable[[], datetime]) -> None:
        self._wire = wire
        self._base = base
        self._key = {"x-key": key}
        self._clock = clock

    def hand_in(self, request: Request) -> Handle:
        """Order the picture."""
        try:
            with self._wire.talk(request.subject) as talk:
                answer = talk.send("POST", f"{self._base}/{request.model}", self._key, _order(request))
        except NoAnswer as none:
            raise none.failure from None
        if answer.status != 200:
            raise failure_of(answer.status, answer.headers, self._clock())
        said = answer.said
        return {"id": str(said.get("id"))[:200], "status": self._wire.theirs(said.get("polling_url"))}

    def look(self, handle: Handle) -> Made | StillWaiting:
        """Ask; if it is ready, fetch the picture."""
        return self._wire.look(lambda talk: self._look(talk, handle))

    def _look(self, talk: Talk, handle: Handle) -> Made | StillWaiting:
        answer = talk.send("GET", self._wire.theirs(handle.get("status")), self._key)
        if answer.passing:
            return StillWaiting(wait=wait_of(answer.headers, self._clock()))
        said = answer.said
        if end := ENDS.get(str(said.get("status"))):
            raise end  # with whatever status code: "Task not found" is a 404
        if answer.status != 200:
            raise failure_of(answer.status, answer.headers, self._clock())
        if said.get("status") != "Ready":
            return StillWaiting()
        result = said.get("result")
        if not isinstance(result, dict):
            raise Unusable
        return Made(talk.picture(self._wire.theirs(result.get("sample"))), seed_of(result.get("seed")))

    def call_off(self, handle: Handle) -> bool:
        """It cannot."""
        return False

    def remove(self, handle: Handle) -> bool:
        """Nothing that we could remove."""
        return True


def _order(request: Request) -> dict[str, Any]:
    body: dict[str, Any] = {
        "prompt": request.prompt,
        "width": request.width,
        "height": request.height,
        "output_format": "png",
    }
    if request.seed is not None:
        body["seed"] = request.seed
    for number, picture in enumerate(request.references, 1):
        body["input_image" if number == 1 else f"input_image_{number}"] = base64.b64encode(picture).decode("ascii")
    return body
