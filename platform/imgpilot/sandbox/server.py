"""The sandbox as a whole: started, stopped, and served until a signal comes."""

import os
import signal
import threading
from collections.abc import Callable
from contextlib import ExitStack
from types import TracebackType
from typing import Self

from imgpilot.sandbox.app import create_app
from imgpilot.sandbox.calls import Calls
from imgpilot.sandbox.faults import Faults
from imgpilot.sandbox.google.people import Accounts
from imgpilot.sandbox.mail.catcher import Catcher
from imgpilot.sandbox.mail.mailbox import Mailbox
from imgpilot.sandbox.openai.series import Series
from imgpilot.sandbox.ports import SandboxError, address, bound
from imgpilot.sandbox.serving import LoopbackServer
from imgpilot.sandbox.world import World

__all__ = ["Sandbox", "SandboxError", "serve"]

#: Seconds a picture takes unless SANDBOX_LATENCY says otherwise.
LATENCY = 1.2


class Sandbox:
    """A running sandbox, in threads of this process. Port 0 lets the system choose.

    >>> with Sandbox(latency=0) as sandbox:
    ...     sandbox.faults.add("blocked")
    ...     sandbox.mail.to("ana@example.com")
    """

    def __init__(
        self,
        port: int = 0,
        smtp_port: int = 0,
        *,
        host: str = "127.0.0.1",
        latency: float | None = None,
        varied: bool = False,
    ) -> None:
        """`latency` in seconds wins over SANDBOX_LATENCY; `varied` gives another picture to a repeated prompt."""
        self._ports = (port, smtp_port)
        self._host = host
        self._world = World(latency=_latency() if latency is None else latency, host=host, series=Series(moving=varied))
        self._undo: ExitStack | None = None
        #: Address of the pages, without a slash at the end; empty until it is started.
        self.url = ""
        #: smtp://host:port of the mail catcher.
        self.smtp_url = ""

    @property
    def openai_url(self) -> str:
        """Base address of the image provider."""
        return f"{self.url}/openai/v1"

    @property
    def mail(self) -> Mailbox:
        """The caught mail."""
        return self._world.mail

    @property
    def faults(self) -> Faults:
        """The faults that the next calls run into."""
        return self._world.faults

    @property
    def calls(self) -> Calls:
        """The journal of image calls."""
        return self._world.calls

    @property
    def purged(self) -> Calls:
        """The journal of the delivery network's purges."""
        return self._world.purged

    @property
    def google(self) -> Accounts:
        """The accounts of the OpenID provider."""
        return self._world.google

    @property
    def cloudflare_url(self) -> str:
        """Base address of the delivery network's API."""
        return f"{self.url}/cloudflare/client/v4"

    @property
    def latency(self) -> float:
        """Seconds a picture takes beside the drawing."""
        return self._world.latency

    @latency.setter
    def latency(self, seconds: float) -> None:
        self._world.latency = seconds

    def reset(self) -> None:
        """Forgets mails, faults, calls and purges, as between two tests."""
        self.mail.clear()
        self.faults.clear()
        self.calls.clear()
        self.purged.clear()
        self.google.reset()

    def start(self) -> Self:
        """Binds both ports and serves; raises SandboxError if one is taken."""
        if self._undo is not None:
            raise SandboxError("This sandbox is running already.")
        self._world.closing.clear()
        web = bound(self._host, self._ports[0])
        try:
            smtp = bound(self._host, self._ports[1])
        except SandboxError:
            web.close()
            raise
        self.url, self.smtp_url = address("http", web), address("smtp", smtp)
        self._world.smtp_url = self.smtp_url
        with ExitStack() as undo:
            undo.callback(web.close)
            catcher = Catcher(self.mail, smtp)
            undo.callback(catcher.close)
            pages = LoopbackServer(web, create_app(self._world))
            undo.callback(pages.close)
            catcher.start()
            pages.start()
            self._undo = undo.pop_all()
        return self

    def stop(self) -> None:
        """Ends every call, closes both ports and waits for the threads; does nothing if not running."""
        if self._undo is None:
            return
        self._world.closing.set()
        self._undo.close()
        self._undo = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def serve(
    host: str = "127.0.0.1",
    port: int = 8002,
    smtp_port: int | None = None,
    ready: Callable[[], object] | None = None,
    *,
    varied: bool = True,
) -> None:
    """Serves until SIGTERM or SIGINT; `ready` is called once both ports answer. For the main thread.

    Who asks for three pictures of one prompt wants three: `varied` is on here, and off in a test's Sandbox.
    """
    if smtp_port is None:
        smtp_port = port + 1 if port else 0
    enough = threading.Event()
    before = {s: signal.signal(s, lambda *_: enough.set()) for s in (signal.SIGTERM, signal.SIGINT)}
    try:
        with Sandbox(port, smtp_port, host=host, varied=varied):
            if ready is not None:
                ready()
            enough.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _latency() -> float:
    given = os.environ.get("SANDBOX_LATENCY", "").strip() or str(LATENCY)
    try:
        seconds = float(given)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 600:
        raise SandboxError(f"SANDBOX_LATENCY must be a number of seconds from 0 to 600, not {given!r}")
    return seconds
