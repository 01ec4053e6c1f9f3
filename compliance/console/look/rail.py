"""The rail: FAB's menu as groups of entries, with what is waiting and where we are."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from flask import current_app, g, request, session

import config
from compliance.console.look.words import lucide, plainly


@dataclass(frozen=True)
class Entry:
    """One line of the rail."""

    label: str
    url: str
    icon: str
    current: bool
    count: int | None
    late: bool


@dataclass(frozen=True)
class Group:
    """Entries under one heading; the first ones have none."""

    label: str
    entries: list[Entry]


def groups(counts: Mapping[str, int | tuple[int, bool]]) -> list[Group]:
    """What this person may see of the menu: first what stands alone, then the categories, FAB's own last."""
    seen = [(item, [child for child in item.childs if _shown(child)]) for item in _menu() if _shown(item)]
    current = _current([leaf for item, children in seen for leaf in (children or [item])])
    alone = [_entry(item, item is current, counts) for item, _ in seen if not item.childs]
    made = [Group("", alone)] if alone else []
    # FAB registers its own entries first; who works here matters less than the work.
    for item, children in sorted(seen, key=lambda pair: pair[0].name == "Security"):
        if children:
            entries = [_entry(leaf, leaf is current, counts) for leaf in children]
            made.append(Group(plainly(item.label), entries))
    return made


def _menu() -> list[Any]:
    return cast(list[Any], current_app.extensions["appbuilder"].menu.get_list())


def _shown(item: Any) -> bool:
    # FAB's own templates forget `cond`; its API does not.
    manager = current_app.extensions["appbuilder"].sm
    return item.name != "-" and item.should_render() and bool(manager.has_access("menu_access", item.name))


def _current(leaves: list[Any]) -> Any:
    """The entry we are at: the one with this very address, else this path, else a page of the same view."""
    told = (request.full_path.rstrip("?"), request.path)
    exact = [leaf for address in told for leaf in leaves if leaf.get_url() == address]
    # The page about oneself is a page of the staff's view, but one does not come to it from there.
    own = request.path == current_app.extensions["appbuilder"].get_url_for_userinfo
    near = [leaf for leaf in leaves if leaf.baseview and leaf.baseview.endpoint == request.blueprint and not own]
    return next(iter(exact + near), None)


def _entry(item: Any, current: bool, counts: Mapping[str, int | tuple[int, bool]]) -> Entry:
    waiting = counts.get(item.name)
    count, late = waiting if isinstance(waiting, tuple) else (waiting, False)
    return Entry(plainly(item.label), item.get_url(), lucide(item.icon), current, count, late)


def languages() -> list[tuple[str, str, str, bool]]:
    """The languages: HTML tag, name in itself, the address that switches to it, whether it is spoken now."""
    appbuilder = current_app.extensions["appbuilder"]
    now = session.get("locale") or current_app.config["BABEL_DEFAULT_LOCALE"]
    return [
        (code.replace("_", "-"), name, appbuilder.get_url_for_locale(code), code == now)
        for code, name in config.LANGUAGES.items()
    ]


def initials() -> str:
    """Two letters for the person who is signed in."""
    return "".join(part[0] for part in (g.user.first_name, g.user.last_name) if part).upper()
