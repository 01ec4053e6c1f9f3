"""The console's first page: what to do first, what waits where, and how it goes."""

from datetime import datetime
from typing import Any

from babel.dates import format_date
from flask import g, redirect, url_for
from flask_appbuilder import IndexView, expose
from flask_babel import get_locale, gettext, ngettext
from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from compliance.console import figures, home_charts, members, queue, queue_filters, queue_words
from compliance.console.queue import Look, Waiting
from compliance.console.queue_filters import Asked
from compliance.console.queue_views import look, waiting
from compliance.requests.casework import Comment, CommentMention
from compliance.requests.models import PrivacyRequest
from imgpilot import language, web
from reports.charts import figure

_DATE = {"en": "EEEE d MMMM", "zh_Hans": "M 月 d 日，EEEE"}
#: As many as are read at a glance.
SHOWN = 6
#: More facts than this in the first sentence nobody keeps in mind.
SAID = 3


class Today(IndexView):  # type: ignore[misc]
    """What to do first."""

    index_template = "console/today.html"

    @expose("/")
    def index(self) -> Any:
        """The home page; FAB shows it to everybody, so whoever is not staff signs in first."""
        if not g.user.is_authenticated:
            return redirect(url_for(f"{self.appbuilder.sm.auth_view.endpoint}.login"))
        self.update_redirect()
        if not queue_words.can("can_list"):
            return self.render_template(self.index_template, reads=False, date=date_of(look().now))
        session, found = web.session(), waiting()
        rows = list(session.scalars(queue.for_a_person(look(), SHOWN)))
        return self.render_template(
            self.index_template,
            reads=True,
            lede=lede(found, look()),
            counts=found.by_view,
            places=places(found, look()),
            rows=rows,
            first=first(rows, look().staff),
            holding=queue.holding(session, rows),
            columns=queue_filters.USUAL_COLUMNS,
            members=members.read(session),
            mentions=mentions(session, look()),
            trend=home_charts.trend(figures.by_week(session, look().now)),
            split=home_charts.split(figures.open_now(session, look())),
            speed=home_charts.speed(figures.answers(session, look())),
            me=look().staff,
            now=look().now,
            date=date_of(look().now),
            figure=figure,
            **queue_words.of_rows(),
        )


def date_of(now: datetime) -> str:
    """Monday 23 November."""
    code = language.known(str(get_locale()))
    return format_date(now.date(), _DATE[code], locale=language.locale(code))


def first(rows: list[PrivacyRequest], me: int) -> PrivacyRequest | None:
    """Where to start: the soonest that is one's own or nobody's, else the soonest."""
    return next((row for row in rows if row.assigned_to in (None, me)), rows[0] if rows else None)


def lede(found: Waiting, at: Look) -> str:
    """What is most pressing, in a sentence or three."""
    counts, facts = found.by_view, []
    if overdue := counts["overdue"]:
        facts.append(ngettext("%(num)s request is overdue.", "%(num)s requests are overdue.", overdue))
    if found.today:
        facts.append(ngettext("%(num)s request is due today.", "%(num)s requests are due today.", found.today))
    elif found.next_due:
        days = max((found.next_due - at.now.date()).days, 1)
        ends = ngettext("%(num)s case ends within 7 days,", "%(num)s cases end within 7 days,", counts["soon"])
        soonest = gettext("the first tomorrow.") if days == 1 else gettext("the first in %(days)s days.", days=days)
        facts.append(f"{ends} {soonest}")
    if stuck := counts["stuck"]:
        facts.append(ngettext("%(num)s case needs a hand.", "%(num)s cases need a hand.", stuck))
    if second := counts["second"]:
        waits = ngettext("%(num)s case waits for a second officer.", "%(num)s cases wait for a second officer.", second)
        facts.append(waits)
    if decide := counts["decide"]:
        facts.append(ngettext("%(num)s plan waits for a decision.", "%(num)s plans wait for a decision.", decide))
    if not counts["open"]:
        return " ".join([*facts, gettext("No requests are waiting. New ones appear here the moment they arrive.")])
    calm = ngettext(
        "%(num)s request is open, and nothing is pressing.",
        "%(num)s requests are open, and nothing is pressing.",
        counts["open"],
    )
    return " ".join(facts[:SAID]) or str(calm)


def places(found: Waiting, at: Look) -> list[tuple[str, str, str, int, bool]]:
    """Where cases wait: (icon, words, address, how many, whether that is bad)."""
    words, counts = {view.key: view.words for view in queue.VIEWS}, found.by_view
    today = Asked("soon", due_to=at.now.date())
    signs = {
        "overdue": "triangle-alert",
        "soon": "calendar-clock",
        "decide": "list-checks",
        "second": "users",
        "stuck": "wrench",
        "appealed": "scale",
        "proving": "user-check",
        "unassigned": "user-x",
        "mine": "user",
    }
    made = [
        (sign, gettext(words[key]), queue_words.link(Asked(key)), counts[key], key in ("overdue", "stuck"))
        for key, sign in signs.items()
    ]
    made.insert(1, ("clock", gettext("Due today"), queue_words.link(today), found.today, False))
    return made


def mentions(session: Session, at: Look) -> list[Row[tuple[PrivacyRequest, int, Any]]]:
    """Comments that call for whoever looks, and that they have not seen: the case, who wrote, and when."""
    return list(
        session.execute(
            select(PrivacyRequest, Comment.by, Comment.at)
            .join(Comment, Comment.request_id == PrivacyRequest.id)
            .join(CommentMention, CommentMention.comment_id == Comment.id)
            .where(CommentMention.staff == at.staff, CommentMention.seen_at.is_(None))
            .order_by(Comment.at.desc())
            .limit(SHOWN)
        )
    )
