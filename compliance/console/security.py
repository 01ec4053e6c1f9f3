"""Staff sign-in, on Flask-AppBuilder's security manager: every attempt is in the audit log."""

from typing import Any, ClassVar

from flask import Flask, abort, g, redirect, request
from flask_appbuilder import expose
from flask_appbuilder.security import views
from flask_appbuilder.security.api import SecurityApi
from flask_appbuilder.security.sqla.manager import SecurityManager
from flask_appbuilder.utils.limit import Limit
from flask_babel import gettext
from flask_jwt_extended import create_access_token

from compliance.audit.actions import Action
from compliance.audit.append import record
from compliance.console.rest_answers import answered, body, said, web_json
from compliance.console.rest_fields import Credentials
from compliance.errors import ComplianceError
from imgpilot import visitors, web

#: How often one address may try a password.
RATE = "10 per 5 minute"


def caller() -> str:
    """Whose attempts are counted together: the visitor's address, also behind a proxy that is trusted."""
    return visitors.caller(web.parts().settings, request)


def _signs_out() -> bool:
    return str(request.endpoint).endswith(".logout")


#: Signing out is no attempt: an office that shares an address must get out at closing time.
ATTEMPTS = Limit(RATE, caller, methods=("POST",), exempt_when=_signs_out)


class SignInByToken(SecurityApi):  # type: ignore[misc]
    """Sign-in of other systems: name and password for a token that lasts minutes. Guessing is limited as on the page.

    There are no tokens that renew themselves: who was deactivated is out within minutes whatever they kept.
    """

    exclude_route_methods: ClassVar = {"refresh"}
    limits: ClassVar = [ATTEMPTS]

    @expose("/login", methods=["POST"])
    @answered
    def login(self) -> Any:
        """Get a token.
        ---
        post:
          requestBody:
            required: true
            content: {application/json: {schema: {$ref: '#/components/schemas/Credentials'}}}
          responses:
            200:
              description: The token
              content: {application/json: {schema: {type: object, properties: {access_token: {type: string}}}}}
            401:
              $ref: '#/components/responses/401'
            422:
              $ref: '#/components/responses/422'
        """
        sent = body(Credentials)
        user = self.appbuilder.sm.auth_user_db(sent["username"], sent["password"])
        if not user:
            return said(401, gettext("Name or password are wrong."))
        return web_json(200, {"access_token": create_access_token(identity=str(user.id), fresh=True)})


class AuthDBView(views.AuthDBView):  # type: ignore[misc]
    """FAB's sign-in and sign-out. Its name stays, as addresses are made of it."""

    limits: ClassVar = [ATTEMPTS]

    @expose("/logout/", methods=["GET", "POST"])
    def logout(self) -> Any:
        """Sign out, by the form of a page of ours: a link on a page of somebody else must not. GET has the form."""
        if request.method == "POST":
            return super().logout()
        if not g.user.is_authenticated:
            return redirect(self.appbuilder.get_url_for_login)
        return self.render_template("appbuilder/general/security/logout.html")


class UserDBModelView(views.UserDBModelView):  # type: ignore[misc]
    """FAB's page of staff accounts. Its name stays, as rights and addresses are made of it."""

    def pre_delete(self, item: Any) -> None:
        """Nobody removes themselves: the last administrator would be gone, and with them whoever answers for it."""
        if item.id == g.user.id:
            raise ComplianceError(gettext("You cannot delete your own account. Deactivate it instead."))
        super().pre_delete(item)


class Security(SecurityManager):  # type: ignore[misc]
    """FAB's manager, and the log."""

    security_api = SignInByToken
    authdbview = AuthDBView
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
