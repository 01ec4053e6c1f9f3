"""Replicate: predictions of official models. Takes the order, is asked how it is, gives the picture's address.

It can be called off. What is left of a prediction Replicate removes by itself after an hour.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from imgpilot.generation.engines.exchange import Answer, NoAnswer, Talk, Wire, seed_of
from imgpilot.generation.engines.protocol import (
    BlockedInput,
    BlockedOutput,
    BrokeOff,
    Failure,
    Handle,
    Made,
    Request,
    StillWaiting,
    TimedOut,
    Unusable,
)
from imgpilot.generation.engines.statuses import failure_of, limited, wait_of

#: What each model is asked besides the prompt, the negative prompt and the seed: inputs are the model's own.
INPUTS: Mapping[str, Callable[[Request], dict[str, Any]]] = {
    "stability-ai/stable-diffusion-3.5-large-turbo": lambda r: {"aspect_ratio": r.ratio, "output_format": "png"},
    "qwen/qwen-image-2512": lambda r: {
        "aspect_ratio": "custom",
        "width": r.width,
        "height": r.height,
        "output_format": "png",
    },
}
#: The longest that a prediction may take there, waiting included; then Replicate ends it.
LONGEST = "600s"
ENDED = {"canceled", "aborted"}


class Replicate:
    """Replicate's predictions."""

    def __init__(self, wire: Wire, base: str, token: str, clock: Callable[[], datetime]) -> None:
        self._wire = wire
        self._base = base
        self._key = {"Authorization": f"Bearer {token}"}
        self._clock = clock

    def hand_in(self, request: Request) -> Handle:
        """Make a prediction."""
        body: dict[str, Any] = {"input": _input(request)}
        if request.knock:
            body |= {"webhook": request.knock, "webhook_events_filter": ["completed"]}
        headers = self._key | {"Cancel-After": LONGEST}
        try:
            with self._wire.talk(request.subject) as talk:
                answer = talk.send("POST", f"{self._base}/models/{request.model}/predictions", headers, body)
        except NoAnswer as none:
            raise none.failure from None
        if answer.status not in {200, 201, 202}:
            raise failure(answer, self._clock())
        id_ = answer.said.get("id")
        if not isinstance(id_, str) or not re.fullmatch(r"[A-Za-z0-9_-]{1,100}", id_):
            raise Unusable
        return {"id": id_}

    def look(self, handle: Handle) -> Made | StillWaiting:
        """Ask; if it succeeded, fetch the picture."""
        return self._wire.look(lambda talk: self._look(talk, handle))

    def _look(self, talk: Talk, handle: Handle) -> Made | StillWaiting:
        answer = talk.send("GET", f"{self._base}/predictions/{handle.get('id')}", self._key)
        if answer.passing:
            return StillWaiting(wait=wait_of(answer.headers, self._clock()))
        if answer.status != 200:
            raise Unusable if answer.status == 404 else failure(answer, self._clock())
        said = answer.said
        match said.get("status"):
            case "succeeded":
                given = said.get("input")
                seed = seed_of(given.get("seed")) if isinstance(given, dict) else None
                return Made(talk.picture(self._wire.theirs(_output(said.get("output")))), seed)
            case "failed":
                raise _failed(str(said.get("error")))
            case status if status in ENDED:
                raise TimedOut  # by Cancel-After: if we had called it off, nobody would ask
            case _ if said.get("completed_at"):
                raise BrokeOff  # an end that we do not know
        return StillWaiting()

    def call_off(self, handle: Handle) -> bool:
        """Cancel it."""
        try:
            with self._wire.talk() as talk:
                answer = talk.send("POST", f"{self._base}/predictions/{handle.get('id')}/cancel", self._key)
        except (NoAnswer, Failure):
            return False
        return answer.status == 200 and answer.said.get("status") in ENDED

    def remove(self, handle: Handle) -> bool:
        """Nothing that we could remove."""
        return True


def _input(request: Request) -> dict[str, Any]:
    body = {"prompt": request.prompt} | INPUTS[request.model](request)
    if request.negative:
        body["negative_prompt"] = request.negative
    if request.seed is not None:
        body["seed"] = request.seed
    return body


def _output(given: object) -> object:
    """The address of the first picture. An empty list is how a model says that its safety check held it back."""
    if given == []:
        raise BlockedOutput
    return given[0] if isinstance(given, list) else given


def _failed(error: str) -> Failure:
    """What the words of a failed prediction mean: moderation has no code of its own."""
    said = error.lower()
    if "nsfw" in said:
        return BlockedOutput()
    if "flagged" in said or "sensitive" in said or "content policy" in said or "moderat" in said:
        return BlockedInput()
    return BrokeOff()


def failure(answer: Answer, now: datetime) -> Failure:
    """What an error answer means. A 429 says in words when it ends."""
    words = re.search(r"resets in ~(\d{1,6})s", str(answer.said.get("detail")))
    if answer.status == 429 and words and wait_of(answer.headers, now) is None:
        return limited(timedelta(seconds=int(words[1])))
    return failure_of(answer.status, answer.headers, now)
