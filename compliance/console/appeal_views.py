"""Appeals against prompts that our rules refused: waiting ones first, each opened with its prompt, decided once.

A prompt is shown on its own page only; that somebody opened it is written down, and its writer can read that.
"""

from typing import Any
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose, has_access
from flask_babel import gettext
from werkzeug.wrappers import Response

from compliance.audit.actions import Action
from compliance.audit.append import record
from compliance.console import members
from compliance.console.masking import masked
from compliance.console.signed_in import officer
from imgpilot import digests, web
from imgpilot.accounts.standing import Stopped
from imgpilot.language import marked as _
from imgpilot.mail import MailNotSent
from imgpilot.safety import appeals
from imgpilot.safety.appeals import DecisionError
from imgpilot.safety.refused import LIFTED, LONGEST, UPHELD
from imgpilot.safety.rules import RULES

DECIDED = {UPHELD: Action.PROMPT_REFUSAL_UPHELD, LIFTED: Action.PROMPT_REFUSAL_LIFTED}
DONE = {
    UPHELD: _("The refusal stays. The person is told by mail."),
    LIFTED: _("The refusal is lifted. The person is told by mail and may send this prompt."),
}


class Appeals(BaseView):  # type: ignore[misc]
    """Prompts that were refused and appealed."""

    route_base = "/appeals"
    default_view = "queue"

    @expose("/")
    @has_access
    def queue(self) -> Any:
        """The appeals that wait, and the last ones that were decided; without their prompts."""
        session = web.session()
        self.update_redirect()
        return self.render_template(
            "console/appeals.html",
            waiting=appeals.waiting(session),
            decided=appeals.decided(session),
            masked=masked,
            rules=RULES,
            staff=members.read(session),
        )

    @expose("/<uuid:refusal_id>")
    @has_access
    def open(self, refusal_id: UUID) -> Any:
        """One of them with its prompt. Looking is written down."""
        account_id = appeals.find(web.session(), refusal_id).refusal.account_id
        _write_down(account_id, Action.STAFF_READ_PROMPT)
        web.session().commit()
        return self._page(refusal_id)

    @expose("/<uuid:refusal_id>/decide", methods=["POST"])
    @has_access
    def decide(self, refusal_id: UUID) -> Any:
        """Uphold or lift, with an answer; then the person is told."""
        session, form, staff = web.session(), request.form, officer().staff
        assert staff is not None
        decision = form.get("decision", "")
        try:
            fresh = appeals.decide(session, refusal_id, decision, form.get("answer", ""), staff, web.parts().clock())
        except DecisionError as error:
            session.rollback()
            return self._page(refusal_id, gettext(error.text, **error.values)), error.status
        if fresh:
            _write_down(appeals.find(session, refusal_id).refusal.account_id, DECIDED[decision])
            session.commit()
            _tell(refusal_id, gettext(DONE[decision]))
        return redirect(url_for("Appeals.queue"))

    @expose("/<uuid:refusal_id>/tell", methods=["POST"])
    @has_access
    def tell(self, refusal_id: UUID) -> Response:
        """Mail the person again that it is decided."""
        if appeals.find(web.session(), refusal_id).refusal.decided_at is not None:
            _tell(refusal_id, gettext("The person is told by mail."))
        return redirect(url_for("Appeals.queue"))

    def _page(self, refusal_id: UUID, error: str = "") -> Any:
        session = web.session()
        found = appeals.find(session, refusal_id)
        return self.render_template(
            "console/appeal.html",
            found=found,
            one=found.refusal,
            email=masked(found.email),
            rule=RULES.get(found.refusal.rule),
            staff=members.read(session),
            typed=request.form,
            error=error,
            longest=LONGEST,
            may=self.appbuilder.sm.has_access,
        )


def _write_down(account_id: UUID, action: Action) -> None:
    parts = web.parts()
    subject = digests.of_subject(parts.settings, account_id)
    record(web.session(), at=parts.clock(), actor=str(officer()), action=action, subject=subject)


def _tell(refusal_id: UUID, said: str) -> None:
    try:
        appeals.tell(web.parts(), web.session(), refusal_id)
    except MailNotSent:
        flash(
            gettext("It is decided, but the mail server did not take the mail. Send it again from its page."), "warning"
        )
    except Stopped:
        flash(
            gettext("It is decided. No mail goes out to this account at the moment; the answer stands on its page."),
            "warning",
        )
    else:
        flash(said, "success")
