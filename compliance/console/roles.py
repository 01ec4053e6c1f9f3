"""Who may do what in the console: one table, from which Flask-AppBuilder's roles are made.

Admin is FAB's own and may do everything. The others get exactly what stands here; what has no row does not exist
for them, and tests/console/test_roles.py fails for a route without a row. A new page arrives with its rows.

Every view has a name of its own here (`class_permission_name`): where two share one, FAB takes from the Admin what
only the first of them has. And FAB compares the beginnings of names only, so none may begin with another of the
same view that somebody else has; the test asks FAB itself.
"""

from dataclasses import dataclass

from imgpilot.errors import ImgPilotError
from imgpilot.parts import Parts

OFFICER, AGENT, APPROVER, AUDITOR = "Privacy Officer", "Privacy Agent", "Approver", "Auditor"
EVERYBODY = (OFFICER, AGENT, APPROVER, AUDITOR)
#: Everybody who works on cases; the auditor changes nothing.
WORK = (OFFICER, AGENT, APPROVER)
ADMIN_ONLY: tuple[str, ...] = ()


@dataclass(frozen=True)
class Right:
    """A page or deed by FAB's names (view, then the permissions on it), and the roles that have it."""

    view: str
    names: tuple[str, ...]
    roles: tuple[str, ...]


PERMISSIONS = (
    # The menu.
    Right("Today", ("menu_access",), EVERYBODY),
    Right("Requests", ("menu_access",), EVERYBODY),
    Right("Overdue", ("menu_access",), EVERYBODY),
    # The queue.
    Right("Requests", ("can_list",), EVERYBODY),
    Right("Requests", ("can_bulk",), (OFFICER, AGENT)),
    Right("Requests", ("can_extend",), (OFFICER,)),
    Right("Requests", ("can_filter",), WORK),
    # One case: what is seen. Showing what is masked and fetching a file ask for a reason, and are written down.
    Right("Cases", ("can_show", "can_certificate", "can_unmask"), EVERYBODY),
    Right("Letters", ("can_read",), EVERYBODY),
    Right("Files", ("can_fetch",), EVERYBODY),
    # One case: what is done. The moves check again who may make them (compliance.requests.moves.MOVES).
    Right("Deeds", ("can_comment", "can_assign"), WORK),
    Right("Deeds", ("can_work",), (OFFICER, AGENT)),
    Right("Deeds", ("can_decide",), (OFFICER,)),
    Right("Deeds", ("can_second",), (OFFICER, APPROVER)),
    Right("Cases", ("can_retry",), (OFFICER, AGENT)),
    Right("Letters", ("can_preview",), (OFFICER, AGENT, APPROVER)),
    Right("Files", ("can_add",), WORK),
    Right("Entry", ("can_enter",), (OFFICER, AGENT)),
    # People, and what stands against erasing them.
    Right("People", ("menu_access", "can_find", "can_show", "can_unmask"), EVERYBODY),
    Right("Holds", ("menu_access", "can_standing"), EVERYBODY),
    # Prompts that our rules refused and somebody appealed for.
    Right("Appeals", ("menu_access", "can_queue", "can_open"), (OFFICER, AGENT, AUDITOR)),
    Right("Appeals", ("can_decide", "can_tell"), (OFFICER, AGENT)),
    Right("Holds", ("can_place", "can_lift", "can_announce", "can_end"), (OFFICER,)),
    # Reported pictures.
    Right("Reports", ("menu_access", "can_listed"), EVERYBODY),
    Right("Reports", ("can_show", "can_picture"), WORK),
    Right("Reports", ("can_decide",), (OFFICER, AGENT)),
    # What is set up. A law's number needs two: who proposes, and somebody else who agrees.
    Right("Set up", ("menu_access",), EVERYBODY),
    Right("Texts", ("menu_access", "can_all_texts", "can_one_text"), EVERYBODY),
    Right("Texts", ("can_change",), (OFFICER,)),
    Right("Regimes", ("menu_access", "can_every_law", "can_one_law"), EVERYBODY),
    Right("Regimes", ("can_propose", "can_withdraw"), (OFFICER,)),
    Right("Regimes", ("can_agree", "can_decline"), (OFFICER, APPROVER)),
    Right("Agents", ("menu_access", "can_registry"), EVERYBODY),
    Right("Agents", ("can_change",), (OFFICER,)),
    Right("Team", ("menu_access", "can_everybody"), EVERYBODY),
    # The same for other systems, which sign in as a member of staff (compliance.console.rest).
    Right("Interface", ("can_read", "can_unmask"), EVERYBODY),
    Right("Interface", ("can_assign", "can_comment"), WORK),
    Right("Interface", ("can_open", "can_work"), (OFFICER, AGENT)),
    Right("Interface", ("can_decide",), (OFFICER,)),
    Right("Interface", ("can_approve",), (OFFICER, APPROVER)),
    Right("OpenApi", ("can_get",), EVERYBODY),
    # What every member of staff may do about themselves.
    Right("UserDBModelView", ("can_userinfo", "resetmypassword"), EVERYBODY),
    Right("UserInfoEditView", ("can_this_form_get", "can_this_form_post"), EVERYBODY),
    Right("UserDBModelView", ("userinfoedit",), EVERYBODY),
    Right("ResetMyPasswordView", ("can_this_form_get", "can_this_form_post"), EVERYBODY),
    # Staff and access.
    Right(
        "UserDBModelView",
        ("can_list", "can_show", "can_add", "can_edit", "can_delete", "can_download", "resetpasswords"),
        ADMIN_ONLY,
    ),
    Right("ResetPasswordView", ("can_this_form_get", "can_this_form_post"), ADMIN_ONLY),
    Right(
        "RoleModelView",
        ("can_list", "can_show", "can_add", "can_edit", "can_delete", "can_download", "copyrole"),
        ADMIN_ONLY,
    ),
    Right(
        "UserGroupModelView", ("can_list", "can_show", "can_add", "can_edit", "can_delete", "can_download"), ADMIN_ONLY
    ),
    Right("UserStatsChartView", ("can_chart",), ADMIN_ONLY),
    Right("MenuApi", ("can_get",), ADMIN_ONLY),
)

#: For Flask-AppBuilder: {role: [[view, permission], …]}.
ROLES = {
    role: [[right.view, name] for right in PERMISSIONS if role in right.roles for name in right.names]
    for role in EVERYBODY
}
ALL_ROLES = ("Admin", *ROLES)


def who_may(view: str, name: str) -> tuple[str, ...] | None:
    """The roles that have this permission, besides Admin. None if the table has no row for it."""
    rows = [right.roles for right in PERMISSIONS if right.view == view and name in right.names]
    return tuple(sorted({role for roles in rows for role in roles})) if rows else None


def add_staff(parts: Parts, email: str, role: str, name: str, password: str) -> None:
    """Add a member of staff. Raises ImgPilotError for an unknown role or an address that is taken."""
    from imgpilot.app import console

    if role not in ALL_ROLES:
        raise ImgPilotError(f"There is no role {role}; there are {', '.join(ALL_ROLES)}.")
    app = console(parts)
    with app.app_context():
        manager = app.extensions["appbuilder"].sm
        if manager.find_user(email=email) or manager.find_user(username=email):
            raise ImgPilotError("Somebody on the staff has this address already.")
        first, _, last = (name or email.partition("@")[0]).partition(" ")
        if not manager.add_user(email, first, last, email, manager.find_role(role), password=password):
            raise ImgPilotError("The member of staff was not added.")
