"""Nothing is missed in silence: staff are warned before a deadline, louder the nearer it is, and each morning told all.

A warning is sent first and then written down, so that a crash warns twice rather than never. Mails to staff name cases
by number; whose they are stands in the console.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from sqlalchemy import func, or_, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from compliance import staff_members, words
from compliance.requests import laws, moves
from compliance.requests.casework import Alert, Comment, CommentMention, Digested
from compliance.requests.kinds import Kind, State
from compliance.requests.models import PrivacyRequest
from compliance.staff_members import StaffMember
from imgpilot.language import marked as _
from imgpilot.language import translate, translate_count
from imgpilot.look.letters import letter
from imgpilot.mail import MailNotSent
from imgpilot.parts import Parts
from imgpilot.purposes import RIGHTS

#: Days before the deadline from which each warning is due, the loudest first.
LEVELS = (("late", -1), ("tomorrow", 1), ("soon", 7))
#: From this many days before it receipt must be confirmed, its warning.
ACKNOWLEDGE = 3
#: Who hears of every case that ends tomorrow or is late, whoever it is given to.
ESCALATES_TO = ("Privacy Officer", "Admin")
#: UTC hour from which the morning's digest goes out.
MORNING = 6
FOLDER = Path(__file__).parent / "templates"
_LOCK = 727003  # an advisory lock: two beats at once must not warn twice


@dataclass(frozen=True)
class Warned:
    """One case to warn of."""

    request: PrivacyRequest
    level: str
    due: date


SAYS = {
    "late": _("%(case)s (%(what)s) was due on %(day)s and is not answered."),
    "tomorrow": _("%(case)s (%(what)s) is due on %(day)s: by tomorrow at the latest."),
    "soon": _("%(case)s (%(what)s) is due on %(day)s."),
    "acknowledge": _("Receipt of %(case)s (%(what)s) must be confirmed by %(day)s."),
}


def watch(parts: Parts) -> int:
    """Warn of every deadline that has come near and was not warned of before; how many warnings. Safe to repeat."""
    with _alone(parts) as alone:
        return _warn(parts, parts.clock()) if alone else 0


@contextmanager
def _alone(parts: Parts) -> Iterator[bool]:
    """Whether nobody else is at it. Not within a transaction: mail servers can think for longer than one may wait."""
    with parts.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.scalar(select(func.pg_try_advisory_lock(_LOCK))):
            yield False
            return
        try:
            yield True
        finally:
            connection.execute(select(func.pg_advisory_unlock(_LOCK)))


def _warn(parts: Parts, now: datetime) -> int:
    with parts.sessions() as session:
        found, staff = due(session, now), staff_members.active(session)
        officers = {who.email for who in staff_members.active(session, ESCALATES_TO)}
    lists: dict[str, list[Warned]] = defaultdict(list)
    for one in found:
        for address in _who_hears(one, staff, officers):
            lists[address].append(one)
    reached = {id(one) for address, list_ in lists.items() if _send(parts, address, list_) for one in list_}
    warned = [one for one in found if id(one) in reached]
    with parts.sessions.begin() as session:
        for one in warned:
            session.execute(
                insert(Alert)
                .values(id=uuid4(), request_id=one.request.id, level=one.level, due=str(one.due), at=now)
                .on_conflict_do_nothing()
            )
            facts = {"level": one.level, "due": str(one.due)}
            moves.note(session, one.request, moves.SYSTEM, "warned", now, facts)
    return len(warned)


def due(session: Session, now: datetime) -> list[Warned]:
    """What is to be warned of now: of each open case the loudest level that its clock has reached, if it is new."""
    near = now.date() + timedelta(days=LEVELS[-1][1] + 1)
    rows = session.scalars(
        select(PrivacyRequest)
        .where(
            PrivacyRequest.closed_at.is_(None),
            PrivacyRequest.paused_on.is_(None),
            or_(
                PrivacyRequest.due_on <= near,
                PrivacyRequest.acknowledged_at.is_(None) & (PrivacyRequest.acknowledge_by <= near),
            ),
        )
        .order_by(PrivacyRequest.due_on, PrivacyRequest.number)
    ).all()
    ids = [request.id for request in rows]
    before = {
        (alert.request_id, alert.level, alert.due)
        for alert in session.scalars(select(Alert).where(Alert.request_id.in_(ids)))
    }
    found = [one for request in rows for one in _levels(request, now)]
    return [one for one in found if (one.request.id, one.level, str(one.due)) not in before]


def _levels(request: PrivacyRequest, now: datetime) -> Iterable[Warned]:
    today = laws.today(request, now)
    if (
        request.acknowledge_by is not None
        and request.acknowledged_at is None
        and today >= request.acknowledge_by - timedelta(days=ACKNOWLEDGE)
    ):
        yield Warned(request, "acknowledge", request.acknowledge_by)
    left = (request.due_on - today).days
    for level, days in LEVELS:
        if left <= days:
            yield Warned(request, level, request.due_on)
            return


def _who_hears(one: Warned, staff: Iterable[StaffMember], officers: set[str]) -> set[str]:
    """The addresses of whoever the case is given to; when it is urgent or nobody's, of every officer."""
    given = {who.email for who in staff if who.number == one.request.assigned_to}
    urgent = one.level in ("late", "tomorrow")
    return given | officers if urgent or not given else given


def _send(parts: Parts, address: str, warned: list[Warned]) -> bool:
    lines = [_line(one) for one in warned]
    late = sum(one.level == "late" for one in warned)
    subject = (
        translate_count("en", "%(num)s privacy request is late", "%(num)s privacy requests are late", late)
        if late
        else translate_count("en", "%(num)s deadline is near", "%(num)s deadlines are near", len(warned))
    )
    return _mail(parts, address, subject, lines)


def _line(one: Warned) -> str:
    what = translate("en", words.ASKS_FOR[Kind(one.request.kind)])
    day = f"{one.due.day} {one.due:%B %Y}"
    return translate("en", SAYS[one.level], case=one.request.case, what=what.lower(), day=day)


def _mail(parts: Parts, address: str, subject: str, lines: list[str]) -> bool:
    queue = f"{parts.settings.console_url}/requests/?view=open"
    # Staff have no language of their own in the console's accounts; they write to each other in English.
    made = letter("staff", "en", FOLDER, subject=subject, lines=lines, address=queue)
    try:
        parts.mailer.send(address, made.subject, made.text, made.html, purpose=RIGHTS, subject=None)
    except MailNotSent:
        return False  # it is not written down, so the next look tries again
    return True


def digests(parts: Parts) -> int:
    """Tell each member of staff once a morning what waits for them; how many were told. Nothing waits: no mail."""
    now = parts.clock()
    if now.hour < MORNING:
        return 0
    sent = 0
    with parts.sessions() as session:
        staff = [(who.number, who.email) for who in staff_members.active(session)]
    for number, address in staff:
        with parts.sessions.begin() as session:
            session.execute(text("SELECT pg_advisory_xact_lock(:lock, :staff)"), {"lock": 727, "staff": number})
            told = select(Digested.id).where(Digested.staff == number, Digested.day == str(now.date()))
            if session.scalar(told) is not None:
                continue
            lines = waiting_for(session, number, now)
            if lines and not _mail(parts, address, translate("en", _("Your privacy cases this morning")), lines):
                continue
            session.add(Digested(staff=number, day=str(now.date()), at=now))
            sent += bool(lines)
    return sent


def waiting_for(session: Session, staff: int, now: datetime) -> list[str]:
    """What waits for a member of staff, as sentences; nothing if nothing does."""
    today = now.date()
    still = PrivacyRequest.closed_at.is_(None)
    mine = still & (PrivacyRequest.assigned_to == staff)
    running = PrivacyRequest.paused_on.is_(None)
    row = session.execute(
        select(
            func.count().filter(mine & running & (PrivacyRequest.due_on < today)),
            func.count().filter(mine & running & (PrivacyRequest.due_on == today)),
            func.count().filter(
                mine & running & (PrivacyRequest.due_on > today) & (PrivacyRequest.due_on <= today + timedelta(days=7))
            ),
            func.count().filter(still & PrivacyRequest.assigned_to.is_(None)),
            func.count().filter((PrivacyRequest.state == State.SECOND) & (PrivacyRequest.proposed_by != staff)),
        )
        .select_from(PrivacyRequest)
        .where(still)
    ).one()
    called = session.scalar(
        select(func.count())
        .select_from(CommentMention)
        .join(Comment, Comment.id == CommentMention.comment_id)
        .where(CommentMention.staff == staff, CommentMention.seen_at.is_(None))
    )
    said = (
        (row[0], "%(num)s of your cases is late.", "%(num)s of your cases are late."),
        (row[1], "%(num)s of your cases is due today.", "%(num)s of your cases are due today."),
        (row[2], "%(num)s of your cases is due within a week.", "%(num)s of your cases are due within a week."),
        (row[4], "%(num)s case waits for a second officer.", "%(num)s cases wait for a second officer."),
        (called or 0, "%(num)s note calls for you.", "%(num)s notes call for you."),
        (row[3], "%(num)s case is nobody's yet.", "%(num)s cases are nobody's yet."),
    )
    return [translate_count("en", one, many, count) for count, one, many in said if count]
