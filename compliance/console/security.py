"""Staff sign-in, on Flask-AppBuilder's security manager: every attempt is in the audit log."""

from typing import Any, ClassVar

from flask import Flask, abort, g, request
from flask_appbuilder.security import views
from flask_appbuilder.security.api import SecurityApi
from flask_appbuilder.security.sqla.manager import SecurityManager
from flask_babel import gettext

from compliance.audit.actions import Action
from compliance.audit.append import record
from compliance.errors import ComplianceError
from imgpilot import web


class NoSignInByApi(SecurityApi):  # type: ignore[misc]
    """FAB's JSON sign-in would let passwords be guessed past the limit and the token of the page."""

    exclude_route_methods: ClassVar = {"login", "refresh"}


class UserDBModelView(views.UserDBModelView):  # type: ignore[misc]
    """FAB's page of staff accounts. Its name stays, as rights and addresses are made of it."""

    def pre_delete(self, item: Any) -> None:
        """Nobody removes themselves: the last administrator would be gone, and with them whoever answers for it."""
        if item.id == g.user.id:
            raise ComplianceError(gettext("You cannot delete your own account. Deactivate it instead."))
        super().pre_delete(item)


class Security(SecurityManager):  # type: ignore[misc]
    """FAB's manager, and the log."""

    security_api = NoSignInByApi
    userdbmodelview = UserDBModelView

    def auth_user_db(self, username: str, password: str) -> Any:
        """FAB's check of name and password. An attempt under a name that may not sign in is written down, unnamed."""
        g.attempt_is_logged = False
        user = super().auth_user_db(username, password)
        if not g.attempt_is_logged:
            _log_attempt("system", Action.STAFF_SIGN_IN_FAILED)
        return user

    def update_user_auth_stat(self, user: Any, success: bool = True) -> None:
        """FAB calls this after every attempt to sign in as a known member of staff."""
        super().update_user_auth_stat(user, success)
        _log_attempt(f"staff:{user.id}", Action.STAFF_SIGNED_IN if success else Action.STAFF_SIGN_IN_FAILED)


def _log_attempt(actor: str, action: Action) -> None:
    session = web.session()
    record(session, at=web.parts().clock(), actor=actor, action=action)
    session.commit()
    g.attempt_is_logged = True


def refuse_unknown_actions(app: Flask) -> None:
    """FAB looks up the right of an action before it asks whether there is one, and fails."""

    @app.before_request
    def _refuse() -> None:
        name, _, method = (request.endpoint or "").rpartition(".")
        if method not in ("action", "action_post"):
            return
        asked = (request.view_args or {}).get("name") or request.form.get("action")
        view = next(v for v in app.extensions["appbuilder"].baseviews if v.endpoint == name)
        if asked not in view.actions:
            abort(404)
