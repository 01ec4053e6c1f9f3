"""Letters: read as they were sent, and seen as they would go."""

from typing import Any
from uuid import UUID

from flask import Response, request
from flask_appbuilder import BaseView, expose, has_access

from compliance.audit.actions import Action
from compliance.console import case, deeds, writing
from compliance.console.looking import wrote_down
from compliance.requests.casework import RequestLetter
from compliance.requests.moves import Written
from imgpilot import web
from imgpilot.errors import NotYours
from imgpilot.language import marked as _

#: A letter is laid out by style inside it. It runs nothing, loads nothing, and only our own pages may frame it.
CLOSED = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"
KINDS = {deed.letter for deed in deeds.DEEDS.values() if deed.letter}


class Letters(BaseView):  # type: ignore[misc]
    """The letters of a case."""

    route_base = "/requests"

    @expose("/<uuid:request_id>/letters/<uuid:letter_id>")
    @has_access
    def read(self, request_id: UUID, letter_id: UUID) -> Any:
        """One letter, as it went or will go."""
        session = web.session()
        found = case.gather(session, request_id)
        letter = session.get(RequestLetter, letter_id)
        if letter is None or letter.request_id != request_id:
            raise NotYours(_("There is no such letter."))
        wrote_down(session, found.request, Action.STAFF_READ_CASE, letter=letter.kind)
        session.commit()
        found = case.gather(session, request_id)
        return self.render_template(
            "console/case_letter.html",
            case=found,
            request_=found.request,
            letter=session.get_one(RequestLetter, letter_id),
        )

    @expose("/<uuid:request_id>/letters/preview", methods=["POST"])
    @has_access
    def preview(self, request_id: UUID) -> Any:
        """The letter that is being written, exactly as it would go. It is shown in a frame and kept nowhere."""
        session, kind = web.session(), request.form.get("letter", "")
        found = case.gather(session, request_id)
        if kind not in KINDS:
            raise NotYours(_("There is no such letter."))
        letter = Written(request.form.get("subject", "")[:300], request.form.get("body", "")[:20_000])
        html = writing.preview(session, web.parts().settings, found.request, kind, letter)
        answer = Response(html, mimetype="text/html")
        answer.headers["Content-Security-Policy"] = CLOSED
        answer.headers["Cache-Control"] = "no-store"
        return answer
