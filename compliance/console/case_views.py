"""One case: what is seen of it, and the little that is done on its own page."""

from typing import Any
from uuid import UUID

from flask import Response, flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose, has_access
from flask_babel import gettext

from compliance import comments
from compliance.audit.actions import Action
from compliance.console import case, deeds, evidence, next_step, offering, timeline
from compliance.console.looking import with_reason, wrote_down
from compliance.console.masking import masked
from compliance.console.reasons import REASONS
from compliance.console.signed_in import officer
from compliance.errors import MoveRefused
from compliance.requests import downloads, handling, identity_levels
from compliance.requests.regimes import REGIMES
from imgpilot import web


class Cases(BaseView):  # type: ignore[misc]
    """The cases."""

    route_base = "/requests"

    @expose("/<uuid:request_id>")
    @has_access
    def show(self, request_id: UUID) -> Any:
        """One case. Looking at it is written down, and who was called there has seen it."""
        session, me = web.session(), officer()
        found = case.gather(session, request_id)
        wrote_down(session, found.request, Action.STAFF_READ_CASE)
        if me.staff is not None:
            comments.saw(session, request_id, me.staff, web.parts().clock())
        session.commit()
        self.update_redirect()
        return self._page(request_id)

    @expose("/<uuid:request_id>/unmask", methods=["POST"])
    @has_access
    def unmask(self, request_id: UUID) -> Any:
        """The same page with the addresses in full, this once."""
        session = web.session()
        found = case.gather(session, request_id)
        try:
            with_reason(session, found.request, Action.STAFF_UNMASKED, request.form.get("reason", ""))
        except MoveRefused as error:
            session.rollback()
            flash(gettext(error.text, **error.values), "danger")
            return redirect(url_for("Cases.show", request_id=request_id))
        session.commit()
        return self._page(request_id, whole=True)

    def _page(self, request_id: UUID, *, whole: bool = False) -> Any:
        session, me, now = web.session(), officer(), web.parts().clock()
        found = case.gather(session, request_id)
        steps = evidence.lines(found.steps, found.request.contact is not None)
        offered = deeds.offered(found, me)
        return self.render_template(
            "console/case.html",
            case=found,
            request_=found.request,
            next=next_step.of(found, me, now),
            steps=steps,
            notices=evidence.notices(steps),
            lines=timeline.lines(found.timeline, found.staff),
            offered={deed.key: deed for deed in offered},
            address=(lambda text: text) if whole else masked,
            whole=whole,
            reasons=[(key, gettext(words)) for key, words in REASONS.items()],
            people=[("", gettext("Nobody")), *((str(one.id), one.name) for one in found.colleagues)],
            law_name=lambda key: REGIMES[key].name,
            proved=identity_levels.enough(found.request),
            checked_words=dict(offering.proofs(found)) | dict(offering.asks(found)),
            paused_for=timeline.PAUSED_FOR,
            me=me,
            may=self.appbuilder.sm.has_access,
            waiting_letters=_waiting_letters(found),
            now=now,
        )

    @expose("/<uuid:request_id>/steps/<uuid:step_id>/retry", methods=["POST"])
    @has_access
    def retry(self, request_id: UUID, step_id: UUID) -> Any:
        """Try a failed step again."""
        session = web.session()
        try:
            handling.retry(session, request_id, step_id, officer(), web.parts().clock())
            session.commit()
            flash(gettext("The step is being tried again."), "success")
        except MoveRefused as error:
            session.rollback()
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


def _waiting_letters(found: case.Case) -> list[evidence.Line]:
    """The letters that are to go and were not written yet: they are drafted when they are sent."""
    written = {letter.step for letter in found.letters}
    return [
        line
        for line in evidence.lines(found.steps, found.request.contact is not None)
        if line.step.name.startswith("tell ")
        and line.step.name not in written
        and line.step.state in ("ready", "waiting")
    ]
