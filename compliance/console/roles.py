"""Who may do what in the console: one table, from which Flask-AppBuilder's roles are made.

Admin is FAB's own and may do everything. The others get exactly what stands here; a right that is not listed is
not there (tests/console/test_roles.py walks every route).
"""

from imgpilot.errors import ImgPilotError
from imgpilot.parts import Parts

READ = [
    ["Requests", "can_list"],
    ["Requests", "can_show"],
    ["Requests", "can_certificate"],
    ["Today", "menu_access"],
    ["Requests", "menu_access"],
    ["Overdue", "menu_access"],
]
#: What every member of staff may do about themselves.
SELF = [
    ["UserDBModelView", "can_userinfo"],
    ["UserDBModelView", "resetmypassword"],
    ["UserInfoEditView", "can_this_form_get"],
    ["UserInfoEditView", "can_this_form_post"],
    ["UserInfoEditView", "userinfoedit"],
    ["ResetMyPasswordView", "can_this_form_get"],
    ["ResetMyPasswordView", "can_this_form_post"],
]
RETRY = [["Requests", "can_retry"]]
DECIDE = [["Requests", "can_decide"]]

ROLES = {
    "Privacy Officer": READ + SELF + RETRY + DECIDE,
    "Privacy Agent": READ + SELF + RETRY,
    "Approver": READ + SELF + DECIDE,
    "Auditor": READ + SELF,
}
ALL_ROLES = ("Admin", *ROLES)


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
