"""The embedded PostgreSQL: one server per data folder, shared by every process that holds a handle on it.

The first handle starts it, the last one stops it. Who holds one is known by a lock that the kernel drops with the
process: one that was killed counts for nothing, the server outlives it, and whoever comes next finds it running.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from config import Settings
from imgpilot.errors import ImgPilotError
from imgpilot.locks import Lock
from imgpilot.postgres import cluster, sockets


class Embedded:
    """A handle on the server of one data folder, which is made if it is not there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        #: Whether this handle started the server; False if it was running already.
        self.started = False

    @property
    def url(self) -> str:
        """The SQLAlchemy address of the running server."""
        home = sockets.answering(self.folder)
        if home is None:
            raise ImgPilotError("The embedded database is not running; start it with imgpilot up, or set DATABASE_URL.")
        return f"postgresql+psycopg://{cluster.NAME}@/{cluster.NAME}?host={quote(str(home))}&port={sockets.PORT}"

    def __enter__(self) -> Self:
        with self._alone():
            self._users = Lock(self.folder.with_name(self.folder.name + ".users"))
            try:
                self._users.share()
                cluster.ready(self.folder)
                self.started = not running(self.folder)
                if self.started:
                    cluster.start(self.folder)
            except BaseException:
                self._users.close()
                raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._alone():
            try:
                if self._users.try_take() and running(self.folder):
                    cluster.stop(self.folder)
            finally:
                self._users.close()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One process at a time makes, starts or stops."""
        gate = Lock(self.folder.with_name(self.folder.name + ".gate"))
        try:
            gate.take()
            yield
        finally:
            gate.close()


def running(folder: Path) -> bool:
    """Whether a server answers for this data folder."""
    return sockets.answering(folder.absolute()) is not None


def address(settings: Settings) -> str:
    """The SQLAlchemy address of the database: DATABASE_URL, or the embedded server if it runs."""
    if settings.database_url:
        return settings.database_url.get_secret_value()
    return Embedded(settings.home / "postgres").url


@contextmanager
def ensure(settings: Settings) -> Iterator[str]:
    """The address of a running database: DATABASE_URL, or the embedded server, kept up to the end of the block."""
    if settings.database_url:
        yield settings.database_url.get_secret_value()
        return
    with Embedded(settings.home / "postgres") as server:
        yield server.url
