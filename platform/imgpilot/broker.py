"""Celery's filesystem transport, made safe for readers that are quicker than writers.

Kombu's own opens the message file under its final name and then writes it, so a worker can take it while it is
still empty, and falls over. Here a message is written under a hidden name and appears whole; taking one renames it
within the folder. Messages hold only ids (imgpilot.worker.wake), and losing one loses no work.
"""

import os
import time
from json import dumps, loads
from pathlib import Path
from queue import Empty
from typing import Any
from uuid import uuid4

from kombu.transport import TRANSPORT_ALIASES, filesystem

#: The scheme of its address.
SCHEME = "folder"


class Channel(filesystem.Channel):
    """Messages as files that appear and go whole."""

    # Kombu's two base classes disagree on what the second argument is called.
    def _put(self, queue: Any, payload: Any, **_: Any) -> None:  # type: ignore[override]
        name = f"{time.monotonic_ns():020d}-{uuid4()}.{queue}.msg"
        folder = Path(self.data_folder_out)
        hidden = folder / f".{name}"
        hidden.write_text(dumps(payload))
        hidden.rename(folder / name)

    def _get(self, queue: Any, timeout: Any = None) -> Any:
        folder = Path(self.data_folder_in)
        for name in sorted(os.listdir(folder)):  # noqa: PTH208  (names alone, thousands of them)
            if name.partition(".")[2] != f"{queue}.msg":
                continue
            mine = folder / f".taken.{name}"
            try:
                (folder / name).rename(mine)
            except FileNotFoundError:
                continue  # another worker was quicker
            text = mine.read_text()
            mine.unlink()
            return loads(text)
        raise Empty


class Transport(filesystem.Transport):
    """The transport that uses it."""

    Channel = Channel


def register() -> None:
    """Make the scheme known to Kombu."""
    TRANSPORT_ALIASES[SCHEME] = "imgpilot.broker:Transport"
