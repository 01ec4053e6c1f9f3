"""Says what Flask-AppBuilder's own tables hold. They come without our words, so the words are put on here.

Staff are data subjects too (Fideslang: employee). FAB's tables are found by name, each column by name; a FAB
release that adds one leaves it unclassified, and the application refuses to start until it is said here.
"""

from typing import Any

from flask_appbuilder import Model
from flask_appbuilder.security.sqla import models as _fab  # noqa: F401  (registers the tables)

from imgpilot.language import marked as _
from imgpilot.privacy import (
    Origin,
    dependent,
    link,
    mention,
    owner,
    personal,
    record,
    rows,
    secret,
)
from imgpilot.purposes import CONFIGURATION, EMPLOYMENT_ENDS, STAFF

_KEY = _("It is a key, not knowledge about you: whoever has it could sign in.")
_OBSERVED = Origin.OBSERVED

#: What each kind of column holds, by its name, wherever FAB has it.
_COLUMNS: dict[str, dict[str, Any]] = {
    "first_name": personal("user.name.first"),
    "last_name": personal("user.name.last"),
    "username": personal("user.account.username"),
    "email": personal("user.contact.email"),
    "password": secret(_KEY),
    "registration_hash": secret(_KEY),
    "key_hash": secret(_KEY),
    "lookup_hash": secret(_KEY),
    "last_login": personal("user.behavior", origin=_OBSERVED),
    "login_count": personal("user.behavior", origin=_OBSERVED),
    "fail_login_count": personal("user.behavior", origin=_OBSERVED),
}

#: What each table is for; and what each of its foreign keys says.
_TABLES: dict[str, tuple[dict[str, Any], dict[str, dict[str, Any]]]] = {
    "ab_user": (
        rows(STAFF, noun=_("staff accounts"), kept=EMPLOYMENT_ENDS, subject="employee"),
        {"created_by_fk": mention("created by"), "changed_by_fk": mention("changed by")},
    ),
    "ab_user_role": (
        rows(STAFF, noun=_("roles of staff"), kept=EMPLOYMENT_ENDS),
        {"user_id": owner(), "role_id": link()},
    ),
    "ab_user_group": (
        rows(STAFF, noun=_("groups of staff"), kept=EMPLOYMENT_ENDS),
        {"user_id": owner(), "group_id": link()},
    ),
    "ab_register_user": (
        rows(STAFF, noun=_("staff registrations"), kept=EMPLOYMENT_ENDS, subject="employee"),
        {},
    ),
    "ab_role": (rows(STAFF, noun=_("roles"), kept=CONFIGURATION), {}),
    "ab_group": (rows(STAFF, noun=_("groups"), kept=CONFIGURATION), {}),
    "ab_permission": (rows(STAFF, noun=_("permissions"), kept=CONFIGURATION), {}),
    "ab_view_menu": (rows(STAFF, noun=_("views"), kept=CONFIGURATION), {}),
    "ab_permission_view": (
        rows(STAFF, noun=_("permissions on views"), kept=CONFIGURATION),
        {"permission_id": dependent(), "view_menu_id": dependent()},
    ),
    "ab_permission_view_role": (
        rows(STAFF, noun=_("permissions of roles"), kept=CONFIGURATION),
        {"permission_view_id": dependent(), "role_id": dependent()},
    ),
    "ab_group_role": (
        rows(STAFF, noun=_("roles of groups"), kept=CONFIGURATION),
        {"group_id": dependent(), "role_id": dependent()},
    ),
    "ab_api_key": (
        rows(STAFF, noun=_("API keys of staff"), kept=EMPLOYMENT_ENDS),
        {"user_id": owner()},
    ),
}

_PLAIN = [
    "id",
    "active",
    "created_on",
    "changed_on",
    "registration_date",
    "name",
    "label",
    "description",
    "uuid",
    "key_prefix",
    "scopes",
    "expires_on",
    "revoked_on",
    "last_used_on",
]


def classify() -> None:
    """Put the words on FAB's tables. Repeating it changes nothing."""
    for table in Model.metadata.tables.values():
        if table.name not in _TABLES:
            continue
        why, edges = _TABLES[table.name]
        table.info.update(why["info"])
        for column in table.columns:
            said = edges.get(column.name) or _COLUMNS.get(column.name)
            if said is None and column.name in _PLAIN:
                said = record()
            if said is not None:
                column.info.update(said)


classify()
