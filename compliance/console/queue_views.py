"""The queue of requests: its pages, and what is done to many cases at once."""

import re
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from flask import flash, g, redirect, request, url_for
from flask_appbuilder import BaseView, expose, has_access
from flask_babel import gettext, ngettext
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from compliance.console import filters_saved, members, queue, queue_bulk, queue_filters, queue_words
from compliance.console.queue import Look, Waiting
from compliance.console.queue_filters import Asked
from compliance.console.signed_in import officer
from compliance.errors import MoveRefused
from compliance.requests import handling
from compliance.requests.models import PrivacyRequest
from imgpilot import web

#: IP-2026-0412, or only its last part.
_CASE = re.compile(r"(?:IP-?(\d{4})-?)?(\d{1,9})", re.IGNORECASE)
SHORTEST_REASON = 20


def look() -> Look:
    """Who looks, and when: the same for everything on a page."""
    if "queue_look" not in g:
        # The rail is also on pages that say "not found" to somebody who is not signed in.
        g.queue_look = Look(web.parts().clock(), int(getattr(g.get("user"), "id", None) or 0))
    made: Look = g.queue_look
    return made


def waiting() -> Waiting:
    """The counts, which the rail and the page both show, asked for once."""
    if "queue_waiting" not in g:
        g.queue_waiting = queue.waiting(web.session(), look())
    made: Waiting = g.queue_waiting
    return made


class Requests(BaseView):  # type: ignore[misc]
    """The queue. Every right is called as its page (compliance/console/roles.py)."""

    route_base = "/requests"
    default_view = "list"
    class_permission_name = "Requests"

    @expose("/", methods=["GET", "POST"])
    @has_access
    def list(self) -> Any:
        """One page of a view; or, sent as a form, the case of a number, so that nothing typed is in an address."""
        if request.method == "POST":
            return _find(request.form.get("case", ""))
        session, asked = web.session(), queue_filters.read(request.args)
        number = min(max(request.args.get("page", 1, int), 1), queue.LAST_PAGE)
        also = asked.conditions(look().staff)
        rows = [*session.scalars(queue.rows_of(asked.view, look(), also, asked.ordered, number))]
        counted = waiting().by_view
        known = not asked.is_narrowed and asked.view in counted
        saved = filters_saved.seen_by(session, look().staff)
        self.update_redirect()
        return self.render_template(
            "console/queue.html",
            number=number,
            total=counted[asked.view] if known else queue.how_many(session, asked.view, look(), also),
            counts=counted,
            view=next(view for view in queue.VIEWS if view.key == asked.view),
            saved=saved,
            columns=asked.columns or saved.columns or queue_filters.USUAL_COLUMNS,
            rows=rows,
            holding=queue.holding(session, rows),
            members=members.read(session),
            me=look().staff,
            now=look().now,
            **queue_words.of_queue(asked),
        )

    @expose("/filter", methods=["POST"])
    @has_access
    def filter(self) -> Any:
        """Save this queue under a name, rename or delete a saved one, or keep the chosen columns."""
        session, me, form = web.session(), look().staff, request.form
        asked = _asked_in_form()
        name, shared = form.get("name", ""), "shared" in form
        try:
            match form.get("act"):
                case "add":
                    made = filters_saved.add(session, me, name, asked, shared=shared)
                    said = gettext("Saved as “%(name)s”", name=made.name)
                case "change":
                    made = filters_saved.change(session, me, _uuid(form.get("filter", "")), name, shared=shared)
                    said = gettext("“%(name)s” saved", name=made.name)
                case "delete":
                    gone = filters_saved.remove(session, me, _uuid(form.get("filter", "")))
                    said = gettext("“%(name)s” deleted", name=gone)
                case _:
                    asked = replace(asked, columns=())
                    filters_saved.keep_columns(session, me, queue_filters.read(form).columns)
                    said = gettext("Columns kept")
            session.commit()
            flash(said, "success")
        except MoveRefused as error:
            session.rollback()
            flash(gettext(error.text, **error.values), "warning")
        return _back(asked)

    @expose("/bulk", methods=["POST"])
    @has_access
    def bulk(self) -> Any:
        """Give the chosen cases to somebody, or confirm their receipt. Each by itself."""
        session, actor, now, form = web.session(), officer(), look().now, request.form
        try:
            chosen = queue_bulk.chosen(session, form.getlist("rowid"))
            if form.get("act") == "acknowledge":
                became = queue_bulk.each(session, chosen, lambda one: handling.acknowledge(session, one.id, actor, now))
                done = ngettext("%(num)s receipt confirmed", "%(num)s receipts confirmed", _good(became))
                return self._after(became, done, gettext("Confirm receipt"))
            to = _assignee(queue_filters.ME if form.get("act") == "mine" else form.get("to", ""))
        except MoveRefused as error:
            flash(gettext(error.text, **error.values), "warning")
            return _back(_asked_in_form())
        became = queue_bulk.each(session, chosen, lambda one: handling.assign(session, one.id, to, actor, now))
        done = ngettext("%(num)s case assigned", "%(num)s cases assigned", _good(became))
        return self._after(became, done, gettext("Assign"))

    @expose("/extend", methods=["POST"])
    @has_access
    def extend(self) -> Any:
        """First what extending would mean for each case; then, with one reason for all, extend those that can be."""
        session, actor, now, reason = web.session(), officer(), look().now, request.form.get("reason", "").strip()
        try:
            chosen = queue_bulk.chosen(session, request.form.getlist("rowid"))
        except MoveRefused as error:
            flash(gettext(error.text, **error.values), "warning")
            return _back(_asked_in_form())
        if "confirmed" in request.form and len(reason) >= SHORTEST_REASON:
            became = queue_bulk.each(session, chosen, lambda one: queue_bulk.extend(session, one, reason, actor, now))
            done = ngettext("%(num)s case extended", "%(num)s cases extended", _good(became))
            return self._after(became, done, gettext("Extend"))
        return self.render_template(
            "console/queue_extend.html",
            found=[queue_bulk.extension(session, one, actor, now) for one in chosen],
            reason=reason,
            too_short="confirmed" in request.form,
            **queue_words.of_queue(_asked_in_form()),
        ), 422 if "confirmed" in request.form else 200

    def _after(self, became: Any, done: str, deed: str) -> Any:
        """Back to the queue if all went well; else a page that says of each case what became of it."""
        asked = _asked_in_form()
        refused = [one for one in became if one.refused]
        if not refused:
            flash(done, "success")
            return _back(asked)
        left = ngettext("%(num)s was not", "%(num)s were not", len(refused))
        return self.render_template(
            "console/queue_done.html", became=became, done=done, left=left, deed=deed, asked=asked
        )


def _good(became: Any) -> int:
    return sum(1 for one in became if one.refused is None)


def _asked_in_form() -> Asked:
    """The queue that a form was sent from: what it says of it is read like an address."""
    return queue_filters.read(MultiDict(parse_qsl(request.form.get("query", ""))))


def _back(asked: Asked) -> Any:
    return redirect(queue_words.link(asked))


def _find(typed: str) -> Any:
    """To the case of this number. What was typed is not repeated: it may be somebody's name."""
    match = _CASE.fullmatch(typed.strip())
    found = None
    if match:
        found = web.session().scalar(select(PrivacyRequest).where(PrivacyRequest.number == int(match[2])))
    if found is not None and match and match[1] in (None, str(found.received_at.year)):
        return redirect(url_for("Cases.show", request_id=found.id))
    flash(gettext("There is no case of that number. Numbers look like IP-2026-0412."), "warning")
    return _back(_asked_in_form())


def _assignee(to: str) -> int | None:
    """Whom the cases go to; None for nobody. Raises MoveRefused for somebody who does not work on cases."""
    if to == queue_filters.ME:
        return look().staff
    if to == queue_filters.NOBODY:
        return None
    number = int(to) if to.isdecimal() and len(to) < 10 else None
    if number is None or not members.read(web.session()).can_be_given(number):
        raise MoveRefused(gettext("Choose who gets the cases. Nothing was changed."))
    return number


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
