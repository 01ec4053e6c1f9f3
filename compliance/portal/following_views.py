"""The page of one request, and what its owner can do there: take it back, appeal, write to us."""

from collections.abc import Iterator
from typing import IO
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.datastructures import FileStorage

from compliance import attachments
from compliance.errors import MoveRefused
from compliance.portal import following
from compliance.portal.pages import own, pages, spoken
from compliance.requests import appeals, decisions, moves
from compliance.requests.kinds import CLOSED, Kind, State
from compliance.requests.models import PrivacyRequest
from imgpilot import web
from imgpilot.accounts.people import person_required
from imgpilot.errors import PersonalError
from imgpilot.language import marked as _

#: The longest message; longer ones come as a file.
LONGEST = 5000
_PIECE = 1 << 16


class NothingToSend(PersonalError):
    """Neither words nor a file."""


@pages.get("/privacy/requests/<uuid:request_id>")
@person_required
def follow(request_id: UUID) -> ResponseReturnValue:
    """One request. A page that asks again and would show the same is told so, and stays as it is."""
    now = web.parts().clock()
    found = following.gather(web.session(), own(request_id), now)
    if "HX-Request" in request.headers and request.args.get("seen") == found.print:
        return Response(status=204)
    return render_template("portal/request.html", at=found, one=found.request, now=now)


@pages.post("/privacy/requests/<uuid:request_id>/withdraw")
@person_required
def withdraw(request_id: UUID) -> ResponseReturnValue:
    """Take a request back while that is possible; a deletion, until the cooling-off is over."""
    mine = own(request_id)
    cooling = mine.state == State.COOLING
    decisions.withdraw(web.session(), mine.id, web.parts().clock())
    web.session().commit()
    if cooling and mine.kind == Kind.DELETION:
        flash(gettext("Your account stays. Nothing was deleted."), "success")
    else:
        flash(gettext("Your request %(case)s is withdrawn. Nothing was changed.", case=mine.case), "success")
    return redirect(url_for("portal.follow", request_id=request_id))


@pages.route("/privacy/requests/<uuid:request_id>/appeal", methods=["GET", "POST"])
@person_required
def appeal(request_id: UUID) -> ResponseReturnValue:
    """Not accept the answer. What was typed comes back with what stands in the way."""
    session, now, mine = web.session(), web.parts().clock(), own(request_id)
    typed, said = "", ""
    if request.method == "POST":
        typed = request.form.get("words", "")
        try:
            appeals.appeal(session, mine.id, typed, moves.PERSON, now)
            session.commit()
            flash(gettext("Your appeal is on its way to somebody who did not decide before."), "success")
            return redirect(url_for("portal.follow", request_id=request_id))
        except MoveRefused as error:
            session.rollback()
            mine, said = own(request_id), error.said(spoken())
    until = following.appeal_until(session, mine, now)
    if until is None and not said:
        return redirect(url_for("portal.follow", request_id=request_id))
    return render_template("portal/appeal.html", one=mine, until=until, typed=typed, said=said), 400 if said else 200


@pages.route("/privacy/requests/<uuid:request_id>/write", methods=["GET", "POST"])
@person_required
def write(request_id: UUID) -> ResponseReturnValue:
    """Add a message or a file to a request. Both are kept encrypted, and opened by nobody without a reason."""
    mine, typed, said = own(request_id), "", ""
    if mine.state in CLOSED:
        return redirect(url_for("portal.follow", request_id=request_id))
    if request.method == "POST":
        typed = request.form.get("words", "").strip()
        try:
            _keep(mine, typed, request.files.get("file"))
            web.session().commit()
            flash(gettext("Sent. It is with your request now."), "success")
            return redirect(url_for("portal.follow", request_id=request_id))
        except PersonalError as error:
            web.session().rollback()
            mine, said = own(request_id), error.said(spoken())
    return render_template("portal/write.html", one=mine, typed=typed, said=said, longest=LONGEST), 400 if said else 200


def _keep(mine: PrivacyRequest, typed: str, file: FileStorage | None) -> None:
    parts, session, now = web.parts(), web.session(), web.parts().clock()
    if not typed and not (file and file.filename):
        raise NothingToSend(_("Write something or choose a file. Nothing was sent."))
    if len(typed) > LONGEST:
        raise NothingToSend(_("Say it in at most 5,000 characters, or send it as a file. Nothing was sent."))
    if file and file.filename:
        attachments.add(parts, session, mine, "other", file.filename, _pieces(file.stream), moves.PERSON, now)
    if typed:
        name = f"message-{now:%Y-%m-%d-%H%M%S}.txt"
        attachments.add(parts, session, mine, "other", name, [typed.encode()], moves.PERSON, now)


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    while piece := stream.read(_PIECE):
        yield piece
