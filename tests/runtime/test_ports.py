"""Whether a port is free, and whether a server answers on it."""

import socket
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

from imgpilot.running.ports import HERE, answers, port_free


def test_a_port_is_free_until_somebody_listens_and_again_afterwards() -> None:
    with socket.socket() as server:
        server.bind((HERE, 0))
        port = server.getsockname()[1]
        server.listen()
        assert not port_free(HERE, port)
        with socket.create_connection((HERE, port)) as client, server.accept()[0]:
            client.sendall(b"x")
    assert port_free(HERE, port)


def test_a_port_of_all_interfaces_is_not_free_on_one() -> None:
    with socket.socket() as server:
        server.bind(("0.0.0.0", 0))
        server.listen()
        assert not port_free(HERE, server.getsockname()[1])


class Answers(BaseHTTPRequestHandler):
    """Healthy at /healthz, unwell elsewhere."""

    def do_GET(self) -> None:
        self.send_response(HTTPStatus.OK if self.path == "/healthz" else HTTPStatus.SERVICE_UNAVAILABLE)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_only_200_counts_as_healthy() -> None:
    with HTTPServer((HERE, 0), Answers) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            assert answers(server.server_port)()
            assert not answers(server.server_port, "/readyz")()
        finally:
            server.shutdown()
            thread.join()
        port = server.server_port
    assert not answers(port)()


def test_something_that_is_not_http_is_not_healthy() -> None:
    with socket.socket() as server:
        server.bind((HERE, 0))
        server.listen()

        def babble() -> None:
            connection, _ = server.accept()
            with connection:
                connection.sendall(b"220 mail\r\n")

        thread = Thread(target=babble)
        thread.start()
        assert not answers(server.getsockname()[1])()
        thread.join()
