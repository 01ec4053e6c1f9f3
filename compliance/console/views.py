"""The console's pages on Flask-AppBuilder: today, the queue, the case, and what is decided there."""

import logging
from typing import Any
from uuid import UUID

from flask import Flask, Response, flash, g, redirect, request, url_for
from flask_appbuilder import AppBuilder, BaseView, IndexView, expose, has_access
from flask_babel import gettext

import config
from compliance import words
from compliance.audit.actions import Action
from compliance.audit.append import record
from compliance.console import case, queue, roles
from compliance.console.history import keep_searches_out
from compliance.console.look import mount_look
from compliance.console.security import Security, refuse_unknown_actions
from compliance.console.staff import watch
from compliance.errors import MoveRefused, PlanChanged
from compliance.requests import decisions, downloads, progress
from compliance.requests.kinds import Kind
from compliance.requests.moves import Actor, Move, Who
from compliance.requests.procedures import TITLES
from compliance.requests.work import WORK  # noqa: F401  (a step without work would show here, at start)
from imgpilot import faults, web
from imgpilot.language import marked as _
from imgpilot.processors import PROCESSORS
from imgpilot.ruler import Mark


def mount(app: Flask) -> None:
    """Make the app a Flask-AppBuilder console."""
    app.config.update(
        APP_NAME=_("Privacy console"),
        LANGUAGES={code: {"flag": "", "name": name} for code, name in config.LANGUAGES.items()},
        FAB_ROLES=roles.ROLES,
        AUTH_ROLE_ADMIN="Admin",
        AUTH_RATE_LIMITED=True,
        AUTH_RATE_LIMIT="10 per 5 minute",
        RATELIMIT_ENABLED=True,
        RATELIMIT_STORAGE_URI="memory://",
        FAB_API_SWAGGER_UI=False,
        FAB_PASSWORD_COMPLEXITY_ENABLED=True,
        # Lists of FAB's own wiring that nobody works with; roles say what they mean in compliance.console.roles.
        FAB_ADD_SECURITY_PERMISSION_VIEW=False,
        FAB_ADD_SECURITY_VIEW_MENU_VIEW=False,
        FAB_ADD_SECURITY_PERMISSION_VIEWS_VIEW=False,
    )
    # It reports on its own wiring at every start; what is wrong it raises.
    logging.getLogger("flask_appbuilder").setLevel(logging.ERROR)
    faults.unquoted(*(name for name in logging.root.manager.loggerDict if name.startswith("flask_appbuilder.")))
    watch(app.extensions["session"])
    keep_searches_out(app)
    mount_look(app, counts=_waiting, search=lambda: None)
    app.context_processor(
        lambda: {
            "words_for": words,
            "titles": TITLES,
            "happened": case.HAPPENED,
            "processors": PROCESSORS,
            "clock_of": lambda one: progress.clock(one, web.parts().clock()),
            "Mark": Mark,
            "languages_named": lambda code: config.LANGUAGES.get(code, code),
        }
    )
    app.jinja_env.filters["capitalize_first"] = words.capitalize_first
    with app.app_context():
        builder = AppBuilder(app, app.extensions["session"], indexview=Today, security_manager_class=Security)
        builder.add_link("Today", label=_("Today"), href="/", icon="calendar-clock")
        builder.add_view(Requests, "Requests", label=_("Requests"), icon="inbox")
        late = "/requests/?view=overdue"
        builder.add_link("Overdue", label=_("Overdue"), href=late, icon="triangle-alert")
    refuse_unknown_actions(app)


def _waiting() -> dict[str, int | tuple[int, bool]]:
    """The numbers in the rail."""
    found = queue.counts(web.session(), web.parts().clock().date())
    return {"Requests": found["open"], "Overdue": (found["overdue"], True)}


def officer() -> Actor:
    """The member of staff who is signed in."""
    return Actor(Who.OFFICER, int(g.user.id))


class Today(IndexView):  # type: ignore[misc]
    """What to do first."""

    index_template = "console/today.html"

    @expose("/")
    def index(self) -> Any:
        """The home page; FAB shows it to everybody, so whoever is not staff signs in first."""
        if not g.user.is_authenticated:
            return redirect(url_for(f"{self.appbuilder.sm.auth_view.endpoint}.login"))
        session, now = web.session(), web.parts().clock()
        soonest, _total = queue.page(session, "open", now.date(), 1)
        self.update_redirect()
        return self.render_template(
            self.index_template,
            counts=queue.counts(session, now.date()),
            rows=soonest[:5],
            holding=queue.holding(session, soonest[:5]),
            now=now,
            may_read=self.appbuilder.sm.has_access("can_list", "Requests"),
        )


class Requests(BaseView):  # type: ignore[misc]
    """The queue and the cases."""

    route_base = "/requests"
    default_view = "list"
    class_permission_name = "Requests"

    @expose("/")
    @has_access
    def list(self) -> Any:
        """One page of a saved view."""
        session, today = web.session(), web.parts().clock().date()
        view = next((v.key for v in queue.VIEWS if v.key == request.args.get("view")), "open")
        number = min(max(request.args.get("page", 1, int), 1), queue.LAST_PAGE)
        rows, total = queue.page(session, view, today, number)
        self.update_redirect()
        return self.render_template(
            "console/queue.html",
            view=view,
            views=queue.VIEWS,
            counts=queue.counts(session, today),
            rows=rows,
            total=total,
            number=number,
            size=queue.PAGE,
            holding=queue.holding(session, rows),
        )

    @expose("/<uuid:request_id>")
    @has_access
    def show(self, request_id: UUID) -> Any:
        """One case. Looking at it is written down."""
        session = web.session()
        found = case.gather(session, request_id)
        record(
            session,
            at=web.parts().clock(),
            actor=str(officer()),
            action=Action.STAFF_READ_CASE,
            subject=found.request.subject,
            facts={"case": found.request.case},
        )
        session.commit()
        self.update_redirect()
        may = self.appbuilder.sm.has_access
        return self.render_template(
            "console/case.html",
            case=found,
            request_=found.request,
            may_decide=may("can_decide", "Requests") and Move.APPROVE in decisions.possible(found.request),
            may_retry=may("can_retry", "Requests"),
            deletion=found.request.kind == Kind.DELETION,
        )

    @expose("/<uuid:request_id>/approve", methods=["POST"])
    @has_access
    def decide(self, request_id: UUID) -> Any:
        """Approve the plan that was shown, or refuse with a reason."""
        session, now = web.session(), web.parts().clock()
        try:
            if request.form.get("decision") == "refuse":
                decisions.refuse(session, request_id, request.form.get("reason", ""), officer(), now)
                said = gettext("Refused. The person gets your reasons and the ways to complain.")
            else:
                decisions.approve(session, request_id, request.form.get("digest", ""), officer(), now)
                said = gettext("Plan approved. It is being carried out.")
        except PlanChanged as error:
            session.commit()  # the new plan is kept, and shown
            flash(gettext(error.text, **error.values), "warning")
        except MoveRefused as error:
            session.rollback()
            flash(gettext(error.text, **error.values), "danger")
        else:
            session.commit()
            flash(said, "success")
        return redirect(url_for("Requests.show", request_id=request_id))

    @expose("/<uuid:request_id>/steps/<uuid:step_id>/retry", methods=["POST"])
    @has_access
    def retry(self, request_id: UUID, step_id: UUID) -> Any:
        """Try a failed step again."""
        try:
            decisions.retry(web.session(), request_id, step_id, officer(), web.parts().clock())
            web.session().commit()
            flash(gettext("The step is being tried again."), "success")
        except MoveRefused as error:
            web.session().rollback()
            flash(gettext(error.text, **error.values), "danger")
        return redirect(url_for("Requests.show", request_id=request_id))

    @expose("/<uuid:request_id>/certificate")
    @has_access
    def certificate(self, request_id: UUID) -> Any:
        """The certificate. It holds no personal data; fetching it is written down all the same."""
        session, parts = web.session(), web.parts()
        found = case.gather(session, request_id).request
        package = downloads.fetch(session, found, "certificate", str(officer()), parts.clock())
        session.commit()
        answer = Response(parts.storage.open(package.object_key), mimetype=package.media_type)
        answer.headers["Content-Disposition"] = f'attachment; filename="{found.case}-certificate.pdf"'
        answer.headers["Cache-Control"] = "no-store"
        return answer
