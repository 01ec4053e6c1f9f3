"""The privacy centre: what is held, where it went, and asking for a copy or for deletion (P16)."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Flask, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext, ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance import words
from compliance.export import access
from compliance.portal import asking
from compliance.requests import decisions, downloads, progress
from compliance.requests.models import PrivacyRequest
from imgpilot import web
from imgpilot.accounts.people import person, person_required
from imgpilot.errors import NotYours
from imgpilot.language import marked as _
from imgpilot.processors import PROCESSORS
from imgpilot.purposes import PURPOSES
from imgpilot.ruler import Mark

pages = Blueprint("portal", __name__, template_folder="templates")

#: Lines of the ledger on the first page, and on each page of the whole.
FEW, MANY = 8, 50


def mount(app: Flask) -> None:
    """Put the privacy centre on the site."""
    app.register_blueprint(pages)
    app.jinja_env.filters["capitalize_first"] = words.capitalize_first
    app.context_processor(
        lambda: {
            "words_for": words,
            "processors": PROCESSORS,
            "purposes": PURPOSES,
            "clock_of": lambda one: progress.clock(one, web.parts().clock()),
            "stages_of": _stages,
            "totals": totals,
            "Mark": Mark,
            "spoken": lambda: str(get_locale() or "en"),
        }
    )


@pages.get("/privacy")
@person_required
def centre() -> ResponseReturnValue:
    """Everything at a glance."""
    session, me = web.session(), person()
    return render_template(
        "portal/centre.html",
        requests=asking.of(session, me.id),
        held=access.holdings(session, me.id),
        recipients=access.recipients(session, me.id),
        ledger=access.ledger(session, me.id, None, FEW),
        now=web.parts().clock(),
    )


@pages.get("/privacy/ledger")
@person_required
def ledger() -> ResponseReturnValue:
    """Every disclosure, page by page."""
    after = _place(request.args.get("at", ""), request.args.get("line", ""))
    lines = access.ledger(web.session(), person().id, after, MANY + 1)
    return render_template("portal/ledger.html", lines=lines[:MANY], more=len(lines) > MANY, first=after is None)


@pages.get("/privacy/ledger.csv")
@person_required
def ledger_csv() -> ResponseReturnValue:
    """Every disclosure as one file, streamed."""
    sessions, me = web.parts().sessions, person().id

    def rows() -> Iterator[str]:
        # A session of its own: the request's is closed when the first line is sent.
        with sessions() as session:
            yield from lines_of(session)

    def lines_of(session: Session) -> Iterator[str]:
        yield _csv("at", "processor", "country", "purpose", "categories", "bytes", "status")
        after: access.Line | None = None
        while lines := access.ledger(session, me, after, 500):
            for line in lines:
                to = PROCESSORS[line.processor]
                sent = " ".join(line.categories)
                yield _csv(line.at.isoformat(), to.name, to.country, line.purpose, sent, line.bytes_out, line.status)
            after = lines[-1].at, lines[-1].id

    answer = Response(rows(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="imgpilot-disclosures.csv"'
    return answer


@pages.route("/privacy/ask/<kind>", methods=["GET", "POST"])
@person_required
def ask(kind: str) -> ResponseReturnValue:
    """Say what will happen, then write the request down."""
    wanted = asking.kind(kind)
    session = web.session()
    if request.method == "GET":
        held = access.holdings(session, person().id)
        return render_template("portal/ask.html", kind=wanted, held=held, where_people_live=asking.PLACES)
    made = asking.ask(session, web.parts(), person(), wanted, request.form.get("place", ""))
    session.commit()
    return redirect(url_for("portal.follow", request_id=made.id))


@pages.get("/privacy/requests/<uuid:request_id>")
@person_required
def follow(request_id: UUID) -> ResponseReturnValue:
    """One request: where it is, what comes next."""
    session = web.session()
    mine = _mine(request_id)
    return render_template(
        "portal/request.html",
        one=mine,
        plan=decisions.newest_plan(session, mine.id),
        package=downloads.ready(session, mine.id, "export", web.parts().clock()),
        now=web.parts().clock(),
    )


@pages.post("/privacy/requests/<uuid:request_id>/withdraw")
@person_required
def withdraw(request_id: UUID) -> ResponseReturnValue:
    """Take a request back before it is decided."""
    mine = _mine(request_id)
    decisions.withdraw(web.session(), mine.id, web.parts().clock())
    web.session().commit()
    flash(gettext("Your request %(case)s is withdrawn. Nothing was changed.", case=mine.case), "success")
    return redirect(url_for("portal.follow", request_id=request_id))


@pages.get("/privacy/requests/<uuid:request_id>/package")
@person_required
def package(request_id: UUID) -> ResponseReturnValue:
    """The export package. Every fetch is written down."""
    mine, session, parts = _mine(request_id), web.session(), web.parts()
    found = downloads.fetch(session, mine, "export", "person", parts.clock())
    session.commit()
    answer = Response(parts.storage.open(found.object_key), mimetype=found.media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{mine.case}.zip"'
    answer.headers["Content-Length"] = str(found.bytes)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _mine(request_id: UUID) -> PrivacyRequest:
    """The person's own request; somebody else's is not there."""
    found = web.session().scalar(
        select(PrivacyRequest).where(PrivacyRequest.id == request_id, PrivacyRequest.account_id == person().id)
    )
    if found is None:
        raise NotYours(_("There is no such request of yours."))
    return found


def _stages(one: PrivacyRequest) -> list[tuple[str | None, str, str]]:
    """The stages with their words in the person's language."""
    return [(state, gettext(said), "") for state, said in progress.stages(one)]


def _place(at: str, line: str) -> access.Line | None:
    """The line that a page of the log ended with, if the address names one."""
    try:
        moment, id_ = datetime.fromisoformat(at), UUID(line)
    except ValueError:
        return None
    return (moment, id_) if moment.tzinfo else None


def _csv(*values: Any) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(values)
    return line.getvalue()


def totals(rows: int, companies: int) -> str:
    """The sentence that the centre opens with."""
    held = str(ngettext("We hold %(num)s item about you.", "We hold %(num)s items about you.", rows))
    if not companies:
        return f"{held} {gettext('No company has received any of them.')}"
    received = ngettext(
        "One company has received some of them, always to do something you asked for.",
        "%(num)s companies have received some of them, always to do something you asked for.",
        companies,
    )
    return f"{held} {received}"
