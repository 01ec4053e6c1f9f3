"""Servers that misbehave below HTTP: they say nothing, drip, or never end."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress


@contextmanager
def serving(answer: Callable[[socket.socket, threading.Event], None]) -> Iterator[str]:
    """The address of a server that reads a request and then answers each connection in this way."""
    closing = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        while not closing.is_set():
            try:
                wire, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=talk, args=(wire,), daemon=True).start()

    def talk(wire: socket.socket) -> None:
        with wire, suppress(OSError):
            wire.recv(65536)
            answer(wire, closing)

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
    finally:
        closing.set()
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(60)


def drip_head(wire: socket.socket, closing: threading.Event) -> None:
    """A header that grows by a letter every tenth of a second."""
    wire.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not closing.wait(0.1):
        wire.sendall(b"a")


def drip_body(wire: socket.socket, closing: threading.Event) -> None:
    """A body that grows by a letter every tenth of a second and says no length."""
    wire.sendall(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{"data":[{"b64_json":"')
    while not closing.wait(0.1):
        wire.sendall(b"A")


def silent(wire: socket.socket, closing: threading.Event) -> None:
    """Not a byte."""
    closing.wait(600)


def hang_up(wire: socket.socket, closing: threading.Event) -> None:
    """The connection ends before the answer begins."""


def compressed(wire: socket.socket, closing: threading.Event) -> None:
    """A gzip bomb, though we asked for no compression: 64 kB that unpack to 64 MB."""
    import gzip

    body = gzip.compress(bytes(2**26), compresslevel=1)
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n"
    wire.sendall(head.encode() + body)
