"""The charts of the home page, each with the sentence that it supports."""

from dataclasses import dataclass

from babel.dates import format_skeleton
from flask_babel import get_locale, gettext, ngettext

from compliance import words
from compliance.console.figures import AGES, WEEKS, Answers, Open, Split, Week
from compliance.console.queue_words import law_name
from imgpilot import language
from imgpilot.look.figures import number, said
from reports.charts import Chart, Series, Words, bars, line, median, strip

_number = said(number)


def trend(weeks: list[Week]) -> Chart:
    """Requests received and closed, by week."""
    spoken = language.locale(str(get_locale()))
    closed, received = [week.closed for week in weeks], [week.received for week in weeks]
    finding = gettext(
        "Since Monday, %(received)s came in and %(closed)s were closed; in %(weeks)s weeks %(all_in)s and %(all_out)s.",
        received=_number(received[-1]),
        closed=_number(closed[-1]),
        weeks=len(weeks),
        all_in=_number(sum(received)),
        all_out=_number(sum(closed)),
    )
    if not any(closed + received):
        weeks, closed, received = [], [], []
        finding = gettext("Nothing came in and nothing was closed in the last %(weeks)s weeks.", weeks=WEEKS)
    return line(
        Words(gettext("Requests received and closed, by week"), finding, gettext("Week from"), _nothing()),
        [format_skeleton("MMMd", week.monday, locale=spoken) for week in weeks],
        [Series(gettext("closed"), closed), Series(gettext("received"), received)],
        write=_number,
    )


@dataclass(frozen=True)
class OpenCharts:
    """What is open, three times over."""

    kinds: Chart
    laws: Chart
    ages: Chart


def split(found: Open) -> OpenCharts:
    """Open cases by what they ask for, by law, and by age."""
    kinds = [(str(gettext(words.ASKS_FOR.get(one.key, one.key))), one) for one in found.kinds]  # type: ignore[call-overload]
    laws = [(law_name(one.key) if one.key else str(gettext("Other laws")), one) for one in found.laws]
    ages = [(_age(int(one.key)), one) for one in found.ages] if found.kinds else []
    old = sum(one.in_time + one.late for one in found.ages if int(one.key) > 30)
    long = ngettext("%(num)s case is open for more than 30 days.", "%(num)s cases are open for more than 30 days.", old)
    if not old:
        long = gettext("No case is open for more than 30 days.")
    return OpenCharts(
        _bars(gettext("Open cases by what is asked for"), gettext("Asks for"), _most(kinds), kinds),
        _bars(gettext("Open cases by law"), gettext("Law"), _most(laws), laws),
        _bars(gettext("Open cases by age"), gettext("Open for"), long if found.kinds else "", ages),
    )


def _bars(title: str, first: str, finding: str, rows: list[tuple[str, Split]]) -> Chart:
    series = [Series(gettext("in time"), [one.in_time for _, one in rows])]
    if any(one.late for _, one in rows):
        series.append(Series(gettext("late"), [one.late for _, one in rows]))
    return bars(Words(title, finding, first, _nothing()), [name for name, _ in rows], series, write=_number)


def _most(rows: list[tuple[str, Split]]) -> str:
    if not rows:
        return ""
    name, most = rows[0]
    many, all_ = most.in_time + most.late, sum(one.in_time + one.late for _, one in rows)
    return str(gettext("Most often: %(name)s, %(some)s of %(all)s.", name=name, some=_number(many), all=_number(all_)))


def _age(first: int) -> str:
    place = AGES.index(first)
    if place == len(AGES) - 1:
        return str(gettext("%(days)s days and more", days=first))
    return str(gettext("%(from)s to %(to)s days", **{"from": first, "to": AGES[place + 1] - 1}))


def _nothing() -> str:
    return str(gettext("There is nothing to draw yet."))


def speed(found: Answers | None) -> Chart | None:
    """How long answers took, against what the law gives."""
    if found is None:
        return None
    longest, middle = max(day for day, many in found.days.items() if many), median(found.days)
    finding = gettext(
        "Half of the answers under %(law)s in the last 12 months took %(days)s or less. The longest took %(longest)s.",
        law=law_name(found.law),
        days=_days(middle),
        longest=_days(longest),
    )
    return strip(
        Words(gettext("Days to an answer, %(law)s", law=law_name(found.law)), finding, gettext("Days"), _nothing()),
        found.days,
        limit=found.limit,
        counted=gettext("Answers"),
        say_median=lambda days: str(gettext("Half within %(days)s", days=_days(days))),
        say_limit=lambda days: str(gettext("The law: %(days)s", days=_days(days))),
        write=_number,
    )


def _days(days: float) -> str:
    many = ngettext("%(number)s day", "%(number)s days", 1 if days == 1 else 2, number=_number(days))
    return str(many)
