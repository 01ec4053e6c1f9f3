"""Faults put in a queue, for the next calls of the image provider or the delivery network to run into."""

import threading
from collections import deque
from dataclasses import asdict, dataclass, field
from typing import Any

#: What can go wrong, in words for the index page.
KINDS = {
    "blocked": "400 moderation_blocked, with the stage and the categories",
    "invalid": "400 invalid_value",
    "auth": "401 invalid_api_key",
    "rate_limited": "429 rate_limit_exceeded, with Retry-After",
    "quota": "429 insufficient_quota",
    "server_error": "500 with a JSON error",
    "hang": "takes the request and sends nothing for some seconds, then hangs up",
    "html": "200 with a page instead of JSON",
    "huge": "a JSON body that does not end for 2 GB",
    "empty": "200 with no picture in it",
    "not_an_image": "200 with text where the picture should be",
    "truncated": "the connection is cut in the middle of the body",
}
#: What a fault may be told beside its kind, and between which numbers.
NUMBERS: dict[str, tuple[float, float]] = {
    "times": (1, 10_000),
    "retry_after": (0, 86_400),
    "seconds": (0, 86_400),
    "bytes": (1, 100_000_000_000),
}


class FaultError(ValueError):
    """A fault that cannot be queued; the message says why."""


@dataclass
class Fault:
    """One way to fail, so many times."""

    kind: str
    times: int = 1
    #: rate_limited: what Retry-After says.
    retry_after: float = 2
    #: hang: how long nothing is sent.
    seconds: float = 600
    #: huge: where the endless body ends after all.
    bytes: int = 2_000_000_000
    #: blocked: input or output.
    stage: str = "input"
    categories: list[str] = field(default_factory=lambda: ["violence"])
    message: str = ""


def read_fault(given: Any) -> Fault:
    """The fault that a JSON body describes."""
    if not isinstance(given, dict):
        raise FaultError("A fault is a JSON object with a kind.")
    if str(given.get("kind")) not in KINDS:
        raise FaultError(f"kind must be one of: {', '.join(KINDS)}.")
    unknown = sorted(set(given) - set(Fault.__dataclass_fields__))
    if unknown:
        raise FaultError(f"Unknown: {', '.join(unknown)}. Known: {', '.join(Fault.__dataclass_fields__)}.")
    for name, (least, most) in NUMBERS.items():
        value = given.get(name, least)
        whole = isinstance(value, int) or (isinstance(value, float) and name in {"retry_after", "seconds"})
        if not whole or isinstance(value, bool) or not least <= value <= most:
            raise FaultError(f"{name} must be a number from {least:g} to {most:g}.")
    if given.get("stage", "input") not in {"input", "output", "unknown"}:
        raise FaultError("stage must be input, output or unknown.")
    named = given.get("categories", [])
    if not isinstance(named, list) or not all(isinstance(c, str) for c in named):
        raise FaultError("categories must be a list of words.")
    if not isinstance(given.get("message", ""), str):
        raise FaultError("message must be text.")
    return Fault(**given)


class Faults:
    """The queue; each call takes one from its head."""

    def __init__(self) -> None:
        self._queue: deque[Fault] = deque()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        with self._lock:
            return sum(fault.times for fault in self._queue)

    def add(self, kind: str, **more: Any) -> Fault:
        """Queues a fault; raises FaultError if it makes no sense."""
        fault = read_fault({"kind": kind, **more})
        with self._lock:
            self._queue.append(fault)
        return fault

    def next(self) -> Fault | None:
        """Takes the fault that this call must run into."""
        with self._lock:
            if not self._queue:
                return None
            fault = self._queue[0]
            fault.times -= 1
            if fault.times <= 0:
                self._queue.popleft()
            return fault

    def waiting(self) -> list[dict[str, Any]]:
        """What is still queued, first first."""
        with self._lock:
            return [asdict(fault) for fault in self._queue]

    def clear(self) -> int:
        """Empties the queue; says how many calls would have failed."""
        with self._lock:
            count = sum(fault.times for fault in self._queue)
            self._queue.clear()
        return count
