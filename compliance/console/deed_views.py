"""What is done in a case: each deed has a page that says what it means, asks what it needs, and does it."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose, has_access
from flask_babel import gettext

from compliance import comments
from compliance.audit.actions import Action
from compliance.console import case, deeds, doing, next_step, offering, writing
from compliance.console.looking import wrote_down
from compliance.console.signed_in import officer
from compliance.errors import MoveRefused, PlanChanged
from compliance.requests import handling
from compliance.requests.moves import Written
from imgpilot import web
from imgpilot.errors import NotYours
from imgpilot.language import marked as _

#: What a plan line and its until are called in the form.
GROUND, UNTIL = "ground:", "until:"


class Deeds(BaseView):  # type: ignore[misc]
    """What is done in a case, in three groups of rights, and the two things that everybody does who works here."""

    route_base = "/requests"

    @expose("/<uuid:request_id>/work/<deed>", methods=["GET", "POST"])
    @has_access
    def work(self, request_id: UUID, deed: str) -> Any:
        """What whoever works on cases does."""
        return self._deed(request_id, deeds.WORK, deed)

    @expose("/<uuid:request_id>/decide/<deed>", methods=["GET", "POST"])
    @has_access
    def decide(self, request_id: UUID, deed: str) -> Any:
        """What an officer decides."""
        return self._deed(request_id, deeds.DECIDE, deed)

    @expose("/<uuid:request_id>/second/<deed>", methods=["GET", "POST"])
    @has_access
    def second(self, request_id: UUID, deed: str) -> Any:
        """What the second pair of eyes decides."""
        return self._deed(request_id, deeds.SECOND, deed)

    @expose("/<uuid:request_id>/assign", methods=["POST"])
    @has_access
    def assign(self, request_id: UUID) -> Any:
        """Give the case to somebody, or to nobody."""
        session, mine = web.session(), str(officer().staff)
        given = mine if "me" in request.form else request.form.get("staff", "")
        found = case.gather(session, request_id)
        to = next((one.id for one in found.colleagues if str(one.id) == given), None)
        if given and to is None:
            flash(gettext("There is no such colleague. Nothing was changed."), "danger")
            return _back(request_id)
        return _tried(
            request_id,
            lambda: handling.assign(session, request_id, to, officer(), web.parts().clock()),
            gettext("Given to %(name)s.", name=found.name(to)) if to else gettext("Nobody has this case now."),
        )

    @expose("/<uuid:request_id>/comments", methods=["POST"])
    @has_access
    def comment(self, request_id: UUID) -> Any:
        """Say something to colleagues."""
        session = web.session()
        found = case.gather(session, request_id)
        text = request.form.get("text", "")
        return _tried(
            request_id,
            lambda: comments.add(session, found.request, text, officer(), web.parts().clock(), found.colleagues),
            gettext("Comment added."),
            "comments",
        )

    def _deed(self, request_id: UUID, group: str, key: str) -> Any:
        deed = deeds.DEEDS.get(key)
        if deed is None or deed.by != group:
            raise NotYours(_("There is no such page."))
        session = web.session()
        found = case.gather(session, request_id)
        wrote_down(session, found.request, Action.STAFF_READ_CASE)
        session.commit()
        if request.method == "GET" and not deed.offered(found, officer()):
            flash(gettext("This cannot be done in this case now."), "danger")
            return _back(request_id)
        writes = bool(deed.letter) and found.request.contact is not None
        if request.method == "GET" or (writes and request.form.get("do") != "act"):
            return self._page(deed, case.gather(session, request_id))
        return self._act(deed, found, writes=writes)

    def _act(self, deed: deeds.Deed, found: case.Case, *, writes: bool) -> Any:
        session, request_id = web.session(), found.request.id
        letter = None
        try:
            if writes:
                letter = writing.written(deed.letter, request.form)
            deed.act(_doing(found, letter))
        except PlanChanged as error:
            session.commit()  # the new plan is kept, and shown
            flash(gettext(error.text, **error.values), "warning")
            return _back(request_id)
        except MoveRefused as error:
            session.rollback()
            if all(field.kind == "shown" for field in deed.fields) and not writes and deed.key != "set-aside":
                flash(gettext(error.text, **error.values), "danger")
                return _back(request_id)
            return self._page(deed, case.gather(session, request_id), gettext(error.text, **error.values)), error.status
        session.commit()
        flash(gettext(deed.said), "success")
        return _back(request_id)

    def _page(self, deed: deeds.Deed, found: case.Case, error: str = "") -> Any:
        writes = bool(deed.letter) and found.request.contact is not None
        draft = None
        if writes and request.form.get("do") in ("write", "act"):
            draft = _typed_letter() if request.form.get("do") == "act" else None
            draft = draft or writing.draft(
                web.session(), web.parts().settings, found.request, deed.letter, request.form, web.parts().clock()
            )
        return self.render_template(
            "console/case_deed.html",
            deed=deed,
            case=found,
            request_=found.request,
            typed=request.form,
            error=error,
            writes=writes,
            draft=draft,
            tally=next_step.tally(found) if deed.tally else "",
            hidden={"digest": found.plan.digest if found.plan else "", "step": found.stuck.id if found.stuck else ""},
            grounds_for_part=offering.grounds_for_part(found) if deed.key == "set-aside" else [],
            translated=lambda pairs: [(key, gettext(words)) for key, words in pairs],
            ground_prefix=GROUND,
            until_prefix=UNTIL,
        )


def _doing(found: case.Case, letter: Written | None) -> doing.Doing:
    form = request.form
    tables = [name.removeprefix(GROUND) for name in form if name.startswith(GROUND)]
    lines = {table: (form.get(GROUND + table, ""), form.get(UNTIL + table, "").strip()) for table in tables}
    return doing.Doing(web.session(), web.parts(), found, form.to_dict(), officer(), web.parts().clock(), letter, lines)


def _typed_letter() -> Written | None:
    if "subject" not in request.form:
        return None
    return Written(request.form["subject"], request.form.get("body", ""))


def _back(request_id: UUID, at: str | None = None) -> Any:
    return redirect(url_for("Cases.show", request_id=request_id, _anchor=at))


def _tried(request_id: UUID, act: Any, said: str, at: str | None = None) -> Any:
    """Do it, commit, say so; or say in a sentence what stood in the way."""
    session = web.session()
    try:
        act()
    except MoveRefused as error:
        session.rollback()
        flash(gettext(error.text, **error.values), "danger")
    else:
        session.commit()
        flash(said, "success")
    return _back(request_id, at)
