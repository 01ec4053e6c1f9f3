"""Files that came with a case: added, and fetched with a reason. They are handed out as they came, never shown."""

from collections.abc import Iterator
from typing import IO, Any
from urllib.parse import quote
from uuid import UUID

from flask import Response, flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose, has_access
from flask_babel import gettext
from werkzeug.datastructures import FileStorage

from compliance import attachments
from compliance.audit.actions import Action
from compliance.console import case
from compliance.console.looking import with_reason
from compliance.console.signed_in import officer
from compliance.errors import MoveRefused
from compliance.requests.casework import Attachment
from imgpilot import web
from imgpilot.errors import NotYours
from imgpilot.language import marked as _

PIECE = 64 * 1024
#: What staff can say a file is. An agent's permission and a proof are destroyed when they have done their work.
ROLES = {
    "original": _("The request as it came"),
    "evidence": _("Proof of who asks; destroyed when it is decided"),
    "permission": _("An agent's signed permission; destroyed when the request is decided"),
    "other": _("Something else"),
}


class Files(BaseView):  # type: ignore[misc]
    """The files of a case."""

    route_base = "/requests"

    @expose("/<uuid:request_id>/files", methods=["POST"])
    @has_access
    def add(self, request_id: UUID) -> Any:
        """Keep a file with the case."""
        session, parts = web.session(), web.parts()
        found = case.gather(session, request_id)
        sent, role = request.files.get("file"), request.form.get("role", "other")
        try:
            name, pieces = _chosen(sent, role)
            attachments.add(parts, session, found.request, role, name, pieces, officer(), parts.clock())
        except MoveRefused as error:
            session.rollback()
            flash(gettext(error.text, **error.values), "danger")
        else:
            session.commit()
            flash(gettext("File added. It is kept encrypted."), "success")
        return redirect(url_for("Cases.show", request_id=request_id, _anchor="files"))

    @expose("/<uuid:request_id>/files/<uuid:file_id>", methods=["POST"])
    @has_access
    def fetch(self, request_id: UUID, file_id: UUID) -> Any:
        """Download a file; why is written down first."""
        session, parts = web.session(), web.parts()
        found = case.gather(session, request_id)
        file = session.get(Attachment, file_id)
        if file is None or file.request_id != request_id:
            raise NotYours(_("There is no such file."))
        try:
            with_reason(session, found.request, Action.FILE_DOWNLOADED, request.form.get("reason", ""), role=file.role)
        except MoveRefused as error:
            session.rollback()
            flash(gettext(error.text, **error.values), "danger")
            return redirect(url_for("Cases.show", request_id=request_id, _anchor="files"))
        session.commit()
        file = session.get_one(Attachment, file_id)
        return handed_out(file.name, attachments.read(parts, file))


def handed_out(name: str, pieces: Iterator[bytes]) -> Response:
    """A download that no browser shows or runs, whatever is in it."""
    answer = Response(pieces, mimetype=attachments.MEDIA_TYPE)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _chosen(sent: FileStorage | None, role: str) -> tuple[str, Iterator[bytes]]:
    if sent is None or not sent.filename:
        raise MoveRefused(_("Choose a file first. Nothing was added."))
    if role not in ROLES:
        raise MoveRefused(_("Say what the file is. Nothing was added."))
    return sent.filename, _pieces(sent.stream)


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    while piece := stream.read(PIECE):
        yield piece
