"""An application served on loopback, and a browser to look at it."""

import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from wsgiref.types import WSGIApplication

from playwright.sync_api import Browser, sync_playwright

from imgpilot.sandbox.serving import LoopbackServer

#: A page's script: what the site says in passing stays until the test has read it, however busy the machine is.
TOASTS_STAY = """addEventListener('animationstart', ({ animationName, target }) => {
  if (animationName === 'leave') for (const one of target.getAnimations()) one.cancel();
}, true)"""


def free() -> socket.socket:
    """A port of this machine that is ours."""
    return socket.create_server(("127.0.0.1", 0))


def address_of(listening: socket.socket) -> str:
    """Where what listens there answers."""
    return f"http://127.0.0.1:{listening.getsockname()[1]}"


@contextmanager
def served(app: WSGIApplication, listening: socket.socket | None = None) -> Iterator[str]:
    """The application's address while it is served; afterwards no call of it is still going on."""
    listening = listening or free()
    address = address_of(listening)
    server = LoopbackServer(listening, app)
    server.start()
    try:
        yield address
    finally:
        server.close(patience=60)


@contextmanager
def browsing() -> Iterator[Browser]:
    """A Chromium: the system's, else Playwright's own."""
    with sync_playwright() as playwright:
        found = shutil.which("chromium") or shutil.which("google-chrome")
        launched = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield launched
        launched.close()
