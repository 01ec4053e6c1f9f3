"""Talking to a provider over HTTP: to its own hosts, under a deadline, with answers of limited size."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import httpx

from imgpilot.accounts.standing import Stopped
from imgpilot.deadline import Deadline
from imgpilot.errors import Refused
from imgpilot.gateway import Gateway
from imgpilot.generation.engines.body import TooMuch, read
from imgpilot.generation.engines.protocol import Failure, Made, StillWaiting, TimedOut, Unreachable, Unusable
from imgpilot.generation.engines.statuses import passes
from imgpilot.processors import SANDBOX, Processor
from imgpilot.purposes import GENERATION

#: The largest answer without a picture in it, and the largest with one, in bytes.
LARGEST_WORDS = 2**20
LARGEST_PICTURE = 48 * 2**20
#: Error bodies are read this far, in bytes; they are only looked at for a code.
LARGEST_ERROR = 64 * 2**10
#: Seconds to get a connection.
CONNECT = 10.0
#: What goes out when a picture is ordered. What asks after it later holds only the provider's own ids.
ORDERED = ("user.content.private",)


#: The fields of a form, and its files: each with its field, its name, its bytes and its media type.
Form = tuple[Mapping[str, str], Sequence[tuple[str, tuple[str, bytes, str]]]]


class NoAnswer(Exception):
    """No whole answer came. `failure` is what that is where something was ordered that may be billed."""

    def __init__(self, failure: Failure) -> None:
        super().__init__()
        self.failure = failure


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer, read."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def said(self) -> dict[str, Any]:
        """The JSON object in it; empty if there is none, as from a proxy's page."""
        try:
            said = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return said if isinstance(said, dict) else {}

    @property
    def passing(self) -> bool:
        """Whether to ask again says more."""
        return passes(self.status)


class Wire:
    """The way to one provider. `base` is the configured address, `patience` the seconds that one talk may take."""

    def __init__(self, gateway: Gateway, processor: Processor, base: str, patience: float) -> None:
        self._gateway = gateway
        self._processor = processor
        self.base = base
        self._patience = patience

    @contextmanager
    def talk(self, subject: UUID | None = None) -> Iterator["Talk"]:
        """Exchanges that share one deadline. With a subject, their prompt may go out; without, nothing of anybody."""
        with Deadline(self._patience) as deadline:
            client = self._gateway.client(
                self._processor,
                GENERATION,
                subject=subject,
                categories=ORDERED if subject else (),
                timeout=httpx.Timeout(deadline.left, connect=min(CONNECT, deadline.left)),
            )
            with client:
                yield Talk(client, deadline)

    def look(self, ask: Callable[["Talk"], Made | StillWaiting]) -> Made | StillWaiting:
        """What asking after an order says; where no answer came it may still be under way, so it waits."""
        try:
            with self.talk() as talk:
                return ask(talk)
        except NoAnswer:
            return StillWaiting()

    def theirs(self, address: object) -> str:
        """An address out of an answer, if it is on the configured host or on another one of the provider's.

        Raises Unusable. What stands in the sandbox's place has its one address and no other.
        """
        try:
            url = urlsplit(address if isinstance(address, str) else "")
            port = url.port
        except ValueError:
            raise Unusable from None
        if url.username is None and (
            url[:2] == urlsplit(self.base)[:2]
            or (
                self._processor != SANDBOX
                and url.scheme == "https"
                and url.hostname in self._processor.hosts
                and port in (None, 443)
            )
        ):
            return str(address)
        raise Unusable


class Talk:
    """Exchanges under way."""

    def __init__(self, client: httpx.Client, deadline: Deadline) -> None:
        self._client = client
        self._deadline = deadline

    def send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: object = None,
        most: int = LARGEST_WORDS,
        form: Form | None = None,
    ) -> Answer:
        """The answer, whatever its status. Raises NoAnswer; Unusable if it is too large or may not be asked for.

        What goes out is JSON, or a form.
        """
        always = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "ImgPilot"}
        way: dict[str, Any] = {"json": body} if body is not None else {}
        if form is not None:
            way = {"data": form[0], "files": form[1]}
        try:
            with self._client.stream(
                method, url, headers=always | dict(headers), extensions={"trace": self._deadline.watch}, **way
            ) as response:
                bad = response.status_code >= 300
                came = read(response, LARGEST_ERROR if bad else most, cut=bad)
        except Stopped:
            raise
        except (Refused, TooMuch, httpx.InvalidURL):
            raise Unusable from None
        except httpx.HTTPError as error:
            raise NoAnswer(self._why(error)) from None
        if self._deadline.passed:  # a cut may look like the end of a body that says no length
            raise NoAnswer(TimedOut())
        return Answer(response.status_code, response.headers, came)

    def picture(self, url: str) -> bytes:
        """The picture at an address, fetched without our key. Raises NoAnswer, Unusable."""
        try:
            answer = self.send("GET", url, {"Accept": "image/*"}, most=LARGEST_PICTURE)
        except NoAnswer as none:
            if isinstance(none.failure, Unreachable):  # the file, not the provider: the order was answered
                raise NoAnswer(Unusable()) from None
            raise
        if answer.passing:
            raise NoAnswer(Unusable())
        if answer.status != 200:
            raise Unusable
        return answer.body

    def _why(self, error: httpx.HTTPError) -> Failure:
        if self._deadline.passed:  # a cut may also look like an answer that ended early
            return TimedOut()
        if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
            return Unreachable()
        # The request was out. Whether a picture was made, nobody can tell.
        return TimedOut() if isinstance(error, httpx.TimeoutException) else Unusable()


def seed_of(said: object) -> int | None:
    """A seed as a provider says it; None for anything that is no number we can keep."""
    return said if isinstance(said, int) and not isinstance(said, bool) and abs(said) < 2**63 else None
