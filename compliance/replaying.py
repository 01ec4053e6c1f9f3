"""Erases again whom a restored backup brought back: rows by the engine of requests, objects with and without rows.

Nobody is written to: they had their letters, and the companies their notices, when they were erased the first time.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance import holds, plans, tombstones
from compliance.audit import outside, segments
from compliance.audit.append import record
from compliance.reach import Person
from compliance.requests import decisions, handling, moves, queueing, steps
from compliance.requests.casework import Attachment
from compliance.requests.deleting import kept_objects
from compliance.requests.kinds import Channel, Kind, Outcome, Proof, State
from compliance.requests.models import PrivacyRequest, Step
from compliance.requests.procedures import Work
from compliance.tombstones import Mark, Marks
from imgpilot import db, digests
from imgpilot.accounts.models import Account
from imgpilot.parts import Parts
from imgpilot.storage import PARTLY

#: Accounts read in one statement, objects removed in one call.
AT_ONCE = 1000
#: A deletion without what was done the first time: no letters, no notices, no certificate.
PROCEDURE = (
    Work("erase rows"),
    Work("remove objects", ("erase rows",)),
    Work("purge copies", ("remove objects",)),
    Work("look again", ("remove objects", "purge copies")),
    Work("close", ("look again",)),
)


@dataclass(frozen=True)
class Returned:
    """An erased person of whom something is there again: rows, objects without rows, or a replay that broke off."""

    mark: Mark
    account_id: UUID
    rows: int = 0
    objects: int = 0
    request_id: UUID | None = None


@dataclass
class Outcomes:
    """What a replay did. `failed` says of each case what is still to do."""

    erased: list[str] = field(default_factory=list)
    rows: int = 0
    objects: int = 0
    failed: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Lost:
    """How far the audit log in the database is behind the copies of its seals outside."""

    database: int
    outside: int

    @property
    def seals(self) -> int:
        """Seals that the restored database does not have."""
        return max(self.outside - self.database, 0)


def lost(session: Session, parts: Parts) -> Lost:
    """Compare the newest seal of the database with the newest copy outside."""
    newest = segments.newest(session)
    return Lost(newest.number if newest else 0, outside.newest(parts.storage))


def find(
    session: Session, parts: Parts, marks: Marks, seen: Callable[[int], object] = lambda more: None
) -> list[Returned]:
    """Whom of the erased something is held of, in the order of their cases. `seen` is told of accounts looked at."""
    if not marks.by_subject:
        return []
    back: dict[UUID, Mark] = {}
    for ids in _accounts(session):
        back |= _match(parts, marks, ids)
        seen(len(ids))
    folders = _match(parts, marks, _folders(parts))
    unfinished = _unfinished(session, marks)
    found = []
    for account_id, mark in (folders | back).items():
        rows = _rows(session, account_id, mark, parts.clock().date()) if account_id in back else 0
        objects = len(_strays(session, parts, account_id, mark))
        request_id = unfinished.pop(mark.subject, None)
        if rows or objects or request_id:
            found.append(Returned(mark, account_id, rows, objects, request_id))
    found += [Returned(marks.by_subject[s], UUID(int=0), request_id=id_) for s, id_ in unfinished.items()]
    return sorted(found, key=lambda each: (each.mark.case, each.mark.subject))


def replay(parts: Parts, found: Returned, done: Outcomes) -> None:
    """Erase this person again, now; what could not be done is written down in `done`. Repeating it goes on."""
    request_id = found.request_id
    if found.rows and request_id is None:
        with parts.sessions.begin() as session:
            request_id = _begin(session, parts, found)
    if request_id is not None:
        wrong = _carry_out(parts, request_id)
        if wrong:
            done.failed[found.mark.case] = wrong
            return
    elif found.objects:
        _remove_strays(parts, found)
    done.erased.append(found.mark.case)
    done.rows += found.rows
    done.objects += found.objects


def restore_marks(parts: Parts, marks: Marks) -> None:
    """Both copies of every mark are there again, whichever of the two was restored."""
    for mark in tombstones.lack_objects(parts, marks):
        tombstones.write(parts, mark)
    with parts.sessions.begin() as session:
        for mark in marks.by_subject.values():
            tombstones.remember(session, mark)


def _accounts(session: Session) -> Iterator[list[UUID]]:
    after: UUID | None = None
    while True:
        wanted = select(Account.id).order_by(Account.id).limit(AT_ONCE)
        ids = list(session.scalars(wanted.where(Account.id > after) if after else wanted))
        if not ids:
            return
        yield ids
        after = ids[-1]


def _folders(parts: Parts) -> list[UUID]:
    """The accounts whose folders the object store has: a person's objects all lie under the account's id."""
    found = {db.same_id(key.partition("/")[0]) for key in parts.storage.keys("") if "/" in key}
    return [id_ for id_ in found if id_ is not None]


def _match(parts: Parts, marks: Marks, ids: list[UUID]) -> dict[UUID, Mark]:
    found = ((id_, marks.by_subject.get(digests.of_subject(parts.settings, id_))) for id_ in ids)
    return {id_: mark for id_, mark in found if mark is not None}


def _unfinished(session: Session, marks: Marks) -> dict[str, UUID]:
    """Replays that a crash or a failure broke off, by subject."""
    found = session.execute(
        select(PrivacyRequest.subject, PrivacyRequest.id).where(
            PrivacyRequest.kind == Kind.DELETION,
            PrivacyRequest.state == State.RUNNING,
            PrivacyRequest.channel == Channel.FOLLOW_UP,
            PrivacyRequest.proof == Proof.STAFF,
        )
    )
    return {subject: id_ for subject, id_ in found if subject in marks.by_subject}


def _aside(mark: Mark, today: date) -> tombstones.Kept:
    """What was kept then and still is to be: what stood above it follows by itself, and days can be over."""
    return {
        table: why
        for table, why in mark.kept.items()
        if why["ground"] != holds.ABOVE and (not why["until"] or date.fromisoformat(why["until"]) >= today)
    }


def _rows(session: Session, account_id: UUID, mark: Mark, today: date) -> int:
    """Rows that the erasure would touch; none, where only what was kept is there."""
    body = plans.draw(session, Kind.DELETION, Person(account_id, mark.request_id), _aside(mark, today))
    return int(body["goes"]) + int(body["stays"]) + sum(plans.strips(line) for line in body["tables"])


def _strays(session: Session, parts: Parts, account_id: UUID, mark: Mark) -> list[str]:
    """Her objects but for those that kept rows name; and the files of her requests that no row names any more."""
    kept = kept_objects(session, account_id, dict.fromkeys(mark.kept, 1))
    found = [key for key in parts.storage.keys(f"{account_id}/") if key not in kept or key.endswith(PARTLY)]
    for request_id in session.scalars(select(PrivacyRequest.id).where(PrivacyRequest.subject == mark.subject)):
        named = set(session.scalars(select(Attachment.object_key).where(Attachment.request_id == request_id)))
        found += [key for key in parts.storage.keys(f"requests/{request_id}/files/") if key not in named]
    return found


def _begin(session: Session, parts: Parts, found: Returned) -> UUID:
    """Write down the erasure that is done again, with its plan, its steps, the mark and the audit entry."""
    mark, now = found.mark, parts.clock()
    account = session.scalars(select(Account).where(Account.id == found.account_id).with_for_update()).one()
    first = session.get(PrivacyRequest, mark.request_id)
    before = _end_open(session, account, now)
    request = PrivacyRequest(
        id=uuid4(),
        account_id=account.id,
        contact=account.email,  # searched for afterwards, then cleared; nothing is sent there
        subject=mark.subject,
        language=account.language,
        kind=Kind.DELETION,
        regime=first.regime if first else "gdpr",
        channel=Channel.FOLLOW_UP,
        proof=Proof.STAFF,
        state=State.RUNNING,
        received_at=now,
        due_on=now.date(),
        set_aside=_aside(mark, now.date()),
    )
    session.add(request)
    session.flush()  # the database gives the number that the timeline quotes
    moves.note(session, request, moves.SYSTEM, "opened", now, {"replay": mark.case})
    for other in before:
        other.merged_into = request.id
        moves.note(session, other, moves.SYSTEM, "merged", now, {"into": request.case})
    decisions.freeze(session, account, now)
    plan = decisions.count(session, request, now)
    plan.approved_at = now  # approved when it was erased the first time; only what was set aside then is kept
    request.outcome = Outcome.PARTIAL if plans.is_partial(plan.body) else Outcome.GRANTED
    moves.note(session, request, moves.SYSTEM, "begun", now, {"plan": plan.digest})
    for work in PROCEDURE:
        queueing.add(session, request, queueing.CARRY_OUT, work.name, work.after)
    # The row names this request from now on, so that its record is not taken for something of hers that came back.
    tombstones.remember(session, Mark(mark.subject, request.id, mark.case, mark.at, mark.kept), replayed_at=now)
    record(
        session,
        at=now,
        actor="system",
        action="erasure replayed",
        subject=mark.subject,
        facts={"case": request.case, "first": mark.case, "rows": found.rows},
    )
    return request.id


def _end_open(session: Session, account: Account, now: datetime) -> list[PrivacyRequest]:
    """Deletions that were open at the time of the backup are done by this one."""
    found = list(
        session.scalars(
            select(PrivacyRequest)
            .where(
                PrivacyRequest.account_id == account.id,
                PrivacyRequest.kind == Kind.DELETION,
                PrivacyRequest.closed_at.is_(None),
            )
            .with_for_update()
        )
    )
    for other in found:
        other.state, other.outcome, other.closed_at = State.MERGED, Outcome.MERGED, now
        decisions.stop(session, other)
    session.flush()
    return found


def _carry_out(parts: Parts, request_id: UUID) -> str:
    """Run the steps here and now; what is wrong comes back, "" if all is done."""
    _try_again(parts, request_id)
    while True:
        with parts.sessions() as session:
            ready = session.scalars(
                select(Step).where(Step.request_id == request_id, Step.state == "ready", Step.lease.is_(None))
            ).all()
        due = [step.id for step in ready if step.not_before is None or step.not_before <= parts.clock()]
        if not due:
            break
        for id_ in due:
            steps.run(parts, id_)
    with parts.sessions() as session:
        request = session.get_one(PrivacyRequest, request_id)
        if request.state == State.ANSWERED:
            return ""
        left = session.scalars(
            select(Step)
            .where(Step.request_id == request_id, Step.state.in_(("ready", "failed")))
            .order_by(Step.position)
        ).first()
        if left is None:
            return f"{request.case} needs an officer: what is held changed meanwhile."
        return f"{request.case}, {left.name}: {left.failure or 'another worker is at it'}"


def _try_again(parts: Parts, request_id: UUID) -> None:
    with parts.sessions.begin() as session:
        now = parts.clock()
        failed = session.scalars(select(Step.id).where(Step.request_id == request_id, Step.state == "failed")).all()
        for step_id in failed:
            handling.retry(session, request_id, step_id, moves.SYSTEM, now)


def _remove_strays(parts: Parts, found: Returned) -> None:
    """Objects without rows: the object store was restored, the database was not."""
    with parts.sessions() as session:
        keys = _strays(session, parts, found.account_id, found.mark)
    for start in range(0, len(keys), AT_ONCE):
        parts.storage.remove(keys[start : start + AT_ONCE])
    with parts.sessions.begin() as session:
        now = parts.clock()
        tombstones.remember(session, found.mark, replayed_at=now)
        record(
            session,
            at=now,
            actor="system",
            action="erasure replayed",
            subject=found.mark.subject,
            facts={"first": found.mark.case, "objects": len(keys)},
        )
