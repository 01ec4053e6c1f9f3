"""The web server: one thread a connection, a log without personal data, and an end that does not wait."""

import logging
import socket
import threading
import time
from collections.abc import Iterable, Iterator
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from imgpilot.sandbox.openai.failing import hang_up

log = logging.getLogger("imgpilot.sandbox")

#: Seconds that calls in progress get when the sandbox closes.
PATIENCE = 1.5


#: Where a call's environment keeps its answer.
ANSWER = "imgpilot.answer"


class Answer:
    """What an application answered, which is closed once."""

    def __init__(self, told: Iterable[bytes]) -> None:
        self._told = told
        self._closed = False

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._told)

    def close(self) -> None:
        """Closes what was answered (PEP 3333), unless that is done."""
        if not self._closed:
            self._closed = True
            getattr(self._told, "close", lambda: None)()


def remembering(app: WSGIApplication) -> WSGIApplication:
    """The application, whose answer stands in its call's environment as well."""

    def answering(environ: WSGIEnvironment, start_response: StartResponse) -> Answer:
        environ[ANSWER] = told = Answer(app(environ, start_response))
        return told

    return answering


class QuietHandler(WSGIRequestHandler):
    """Logs the method, the path and the status: no query, no client address."""

    def run_wsgi(self) -> None:
        """As werkzeug does, which leaves the answer open where the caller hung up before its end."""
        try:
            super().run_wsgi()
        finally:
            told = getattr(self, "environ", {}).pop(ANSWER, None)
            if told is not None:
                told.close()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """One line a request; the pulse is not worth one."""
        path = getattr(self, "path", "-").partition("?")[0]
        level = logging.DEBUG if path == "/healthz" else logging.INFO
        log.log(level, "%s %s %s", getattr(self, "command", "-"), ascii(path)[1:-1], int(code))

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002  # werkzeug's name
        """What werkzeug would print with the client's address, without it."""
        log.warning(message, *args)


class LoopbackServer(ThreadedWSGIServer):
    """A server on a socket that is bound already, which can end its connections."""

    def __init__(self, listening: socket.socket, app: WSGIApplication) -> None:
        host, port = listening.getsockname()[:2]
        self._open: dict[Any, threading.Thread] = {}
        self._lock = threading.Lock()
        self._serving: threading.Thread | None = None
        # werkzeug copies the descriptor, so the original is closed here.
        with listening:
            super().__init__(host, port, remembering(app), handler=QuietHandler, fd=listening.fileno())

    def process_request(self, request: Any, client_address: Any) -> None:
        """Starts a connection's thread and remembers both."""
        thread = threading.Thread(
            target=self.process_request_thread, args=(request, client_address), daemon=True, name="call"
        )
        with self._lock:
            self._open[request] = thread
        thread.start()

    def shutdown_request(self, request: Any) -> None:
        """Forgets a connection that has ended."""
        with self._lock:
            self._open.pop(request, None)
        super().shutdown_request(request)

    def start(self) -> None:
        """Serves in a thread of its own."""
        self._serving = threading.Thread(
            target=self.serve_forever, kwargs={"poll_interval": 0.05}, name="web server", daemon=True
        )
        self._serving.start()

    def close(self, patience: float = PATIENCE) -> None:
        """Takes no more calls, cuts every open connection and waits so many seconds at most for their threads."""
        if self._serving is None:
            self.server_close()
            return
        self.shutdown()
        self._serving.join()
        with self._lock:
            still = list(self._open.items())
            for wire, _ in still:
                hang_up(wire)
        until = time.monotonic() + patience
        for _, thread in still:
            thread.join(max(0.0, until - time.monotonic()))

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002  # werkzeug's name
        """An error inside a call, with its traceback."""
        log.error(message, *args)
