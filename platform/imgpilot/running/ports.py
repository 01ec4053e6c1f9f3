"""Ports of this machine: whether one is free, and whether a server answers on it."""

import socket
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException

HERE = "127.0.0.1"


def port_free(host: str, port: int) -> bool:
    """Whether a server of ours could listen there now."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        # As servers do, so connections that are still fading away do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def answers(port: int, path: str = "/healthz") -> Callable[[], bool]:
    """A health check: whether GET of this path on loopback is answered with 200 within a second."""

    def check() -> bool:
        connection = HTTPConnection(HERE, port, timeout=1)
        try:
            connection.request("GET", path)
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    return check
