"""One case: what is seen of it, and what is decided there."""

from typing import Any
from uuid import UUID

from flask import Response, flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose, has_access
from flask_babel import gettext

from compliance.audit.actions import Action
from compliance.audit.append import record
from compliance.console import case
from compliance.console.signed_in import officer
from compliance.errors import MoveRefused, PlanChanged
from compliance.requests import decisions, downloads
from compliance.requests.kinds import Kind
from compliance.requests.moves import Move
from imgpilot import web


class Cases(BaseView):  # type: ignore[misc]
    """The cases."""

    route_base = "/requests"
    class_permission_name = "Requests"

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
        return redirect(url_for("Cases.show", request_id=request_id))

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
        return redirect(url_for("Cases.show", request_id=request_id))

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
