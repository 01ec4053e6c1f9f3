"""Every disclosure of the person's data: filtered by company, purpose and period, on pages and as a file."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from compliance.export import access
from compliance.export.access import Line
from compliance.portal.pages import pages
from imgpilot import web
from imgpilot.accounts.people import person, person_required
from imgpilot.disclosures import Disclosure
from imgpilot.processors import PROCESSORS, known_as
from imgpilot.purposes import PURPOSES

#: Lines of the ledger on the centre, and on each page of the whole.
FEW, MANY = 8, 50


@dataclass(frozen=True)
class Wanted:
    """Which lines: a company, a purpose, the days from and to (both included, in UTC). None: all."""

    company: str | None = None
    purpose: str | None = None
    first: date | None = None
    last: date | None = None

    @property
    def some(self) -> bool:
        """Whether anything is filtered."""
        return any((self.company, self.purpose, self.first, self.last))

    @property
    def query(self) -> dict[str, str]:
        """The same as it stands in an address."""
        given = {"company": self.company, "purpose": self.purpose, "from": self.first, "to": self.last}
        return {name: str(value) for name, value in given.items() if value}


def read(given: Mapping[str, str]) -> Wanted:
    """The filter of an address. What is not known filters nothing."""
    company, purpose = given.get("company", ""), given.get("purpose", "")
    return Wanted(
        company if company in PROCESSORS else None,
        purpose if purpose in PURPOSES else None,
        _day(given.get("from", "")),
        _day(given.get("to", "")),
    )


def lines(session: Session, account_id: UUID, wanted: Wanted, after: Line | None, limit: int) -> list[Disclosure]:
    """Lines of the person's log, newest first, from the one that follows `after` on."""
    query = _filtered(select(Disclosure), account_id, wanted)
    if after is not None:
        at, id_ = after
        # Many lines may have the same time; their ids say where we are among them.
        query = query.where(or_(Disclosure.at < at, and_(Disclosure.at == at, Disclosure.id > id_)))
    return list(session.scalars(query.order_by(Disclosure.at.desc(), Disclosure.id).limit(limit)))


def count(session: Session, account_id: UUID, wanted: Wanted) -> int:
    """How many lines there are in all."""
    return session.scalar(_filtered(select(func.count()).select_from(Disclosure), account_id, wanted)) or 0


def _filtered(query: Select[Any], account_id: UUID, wanted: Wanted) -> Select[Any]:
    query = query.where(Disclosure.account_id == account_id)
    if wanted.company:
        query = query.where(Disclosure.processor == wanted.company)
    if wanted.purpose:
        query = query.where(Disclosure.purpose == wanted.purpose)
    if wanted.first:
        query = query.where(Disclosure.at >= datetime.combine(wanted.first, time(), UTC))
    if wanted.last:
        query = query.where(Disclosure.at < datetime.combine(wanted.last, time(), UTC) + timedelta(days=1))
    return query


@pages.get("/privacy/ledger")
@person_required
def ledger() -> ResponseReturnValue:
    """Every disclosure, page by page."""
    session, me, wanted = web.session(), person(), read(request.args)
    after = _place(request.args.get("at", ""), request.args.get("line", ""))
    found = lines(session, me.id, wanted, after, MANY + 1)
    return render_template(
        "portal/ledger.html",
        ledger=found[:MANY],
        more=len(found) > MANY,
        first=after is None,
        wanted=wanted,
        total=count(session, me.id, wanted),
        recipients=access.recipients(session, me.id),
    )


@pages.get("/privacy/ledger.csv")
@person_required
def ledger_csv() -> ResponseReturnValue:
    """The same lines as one file, streamed."""
    sessions, me, wanted = web.parts().sessions, person().id, read(request.args)

    def rows() -> Iterator[str]:
        # A session of its own: the request's is closed when the first line is sent.
        with sessions() as session:
            yield from lines_of(session)

    def lines_of(session: Session) -> Iterator[str]:
        yield _csv("at", "processor", "country", "purpose", "categories", "bytes", "status")
        after: Line | None = None
        while found := lines(session, me, wanted, after, 500):
            for line in found:
                to = known_as(line.processor)
                sent = " ".join(line.categories)
                yield _csv(line.at.isoformat(), to.name, to.country, line.purpose, sent, line.bytes_out, line.status)
            after = found[-1].at, found[-1].id

    answer = Response(rows(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="imgpilot-disclosures.csv"'
    return answer


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    # The last day has none after it.
    return found if date(2000, 1, 1) <= found < date(3000, 1, 1) else None


def _place(at: str, line: str) -> Line | None:
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
