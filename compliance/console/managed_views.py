"""What else is set up: the agents that may ask for people, and what each role may do."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from compliance import agents
from compliance.console import rights
from compliance.console.signed_in import officer
from imgpilot import web
from imgpilot.errors import PersonalError

#: The cases of an agent that are listed.
CASES = 20


class Agents(BaseView):  # type: ignore[misc]
    """The agents that may ask for people."""

    route_base = "/setup/agents"
    default_view = "registry"

    @expose("/")
    @has_access
    def registry(self) -> Any:
        """All agents, and their newest cases."""
        return self._page()

    @expose("/change", methods=["POST"])
    @has_access
    def change(self) -> Any:
        """Add an agent, or let one in no more, or again."""
        session, form, staff, now = web.session(), request.form, officer().staff, web.parts().clock()
        key = form.get("agent_key", "").strip()
        try:
            match form.get("do"):
                case "disable":
                    agents.disable(session, key, staff, now)
                case "enable":
                    agents.enable(session, key, staff, now)
                case _:
                    verify_key = form.get("verify_key", "").strip() or None
                    agents.add(session, form.get("name", ""), key, verify_key, staff, now)
        except PersonalError as error:
            session.rollback()
            return self._page(gettext(error.text, **error.values)), error.status
        session.commit()
        flash(gettext("The registry is changed."), "success")
        return redirect(url_for("Agents.registry"))

    def _page(self, error: str = "") -> Any:
        session = web.session()
        found = agents.every(session)
        return self.render_template(
            "console/agents.html",
            agents=found,
            cases=agents.newest_cases(session, CASES),
            error=error,
            typed=request.form,
            may=self.appbuilder.sm.has_access,
        )


class Team(BaseView):  # type: ignore[misc]
    """Who works here, and what each role may do."""

    route_base = "/setup/team"
    default_view = "everybody"

    @expose("/")
    @has_access
    def everybody(self) -> Any:
        """The roles in words, and who has them."""
        session = web.session()
        everybody = select(User).order_by(User.first_name, User.last_name, User.id).options(selectinload(User.roles))
        users = session.scalars(everybody).all()
        return self.render_template(
            "console/team.html",
            roles=[
                (role, rights.said(role), [one for one in users if role in {r.name for r in one.roles}])
                for role in rights.ROLES_IN_ORDER
            ],
            may_edit=self.appbuilder.sm.has_access("can_list", "UserDBModelView"),
        )
