"""The worker's entry point for accounts."""

from imgpilot.accounts import tidying
from imgpilot.worker import celery, now, parts


@celery.task(name="accounts.tidy")
def tidy() -> None:
    """Delete the sign-in links whose time is over."""
    with parts().sessions.begin() as session:
        tidying.tidy(session, now())
