"""What the templates of the queue and the home page need beside their rows: addresses, names, rights."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext

from compliance.console import queue, queue_filters
from compliance.console.queue_filters import Asked
from compliance.requests.procedures import title
from compliance.requests.regimes import REGIMES


def can(right: str) -> bool:
    """Whether who is signed in has this right on requests."""
    return bool(current_app.extensions["appbuilder"].sm.has_access(right, "Requests"))


def link(asked: Asked, page: int = 1) -> str:
    """The address of a queue."""
    return f"{url_for('Requests.list')}?{asked.query}" + (f"&page={page}" if page > 1 else "")


def step_title(name: str) -> str:
    """What a step is called."""
    words, values = title(name)
    return str(gettext(words, **values))


def law_name(key: str) -> str:
    """What a law is called; its key, if it is not known any more."""
    return REGIMES[key].name if key in REGIMES else key.upper()


def of_rows() -> dict[str, Any]:
    """For `_rows.html`."""
    return {"step_title": step_title, "law_name": law_name, "filter_words": queue_filters, "can": can, "queue": queue}


def of_queue(asked: Asked) -> dict[str, Any]:
    """For the queue that was asked for."""

    def at(change: Callable[[Any], Asked]) -> Callable[[Any], str]:
        return lambda to: link(change(to))

    return of_rows() | {
        "asked": asked,
        "link": link,
        "view_link": at(lambda view: Asked(view, columns=asked.columns)),
        "page_link": lambda page: link(asked, page),
        "ordered_by": at(lambda order: replace(asked, order=order)),
    }
