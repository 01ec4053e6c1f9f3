"""The SMTP side of the mail catcher."""

import asyncio
import logging
import socket
from collections.abc import Awaitable

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from imgpilot.sandbox.mail.mailbox import Mailbox

#: The largest mail taken; the size is announced, so that a client learns it before sending.
LARGEST = 32_000_000
#: Seconds in which it has to begin, also on a busy machine.
PATIENCE = 60.0


class _Handler:
    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keeps the mail. The method's name is aiosmtpd's."""
        content = envelope.content
        raw = content if isinstance(content, bytes) else (content or "").encode()
        mail = self._mailbox.take([str(r) for r in envelope.rcpt_tos], raw)
        return f"250 Kept as {mail.id}"


class Catcher(Controller):
    """An SMTP server in a thread of its own, on a socket that is bound already."""

    def __init__(self, mailbox: Mailbox, listening: socket.socket) -> None:
        host, port = listening.getsockname()[:2]
        super().__init__(
            _Handler(mailbox),
            hostname=host,
            port=port,
            server_hostname="sandbox.imgpilot.localhost",
            ident="ImgPilot sandbox",
            data_size_limit=LARGEST,
            ready_timeout=PATIENCE,
        )
        self._listening = listening
        # aiosmtpd writes every address and command to this log; the sandbox's log holds no personal data.
        logging.getLogger("mail.log").setLevel(logging.WARNING)

    def _create_server(self) -> Awaitable[asyncio.AbstractServer]:
        server: Awaitable[asyncio.AbstractServer] = self.loop.create_server(self._factory_invoker, sock=self._listening)
        return server

    def close(self) -> None:
        """Stops the server, or closes the socket if it never started."""
        if self._thread is None:
            self.loop.close()
            self._listening.close()
        else:
            self.stop()
