"""The mails that were caught, newest first, in memory only."""

import secrets
import threading
from collections import deque
from collections.abc import Iterator

from imgpilot.sandbox.mail.message import Mail, read_mail

#: How much is kept; what is older goes first.
KEPT_MAILS = 500
KEPT_BYTES = 128_000_000


class Mailbox:
    """A bounded list of mails that several threads may use."""

    def __init__(self, most: int = KEPT_MAILS, most_bytes: int = KEPT_BYTES) -> None:
        self._mails: deque[Mail] = deque()
        self._lock = threading.Lock()
        self._most, self._most_bytes = most, most_bytes

    def __len__(self) -> int:
        return len(self._mails)

    def __iter__(self) -> Iterator[Mail]:
        return iter(self.to())

    def take(self, recipients: list[str], raw: bytes) -> Mail:
        """Reads a mail and keeps it."""
        mail = read_mail(secrets.token_hex(8), recipients, raw)
        with self._lock:
            self._mails.appendleft(mail)
            while len(self._mails) > self._most or (
                len(self._mails) > 1 and sum(m.size for m in self._mails) > self._most_bytes
            ):
                self._mails.pop()
        return mail

    def to(self, address: str = "") -> list[Mail]:
        """The mails to an address, or all; newest first."""
        with self._lock:
            return [m for m in self._mails if not address or m.is_for(address)]

    def find(self, key: str) -> Mail | None:
        """The mail with this id."""
        with self._lock:
            return next((m for m in self._mails if m.id == key), None)

    def clear(self, address: str = "") -> int:
        """Forgets the mails to an address, or all; says how many."""
        with self._lock:
            stay = [m for m in self._mails if address and not m.is_for(address)]
            gone = len(self._mails) - len(stay)
            self._mails = deque(stay)
        return gone
