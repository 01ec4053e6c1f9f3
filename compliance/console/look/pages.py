"""What a page needs to know about itself: its record's name, its view, what may be done there."""

from dataclasses import dataclass
from typing import Any

from flask import current_app, request, url_for
from flask_appbuilder.const import PERMISSION_PREFIX

from compliance.console.look.words import plainly, titled


def _appbuilder() -> Any:
    return current_app.extensions["appbuilder"]


def frame() -> dict[str, Any]:
    """For every template, so that any page can stand in the console's frame."""
    appbuilder = current_app.extensions.get("appbuilder")
    return {"appbuilder": appbuilder, "base_template": appbuilder.base_template} if appbuilder else {}


def view_named(name: str | None) -> Any:
    """The view of that class name or endpoint, or None."""
    views = _appbuilder().baseviews
    return next((v for v in views if name and name in (type(v).__name__, getattr(v, "endpoint", None))), None)


def may(action: str, view_name: str | None) -> bool:
    """Whether this person may do it there. False too if the view has no such page (FAB would raise)."""
    view = view_named(view_name)
    endpoint = f"{getattr(view, 'endpoint', None)}.{action}"
    if view is None or endpoint not in current_app.view_functions:
        return False
    permission = PERMISSION_PREFIX + view.get_method_permission(action)
    return permission in view.base_permissions and bool(
        _appbuilder().sm.has_access(permission, view.class_permission_name)
    )


def subject() -> str:
    """The name of the record that this page is about: its own, or that of the person whose password is set."""
    manager = _appbuilder().sm
    if request.blueprint == manager.resetpasswordview.__name__:
        return record_name(manager.user_view.endpoint, request.args.get("pk"))
    return record_name(request.blueprint, (request.view_args or {}).get("pk"))


def record_name(view_name: str | None, pk: object) -> str:
    """What the record calls itself, or nothing if it does not say."""
    view = view_named(view_name)
    if view is None or pk is None or getattr(view, "datamodel", None) is None:
        return ""
    if isinstance(pk, str):
        pk = view._deserialize_pk_if_composite(pk)
    item = view.datamodel.get(pk, getattr(view, "_base_filters", None))
    name = "" if item is None else str(item)
    return "" if name.startswith("<") else name


@dataclass(frozen=True)
class Place:
    """Where a page of a view stands: the menu's heading, its own entry, and the list it belongs to."""

    heading: str
    menu_label: str
    list_title: str
    list_url: str | None


def place(view: Any = None) -> Place:
    """Where this page stands, or a page of that view."""
    view = view or view_named(request.blueprint)
    heading = label = ""
    for item in _appbuilder().menu.get_list():
        for leaf in (item, *item.childs):
            if view is not None and leaf.baseview is view:
                heading, label = plainly(item.label) if leaf is not item else "", plainly(leaf.label)
    url = url_for(f"{view.endpoint}.list") if view is not None and may("list", view.endpoint) else None
    return Place(heading, label, titled(getattr(view, "list_title", "") or ""), url)


def way(last: str) -> list[tuple[str, str | None]]:
    """The crumbs of a page below a list; none if it stands alone."""
    appbuilder = _appbuilder()
    if request.path == appbuilder.get_url_for_userinfo:
        return []
    if request.blueprint in (appbuilder.sm.resetmypasswordview.__name__, appbuilder.sm.userinfoeditview.__name__):
        return [(plainly("Your user information"), appbuilder.get_url_for_userinfo), (last, None)]
    at = place(appbuilder.sm.user_view if request.blueprint == appbuilder.sm.resetpasswordview.__name__ else None)
    steps: list[tuple[str, str | None]] = [(at.heading, None)] if at.heading else []
    if at.list_url and request.path != at.list_url:
        steps.append((at.list_title, at.list_url))
    return [*steps, (last, None)] if steps else []


def title_of(view_name: str | None, page: str) -> str:
    """The title of a view's page: list, show, add or edit."""
    return titled(getattr(view_named(view_name), f"{page}_title", "") or "")
