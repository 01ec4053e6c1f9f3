"""The real parts of one process, put together once: database, objects, gateway, mail, clock."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from sqlalchemy import Engine

import config
from imgpilot import db, postgres
from imgpilot.gateway import Gateway
from imgpilot.mail import Mailer
from imgpilot.processors import cache_of, cache_of_pages, image_providers
from imgpilot.storage import Storage, open_storage


def now() -> datetime:
    """The time, with its zone."""
    return datetime.now(UTC)


@dataclass
class Parts:
    """What views and tasks hand to the domain. Tests make their own."""

    settings: config.Settings
    engine: Engine
    clock: Callable[[], datetime] = now

    @cached_property
    def sessions(self) -> db.Sessions:
        """Database sessions."""
        return db.sessions(self.engine)

    @cached_property
    def gateway(self) -> Gateway:
        """The one way out."""
        return Gateway(self.settings, self.sessions, self.clock)

    @cached_property
    def storage(self) -> Storage:
        """The object store."""
        return open_storage(self.settings, self.gateway)

    @cached_property
    def mailer(self) -> Mailer:
        """The mail."""
        return Mailer(self.settings, self.gateway)

    def close(self) -> None:
        """Give the database connections back."""
        self.engine.dispose()


def assemble(settings: config.Settings) -> Parts:
    """The parts that the settings name. Raises SettingsError or StartError."""
    # A host that nobody registered is found now, not by the first picture or the first erasure.
    image_providers(settings)
    cache_of(settings)
    cache_of_pages(settings)
    return Parts(settings, db.connect(postgres.address(settings)))
