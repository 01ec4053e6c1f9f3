"""Celery: it wakes workers up and keeps the clock. What is to be done stands in the database, never here."""

import logging
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from celery import Celery, signals
from kombu.exceptions import OperationalError
from sqlalchemy import event
from sqlalchemy.orm import Session

import config
from imgpilot import broker, faults
from imgpilot.parts import Parts, assemble

#: How often beat looks for work that nobody was woken for, and seals the audit log. Seconds.
LOOK_AGAIN = 5.0
SEAL = 10.0
#: How often beat looks whether a deadline has come near. Seconds.
WATCH = 900.0
#: How often beat looks for packages whose time is over. Seconds.
EXPIRE = 3600.0

log = logging.getLogger(__name__)

celery = Celery("imgpilot", include=config.TASKS)


def configure(settings: config.Settings) -> Celery:
    """Set Celery up for these settings. A broker that is unset is a folder."""
    if settings.broker_url:
        chosen: dict[str, Any] = {"broker_url": settings.broker_url.get_secret_value()}
    else:
        folder = settings.home / "broker"
        for name in ("messages", "control"):
            (folder / name).mkdir(parents=True, exist_ok=True, mode=0o700)
        broker.register()
        chosen = {
            "broker_url": f"{broker.SCHEME}://localhost",
            # Its broadcasts go through files that are read while they are written; nothing of ours needs them.
            "worker_enable_remote_control": False,
            "broker_transport_options": {
                "data_folder_in": str(folder / "messages"),
                "data_folder_out": str(folder / "messages"),
                "control_folder": str(folder / "control"),
                "store_processed": False,
                "polling_interval": 0.05,
            },
        }
    celery.conf.update(
        **chosen,
        task_serializer="json",
        accept_content=["json"],
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=False,  # the row's lease brings the work back, not the broker
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        worker_max_tasks_per_child=500,
        broker_connection_retry_on_startup=True,
        timezone="UTC",
        beat_schedule_filename=str(settings.home / "beat"),
        beat_schedule={
            "recover pictures": {"task": "pictures.recover", "schedule": LOOK_AGAIN},
            "recover requests": {"task": "requests.recover", "schedule": LOOK_AGAIN},
            "warn of deadlines": {"task": "requests.watch", "schedule": WATCH},
            "remove packages whose time is over": {"task": "requests.expire", "schedule": EXPIRE},
            "remove sign-in links whose time is over": {"task": "accounts.tidy", "schedule": EXPIRE},
            "remove refused prompts whose time is over": {"task": "safety.expire", "schedule": EXPIRE},
            "remove references whose time is over": {"task": "references.expire", "schedule": EXPIRE},
            "purge public pages that are gone": {"task": "shares.purge", "schedule": LOOK_AGAIN},
            "delete removed pictures whose time is over": {"task": "gallery.purge", "schedule": EXPIRE},
            "remove lines of the usage log whose time is over": {"task": "usage.expire", "schedule": EXPIRE},
            "recover messages to people's programs": {"task": "webhooks.recover", "schedule": LOOK_AGAIN},
            "remove calls and messages whose time is over": {"task": "api.tidy", "schedule": EXPIRE},
            "seal the audit log": {"task": "audit.seal", "schedule": SEAL},
        },
    )
    for job in celery.conf.beat_schedule.values():
        # When the next one is due, a look that no worker took is worth nothing: they must not pile up.
        job["options"] = {"expires": job["schedule"]}
    faults.unquoted("celery.app.trace", "celery.worker.request")
    return celery


@lru_cache(maxsize=1)
def parts() -> Parts:
    """The parts of this worker process, made after the fork."""
    return assemble(config.settings())


@signals.worker_process_init.connect
def _forked(**_: object) -> None:
    parts.cache_clear()


def now() -> datetime:
    """The time a task starts."""
    return datetime.now(UTC)


def wake(session: Session, task: str, *args: str) -> None:
    """Send a task when this session commits. Arguments are ids, never data; a lost message loses no work."""
    event.listen(session, "after_commit", lambda _session: send(task, *args), once=True)


def send(task: str, *args: str) -> None:
    """Send a task now. Its row is committed and beat looks again: a broker that is away delays, no more."""
    try:
        celery.send_task(task, args)
    except (OperationalError, OSError) as error:
        log.warning("the broker did not take %s: %s", task, type(error).__name__)
