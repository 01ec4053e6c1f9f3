"""fal: a queue takes the order, is asked how it is, and gives the picture's address. It can be called off.

fal is told to store no prompt and to drop the picture after an hour; once we have it, we have it removed at once.
"""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from imgpilot.generation.engines.exchange import Answer, NoAnswer, Talk, Wire, seed_of
from imgpilot.generation.engines.protocol import (
    BlockedInput,
    BlockedOutput,
    BrokeOff,
    Failure,
    Handle,
    InvalidInput,
    Made,
    QuotaExhausted,
    Request,
    StillWaiting,
    TimedOut,
    Transient,
    Unusable,
)
from imgpilot.generation.engines.statuses import failure_of, wait_of


@dataclass(frozen=True, slots=True)
class Edit:
    """Where a model is asked that has reference pictures, and whether it takes one only, with a strength."""

    called: str
    single: bool = False


EDITS = {"fal-ai/flux/dev": Edit("fal-ai/flux/dev/image-to-image", single=True)}

#: Errors of the queue and of its machines. fal bills none of them, and no 5xx of its own.
THEIRS = {
    *("request_timeout", "startup_timeout", "internal_error", "internal_server_error"),
    *("runner_scheduling_failure", "runner_connection_timeout", "runner_connection_refused"),
    *("runner_connection_error", "runner_disconnected", "runner_incomplete_response", "runner_server_error"),
    *("downstream_service_error", "downstream_service_unavailable"),
}
#: How long what was ordered may wait at fal and its picture may lie there, in seconds.
LONGEST = 600
LIES = 3600


class Fal:
    """fal's queue."""

    def __init__(self, wire: Wire, files: Wire, queue: str, api: str, key: str, clock: Callable[[], datetime]) -> None:
        """`files` is the way to where `api` removes payloads."""
        self._wire = wire
        self._files = files
        self._queue = queue
        self._api = api
        self._key = {"Authorization": f"Key {key}"}
        self._clock = clock

    def hand_in(self, request: Request) -> Handle:
        """Put it in the queue."""
        called, body = _order(request)
        url = f"{self._queue}/{called}"
        if request.knock:
            url += "?" + urlencode({"fal_webhook": request.knock})
        headers = self._key | {
            "X-Fal-Store-IO": "0",
            "X-Fal-Object-Lifecycle-Preference": json.dumps({"expiration_duration_seconds": LIES}),
            "X-Fal-Request-Timeout": str(LONGEST),
        }
        try:
            with self._wire.talk(request.subject) as talk:
                answer = talk.send("POST", url, headers, body)
        except NoAnswer as none:
            raise none.failure from None
        if answer.status != 200:
            raise failure(answer, self._clock())
        said = answer.said
        if not isinstance(said.get("request_id"), str):
            raise Unusable
        urls = {name: self._wire.theirs(said.get(f"{name}_url")) for name in ("status", "response", "cancel")}
        return {"id": said["request_id"][:200], **urls}

    def look(self, handle: Handle) -> Made | StillWaiting:
        """Ask the queue; if it is done, fetch the picture."""
        return self._wire.look(lambda talk: self._look(talk, handle))

    def _look(self, talk: Talk, handle: Handle) -> Made | StillWaiting:
        status = talk.send("GET", self._wire.theirs(handle.get("status")), self._key)
        if status.passing:
            return StillWaiting(wait=wait_of(status.headers, self._clock()))
        if status.status >= 300:
            raise failure(status, self._clock())
        said = status.said
        if said.get("status") != "COMPLETED":
            before = said.get("queue_position")
            return StillWaiting(position=before + 1 if isinstance(before, int) and before >= 0 else None)
        answer = talk.send("GET", self._wire.theirs(handle.get("response")), self._key)
        if answer.status != 200:
            told = _types(answer) | _types(status)
            if answer.passing and not told:
                return StillWaiting(wait=wait_of(answer.headers, self._clock()))
            raise _named(told) or failure(answer, self._clock())
        return self._made(talk, answer.said)

    def _made(self, talk: Talk, said: dict[str, Any]) -> Made:
        flags = said.get("has_nsfw_concepts")
        if isinstance(flags, list) and any(flag is True for flag in flags):
            raise BlockedOutput  # the picture is there, and black
        try:
            address = said["images"][0]["url"]
        except (LookupError, TypeError):
            raise Unusable from None
        return Made(talk.picture(self._wire.theirs(address)), seed_of(said.get("seed")))

    def call_off(self, handle: Handle) -> bool:
        """Ask the queue to drop it."""
        try:
            with self._wire.talk() as talk:
                answer = talk.send("PUT", self._wire.theirs(handle.get("cancel")), self._key)
        except (NoAnswer, Failure):
            return False
        return answer.status in {200, 202}

    def remove(self, handle: Handle) -> bool:
        """Have the picture removed, and whatever is kept of the order. Needs an admin key."""
        url = f"{self._api}/models/requests/{quote(str(handle.get('id')), safe='')}/payloads"
        try:
            with self._files.talk() as talk:
                answer = talk.send("DELETE", url, self._key)
        except (NoAnswer, Failure):
            return False
        if answer.status == 404:
            return True
        results = answer.said.get("cdn_delete_results")
        left = [each for each in results if not isinstance(each, dict) or each.get("exception")] if results else []
        return answer.status in {200, 204} and not left


def _order(request: Request) -> tuple[str, dict[str, Any]]:
    """The model's address and its input."""
    edit = EDITS.get(request.model) if request.references else None
    body: dict[str, Any] = {
        "prompt": request.prompt,
        "num_images": 1,
        "enable_safety_checker": True,
        "output_format": "png",
    }
    if request.seed is not None:
        body["seed"] = request.seed
    if edit is None:
        return request.model, body | {"image_size": {"width": request.width, "height": request.height}}
    pictures = [f"data:image/png;base64,{base64.b64encode(each).decode('ascii')}" for each in request.references]
    if not edit.single:
        return edit.called, body | {"image_urls": pictures}
    if request.strength is not None:
        body["strength"] = max(request.strength, 1) / 100  # fal takes 0.01 and more
    return edit.called, body | {"image_url": pictures[0]}


def failure(answer: Answer, now: datetime) -> Failure:
    """What an error answer means."""
    if named := _named(_types(answer)):
        return named
    if answer.status in {402, 403} and "balance" in str(answer.said.get("detail")).lower():
        return QuotaExhausted()
    if answer.status >= 500 and "detail" in answer.said:  # its own words, not those of a proxy before it
        return Transient(wait=wait_of(answer.headers, now), tries=2)
    return failure_of(answer.status, answer.headers, now)


def _named(types: set[str]) -> Failure | None:
    """The failure that these types of errors are; None if they say nothing."""
    if "content_policy_violation" in types:
        return BlockedInput()
    if types & THEIRS:
        return Transient(tries=2)
    if "generation_timeout" in types:
        return TimedOut()
    if types & {"no_media_generated", "client_cancelled", "client_disconnected"}:
        return BrokeOff()
    return InvalidInput() if types else None


def _types(answer: Answer) -> set[str]:
    said: Mapping[str, Any] = answer.said
    detail = said.get("detail")
    types = [each.get("type") for each in detail if isinstance(each, dict)] if isinstance(detail, list) else []
    given = [*types, said.get("error_type"), answer.headers.get("x-fal-error-type")]
    return {each for each in given if isinstance(each, str) and each}
