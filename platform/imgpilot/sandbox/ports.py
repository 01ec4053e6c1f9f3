"""The ports the sandbox listens on, bound before anything is started on them."""

import errno
import socket


class SandboxError(RuntimeError):
    """The sandbox cannot start; the message says why in one line."""


def bound(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 lets the system choose. Raises SandboxError if the port is not free."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        taken = error.errno == errno.EADDRINUSE
        why = "is taken by another program" if taken else f"cannot be used: {error.strerror}"
        raise SandboxError(f"Port {port} on {host} {why}") from error
    return listening


def address(scheme: str, listening: socket.socket) -> str:
    """How clients write where a socket listens."""
    host, port = listening.getsockname()[:2]
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"
