"""The web server of the sandbox, which tests in a browser use as well."""

import socket
import struct
from collections.abc import Iterator
from threading import Event
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIEnvironment

from tests.serving import served


class Slow:
    """An answer that ends when its caller has sent more."""

    def __init__(self, more: Event, closed: Event) -> None:
        self._more = more
        self.close = closed.set

    def __iter__(self) -> Iterator[bytes]:
        yield b"word"
        assert self._more.wait(60)


def test_an_answer_is_closed_also_when_its_caller_breaks_off() -> None:
    more, closed = Event(), Event()

    def slow(environ: WSGIEnvironment, start_response: StartResponse) -> Slow:
        start_response("200 OK", [])
        return Slow(more, closed)

    with served(slow) as url:
        place = urlsplit(url)
        with socket.create_connection((str(place.hostname), place.port or 0)) as caller:
            caller.sendall(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
            assert caller.recv(1)
            # More than the request: after its answer the server reads the rest, and meets the reset there.
            caller.sendall(b"more")
            more.set()
            assert not closed.wait(0.1)
            caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        assert closed.wait(60)
