"""A total time for one HTTP exchange. httpx times each read alone: a server that drips would hold us for ever."""

import socket
import threading
import time
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

#: How httpcore names the moments at which there is a (new) socket.
_CONNECTED = ("connection.connect_tcp.complete", "connection.start_tls.complete")


class Deadline:
    """Within the block an exchange that passes `watch` to httpx (extensions={"trace": …}) is cut at the deadline.

    Whatever the cut makes httpx raise, `passed` then says why.
    """

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    @property
    def left(self) -> float:
        """Seconds until the cut; never less than a hundredth, because 0 means "at once" to a socket."""
        return max(self._until - time.monotonic(), 0.01)

    @property
    def passed(self) -> bool:
        """Whether the time is over."""
        return time.monotonic() >= self._until

    def watch(self, event: str, info: dict[str, Any]) -> None:
        """For httpx's trace extension: remembers the socket."""
        if event in _CONNECTED:
            self._socket = info["return_value"].get_extra_info("socket")
            if self.passed:
                self._cut()

    def _cut(self) -> None:
        if self._socket is not None:
            # The plain one, even under TLS: it wakes the thread that reads and touches nothing else.
            with suppress(OSError):
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
