"""The one way out. Whatever leaves the house is checked against the register, logged as a disclosure, counted.

HTTP goes through `Gateway.client`; what does not speak httpx (SMTP, boto3) is wrapped in `Gateway.disclosing`. An
address that somebody else chose is called by `Gateway.call`.
The log line is committed before the first byte leaves, so a crash cannot hide that something was sent. And where
the account that it is about stands against it (restricted, closing, a consent that was not given), nothing leaves.
"""

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from uuid import UUID, uuid4

import httpx
from sqlalchemy import update

import config
from imgpilot import elsewhere
from imgpilot.accounts import standing
from imgpilot.db import Sessions
from imgpilot.deadline import Deadline
from imgpilot.digests import keyed
from imgpilot.disclosures import Disclosure
from imgpilot.errors import Refused
from imgpilot.privacy import Purpose
from imgpilot.processors import PROCESSORS, SANDBOX, Processor

log = logging.getLogger(__name__)

#: Nothing that we send is larger; the body is held in memory once, to digest it.
LARGEST_BODY = 64 * 2**20
#: For an address that somebody else chose: they wait for us, we do not wait for them.
PATIENCE = httpx.Timeout(10)
#: For the whole call, in seconds: they may drip, a letter every few seconds, and would hold a worker for days.
WHOLE = 20.0


@dataclass
class Line:
    """A disclosure under way. Whoever sends fills in what is known afterwards."""

    id: UUID
    status: int | None = None
    bytes_in: int = 0


class Gateway:
    """Lets out what the register allows, and writes down that it did."""

    def __init__(
        self,
        settings: config.Settings,
        sessions: Sessions,
        clock: Callable[[], datetime],
    ) -> None:
        self._settings = settings
        self._sessions = sessions
        self._clock = clock

    def client(
        self,
        processor: Processor,
        purpose: Purpose,
        *,
        subject: UUID | None,
        categories: tuple[str, ...],
        timeout: httpx.Timeout,
    ) -> httpx.Client:
        """An HTTP client that reaches this processor and nobody else. Redirects are not followed."""
        allow(processor, purpose, categories)
        return httpx.Client(
            transport=_Logged(self, processor, purpose, subject, categories),
            timeout=timeout,
            trust_env=False,
            follow_redirects=False,
        )

    @contextmanager
    def disclosing(
        self,
        processor: Processor,
        purpose: Purpose,
        *,
        subject: UUID | None,
        categories: tuple[str, ...],
        sent: bytes,
    ) -> Iterator[Line]:
        """Log that `sent` goes out in the block. Raises Refused before the block if it may not.

        Of those, standing.Stopped: the person's account, or their choice, stands against it.
        """
        allow(processor, purpose, categories)
        line, began = self._begin(processor, purpose, subject, categories, sent), time.monotonic()
        try:
            yield line
        except BaseException as error:
            self._end(line, began, failure=type(error).__name__)
            raise
        self._end(line, began)

    def call(
        self,
        url: str,
        recipient: Processor,
        purpose: Purpose,
        *,
        subject: UUID | None,
        categories: tuple[str, ...],
        sent: bytes,
        headers: Mapping[str, str] | None = None,
    ) -> int:
        """POST this JSON, once, to an address that the recipient chose; the status of the answer.

        `headers` go with it, beside our own.
        Only a public host is called, by https, at the address that its name led to when that was checked; outside
        production this machine too. No redirect is followed, and nothing of the answer is read but its status. Raises
        Refused before anything leaves, ConnectionError if no answer came.
        """
        _covers(recipient, purpose, categories)
        if len(sent) > LARGEST_BODY:
            raise Refused(f"a request body of {len(sent)} bytes is over the limit of {LARGEST_BODY}")
        request = _to_somebody(url, sent, headers or {}, at_home=not self._settings.is_production)
        line, began = self._begin(recipient, purpose, subject, categories, sent), time.monotonic()
        try:
            with (
                Deadline(WHOLE) as deadline,
                httpx.HTTPTransport(retries=0, trust_env=False) as transport,
            ):
                request.extensions["trace"] = deadline.watch
                response = transport.handle_request(request)
                line.status = response.status_code
                response.close()
        except BaseException as error:
            self._end(line, began, failure=type(error).__name__)
            if isinstance(error, httpx.HTTPError | OSError):
                # Its own words quote the address.
                raise ConnectionError(type(error).__name__) from None
            raise
        self._end(line, began)
        return line.status

    def _begin(
        self,
        processor: Processor,
        purpose: Purpose,
        subject: UUID | None,
        categories: tuple[str, ...],
        sent: bytes,
    ) -> Line:
        line = Line(uuid4())
        with self._sessions.begin() as session:
            standing.let_out(session, subject, purpose)
            session.add(
                Disclosure(
                    id=line.id,
                    account_id=subject,
                    processor=processor.key,
                    purpose=purpose.key,
                    categories=list(categories),
                    at=self._clock(),
                    bytes_out=len(sent),
                    digest=keyed(self._settings, "disclosure", sent),
                )
            )
        return line

    def _end(self, line: Line, began: float, failure: str | None = None) -> None:
        latency = int((time.monotonic() - began) * 1000)
        with self._sessions.begin() as session:
            session.execute(
                update(Disclosure)
                .where(Disclosure.id == line.id)
                .values(status=line.status, bytes_in=line.bytes_in, latency_ms=latency, failure=failure)
            )
        log.info("disclosure %s status=%s ms=%s failure=%s", line.id, line.status, latency, failure)


def allow(processor: Processor, purpose: Purpose, categories: tuple[str, ...]) -> None:
    """Raises Refused unless the register lets these categories go to this processor for this purpose."""
    if PROCESSORS.get(processor.key) != processor:
        raise Refused(f"{processor.key} is not a registered processor")
    _covers(processor, purpose, categories)


def _covers(processor: Processor, purpose: Purpose, categories: tuple[str, ...]) -> None:
    allowed = processor.receives.get(purpose)
    if allowed is None:
        raise Refused(f"{processor.key} is not registered for the purpose {purpose.key}")
    for category in categories:
        if not any(category == a or category.startswith(a + ".") for a in allowed):
            raise Refused(f"{processor.key} may not receive {category} for {purpose.key}")


def _to_somebody(url: str, sent: bytes, headers: Mapping[str, str], *, at_home: bool) -> httpx.Request:
    """The request to the address behind the name; the certificate still has to be the name's. Raises as `call`."""
    try:
        named = httpx.URL(url)
    except httpx.InvalidURL:
        raise Refused("an address that is none") from None
    host, secure = named.host, named.scheme == "https"
    if named.scheme not in ("https", "http") or not host or named.userinfo:
        raise Refused("an address that is none")
    address = elsewhere.resolved(host, named.port or (443 if secure else 80), loopback=at_home)
    if not secure and not ip_address(address).is_loopback:
        raise Refused("nothing goes to somebody else in clear text")
    return httpx.Request(
        "POST",
        named.copy_with(host=address),
        headers=dict(headers)
        | {"Host": named.netloc.decode("ascii"), "Content-Type": "application/json", "User-Agent": "ImgPilot"},
        content=sent,
        extensions={"sni_hostname": host, "timeout": PATIENCE.as_dict()},
    )


class _Logged(httpx.BaseTransport):
    """An HTTP transport that checks the host and keeps the log."""

    def __init__(
        self,
        gateway: Gateway,
        processor: Processor,
        purpose: Purpose,
        subject: UUID | None,
        categories: tuple[str, ...],
    ) -> None:
        self._gateway = gateway
        self._processor = processor
        self._purpose = purpose
        self._subject = subject
        self._categories = categories
        self._inner = httpx.HTTPTransport(retries=0)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.host not in self._processor.hosts:
            raise Refused(f"{request.url.host} is not a host of {self._processor.key}")
        if request.url.scheme != "https" and self._processor != SANDBOX:
            raise Refused(f"nothing goes to {self._processor.key} in clear text")
        body = request.read()
        if len(body) > LARGEST_BODY:
            raise Refused(f"a request body of {len(body)} bytes is over the limit of {LARGEST_BODY}")
        begin = self._gateway._begin
        line = begin(self._processor, self._purpose, self._subject, self._categories, body)
        began = time.monotonic()
        try:
            response = self._inner.handle_request(request)
        except BaseException as error:
            self._gateway._end(line, began, failure=type(error).__name__)
            raise
        line.status = response.status_code
        assert isinstance(response.stream, httpx.SyncByteStream)
        response.stream = _Counted(response.stream, line, lambda: self._gateway._end(line, began))
        return response

    def close(self) -> None:
        self._inner.close()


class _Counted(httpx.SyncByteStream):
    """A response body that is counted as it is read; closing it completes the log line."""

    def __init__(self, inner: httpx.SyncByteStream, line: Line, done: Callable[[], None]) -> None:
        self._inner, self._line, self._done = inner, line, done

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._inner:
            self._line.bytes_in += len(chunk)
            yield chunk

    def close(self) -> None:
        self._inner.close()
        self._done()
