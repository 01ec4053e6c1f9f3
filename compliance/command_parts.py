"""The parts of a command's own process, with the database kept up while it runs."""

from collections.abc import Iterator
from contextlib import contextmanager

import config
from imgpilot import db, postgres
from imgpilot.parts import Parts


@contextmanager
def parts() -> Iterator[Parts]:
    """The parts of this process, with the database kept up for the block."""
    from imgpilot.worker import configure

    settings = config.settings()
    configure(settings)
    with postgres.ensure(settings) as url:
        db.upgrade(url)
        made = Parts(settings, db.connect(url))
        try:
            yield made
        finally:
            made.close()
