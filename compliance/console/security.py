"""Staff sign-in, on Flask-AppBuilder's security manager: every attempt is in the audit log."""

from typing import Any, ClassVar

from flask_appbuilder.security.api import SecurityApi
from flask_appbuilder.security.sqla.manager import SecurityManager

from compliance.audit.actions import Action
from compliance.audit.append import record
from imgpilot import web


class NoSignInByApi(SecurityApi):  # type: ignore[misc]
    """FAB's JSON sign-in would let passwords be guessed past the limit and the token of the page."""

    exclude_route_methods: ClassVar = {"login", "refresh"}


class Security(SecurityManager):  # type: ignore[misc]
    """FAB's manager, and the log."""

    security_api = NoSignInByApi

    def update_user_auth_stat(self, user: Any, success: bool = True) -> None:
        """FAB calls this after every attempt to sign in as a known member of staff."""
        super().update_user_auth_stat(user, success)
        session = web.session()
        record(
            session,
            at=web.parts().clock(),
            actor=f"staff:{user.id}",
            action=Action.STAFF_SIGNED_IN if success else Action.STAFF_SIGN_IN_FAILED,
        )
        session.commit()
