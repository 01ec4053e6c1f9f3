"""Pictures that a provider makes while nobody waits for it: handed in, asked after, called off, removed there.

What it gave us to ask with is written to the row before anything else happens, so that whoever takes the row next asks
and does not order again. Between two questions nobody holds the row; a question is no attempt. A provider that knocks
(generation/webhooks) only makes us ask at once: what it brings along is not believed.
"""

import logging
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from kombu.exceptions import OperationalError
from sqlalchemy import event, select
from sqlalchemy.orm import Session

import config
from imgpilot import leases, worker
from imgpilot.elsewhere import is_public
from imgpilot.generation import jobs
from imgpilot.generation.engines.protocol import Handle, Made, Request, TimedOut, WaitingEngine
from imgpilot.generation.jobs import Job
from imgpilot.generation.models import Image, State
from imgpilot.leases import LeaseLost
from imgpilot.parts import Parts

#: After this a picture that is not there is called off, and the credits go back.
LONGEST = timedelta(minutes=10)
#: The first wait between two questions and the longest; each is half as long again as the one before.
SOON, LATEST = timedelta(seconds=1), timedelta(seconds=5)
#: Who can knock.
KNOCKING = frozenset({"fal", "replicate"})
TASK = "pictures.make"

log = logging.getLogger(__name__)


def hand_in(parts: Parts, job: Job, engine: WaitingEngine, request: Request) -> None:
    """Order the picture and write down what to ask with. Raises a Failure, or LeaseLost: then it was called off."""
    with jobs.ordering(parts, job):
        handle = engine.hand_in(request)
    at = parts.clock()
    try:
        with parts.sessions.begin() as session:
            image = jobs.mine(session, job)
            image.handle, image.polls = dict(handle), 0
            _wait(session, image, at, SOON)
    except LeaseLost:
        engine.call_off(handle)
        remove(engine, handle, job.image_id)
        raise


def ask(parts: Parts, job: Job, engine: WaitingEngine, handle: Handle) -> Made | None:
    """The picture; None if it is not ready, and then the row is let go until the next question. Raises a Failure."""
    found = engine.look(handle)
    if isinstance(found, Made):
        return found
    at = parts.clock()
    if job.handed_in_at is None or at >= job.handed_in_at + LONGEST:
        engine.call_off(handle)
        raise TimedOut
    wait = max(min(SOON * 1.5**job.polls, LATEST), min(found.wait or SOON, LONGEST))
    with parts.sessions.begin() as session:
        image = jobs.mine(session, job)
        if found.position != handle.get("position"):
            image.handle = {name: value for name, value in handle.items() if name != "position"} | (
                {"position": found.position} if found.position is not None else {}
            )
        _wait(session, image, at, wait)
    return None


def remove(engine: WaitingEngine, handle: Handle, image_id: UUID) -> None:
    """Have the provider remove what it holds of a picture that has ended. Once more if it fails; then it is logged."""
    if not (engine.remove(handle) or engine.remove(handle)):
        log.warning("picture %s: what the provider holds of it was not removed", image_id)


def knock(settings: config.Settings, engine: str) -> str:
    """The address at which this provider may say that it is done; "" if it cannot reach us there."""
    site = urlsplit(settings.site_url)
    if engine not in KNOCKING or site.scheme != "https" or not _public(site.hostname or ""):
        return ""
    return f"{settings.site_url}/webhooks/{engine}"


def knocked(session: Session, id_: str, now: datetime) -> int:
    """The provider says that what it calls by this id is done: have it asked after at once. How many there are."""
    waiting = select(Image).where(Image.state == State.MAKING, Image.handle["id"].astext == id_, Image.lease.is_(None))
    found = session.scalars(waiting.with_for_update(skip_locked=True)).all()
    for image in found:
        if image.not_before is not None and image.not_before > now:
            image.not_before = now
        worker.wake(session, TASK, str(image.id))
    return len(found)


def _public(host: str) -> bool:
    """Whether this can be the name or the address of a host of the internet. Nothing is resolved."""
    try:
        return is_public(ip_address(host))
    except ValueError:
        end = host.rpartition(".")[2]
        return "." in host and end not in {"local", "localhost", "internal", "test", "example", "invalid", "lan"}


def _wait(session: Session, image: Image, at: datetime, wait: timedelta) -> None:
    """Let the row go, and have somebody woken when it is time. If the message is lost, beat finds the row."""
    leases.let_go(image, not_before=at + wait)
    image_id, seconds = str(image.id), wait.total_seconds()

    def send(_session: Any) -> None:
        try:
            worker.celery.send_task(TASK, (image_id,), countdown=seconds)
        except (OperationalError, OSError) as error:
            log.warning("the broker did not take %s: %s", TASK, type(error).__name__)

    event.listen(session, "after_commit", send, once=True)
