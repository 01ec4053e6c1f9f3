"""Changes of a law's numbers: one officer proposes them with a reason, somebody else agrees, and then they count.

Until then whoever proposed them can withdraw them, and somebody else decline them.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.audit.actions import Action
from compliance.audit.append import record
from compliance.errors import AlreadyDecided, MoveRefused
from compliance.managed import RegimeChange
from compliance.requests.regimes import REGIMES, Regime, with_changes
from imgpilot.language import marked as _

#: The numbers that can be changed.
NUMBERS = ("answer", "extension", "acknowledge", "appeal")


def counts_of(law: Regime) -> dict[str, int]:
    """The numbers that this law has, in its own units."""
    found = {
        "answer": law.answer,
        "extension": law.extension.period if law.extension else None,
        "acknowledge": law.acknowledge,
        "appeal": law.appeal.period if law.appeal else None,
    }
    return {name: period.count for name, period in found.items() if period is not None}


def history(session: Session, key: str) -> list[RegimeChange]:
    """Every change of this law, proposed or agreed to, the newest first."""
    found = select(RegimeChange).where(RegimeChange.regime == key)
    return list(session.scalars(found.order_by(RegimeChange.at.desc(), RegimeChange.id)))


def turned_down(change: RegimeChange) -> bool:
    """Whether this row is no proposal, but says that the one before it was withdrawn or declined."""
    # Nobody agrees to what they proposed themselves.
    return change.approved_by is not None and change.approved_by == change.by


def told(found: Sequence[RegimeChange]) -> list[tuple[RegimeChange, str]]:
    """The history of one law with what each row is: waits, agreed, replaced, answered, withdrawn or declined.

    A proposal is "answered" if the row after it withdraws or declines it.
    """
    return [(one, _became(found, at)) for at, one in enumerate(found)]


def _became(found: Sequence[RegimeChange], at: int) -> str:
    one = found[at]
    if turned_down(one):
        return "withdrawn" if found[at + 1].by == one.by else "declined"
    if one.approved_at is not None:
        return "agreed"
    if at == 0:
        return "waits"
    return "answered" if turned_down(found[at - 1]) else "replaced"


def waiting(session: Session) -> dict[str, RegimeChange]:
    """The proposals that nobody agreed to yet, by law: the newest of each, if nothing came after it."""
    newest: dict[str, RegimeChange] = {}
    for one in session.scalars(select(RegimeChange).order_by(RegimeChange.at.desc(), RegimeChange.id)):
        newest.setdefault(one.regime, one)
    return {key: one for key, one in newest.items() if one.approved_at is None}


def propose(
    session: Session, key: str, numbers: Mapping[str, int], reason: str, staff: int, now: datetime
) -> RegimeChange:
    """Propose numbers for a law; those that are not named become what we ship. The caller commits.

    Nothing counts before somebody else agrees; a newer proposal replaces one that waits. Raises MoveRefused for a
    number that cannot be, without a reason, and if nothing would change.
    """
    if key not in REGIMES:
        raise MoveRefused(_("There is no such law."))
    if len(reason.strip()) < 20:
        raise MoveRefused(_("Say why, in a sentence: whoever agrees reads it, and so does an auditor."))
    ours, before = counts_of(REGIMES[key]), _newest(session, key)
    changed = {name: count for name, count in numbers.items() if ours.get(name) != count}
    with_changes(REGIMES[key], changed)
    if changed == _counting(session, key):
        raise MoveRefused(_("These are the numbers that count already."))
    made = RegimeChange(
        regime=key,
        changes=changed,
        reason=reason.strip()[:2000],
        # Two in one instant would have no order.
        at=max(now, before.at + timedelta(microseconds=1)) if before else now,
        by=staff,
    )
    session.add(made)
    session.flush()
    _log(session, made, Action.REGIME_CHANGE_PROPOSED, staff, now)
    return made


def approve(session: Session, change_id: UUID, staff: int, now: datetime) -> RegimeChange:
    """Agree to a proposal: from now on its numbers count for new requests. The caller commits.

    Raises MoveRefused if it is one's own, if a newer one replaced it, or if somebody else was first.
    """
    change = _waits(session, change_id)
    if change.by == staff:
        raise MoveRefused(_("You proposed this yourself. Somebody else has to agree."))
    with_changes(REGIMES[change.regime], change.changes)  # what we ship may have changed since
    change.approved_at, change.approved_by = _after_the_last(session, change.regime, now), staff
    _log(session, change, Action.REGIME_CHANGED, staff, now)
    return change


def withdraw(session: Session, change_id: UUID, staff: int, now: datetime) -> RegimeChange:
    """Take one's own proposal back; the row that says so. The caller commits.

    Raises MoveRefused if it is somebody else's, if a newer one replaced it, or if somebody was first.
    """
    change = _waits(session, change_id)
    if change.by != staff:
        raise MoveRefused(_("Somebody else proposed this. You can agree to it or decline it."))
    return _turn_down(session, change, "", Action.REGIME_CHANGE_WITHDRAWN, staff, now)


def decline(session: Session, change_id: UUID, reason: str, staff: int, now: datetime) -> RegimeChange:
    """Do not agree to what somebody else proposed, with a reason; the row that says so. The caller commits.

    Raises MoveRefused without a reason, if it is one's own, if a newer one replaced it, or if somebody was first.
    """
    change = _waits(session, change_id)
    if change.by == staff:
        raise MoveRefused(_("You proposed this yourself. You can withdraw it."))
    if len(reason.strip()) < 20:
        raise MoveRefused(_("Say why, in a sentence: whoever proposed it reads it, and so does an auditor."))
    return _turn_down(session, change, reason.strip()[:2000], Action.REGIME_CHANGE_DECLINED, staff, now)


def _newest(session: Session, key: str) -> RegimeChange | None:
    """The newest row of this law, after whoever answers it just now is done."""
    for one in history(session, key)[:1]:
        session.refresh(one, with_for_update=True)
    return next(iter(history(session, key)), None)


def _waits(session: Session, change_id: UUID) -> RegimeChange:
    """The proposal, locked. Raises MoveRefused if it does not wait any more."""
    change = session.get(RegimeChange, change_id, with_for_update=True, populate_existing=True)
    if change is None:
        raise MoveRefused(_("There is no such proposal."))
    newest = history(session, change.regime)[0]
    if change.approved_at is not None or turned_down(newest):
        raise AlreadyDecided(_("Somebody else was just before you. Load the page to see what they did."))
    if newest.id != change.id:
        raise MoveRefused(_("A newer proposal replaced this one. Load the page again."))
    return change


def _turn_down(
    session: Session, change: RegimeChange, reason: str, action: Action, staff: int, now: datetime
) -> RegimeChange:
    at = max(_after_the_last(session, change.regime, now), change.at + timedelta(microseconds=1))
    made = RegimeChange(
        regime=change.regime,
        changes=_counting(session, change.regime),
        reason=reason,
        at=at,
        by=staff,
        approved_at=at,
        approved_by=staff,
    )
    session.add(made)
    session.flush()
    facts = {"regime": change.regime, "change": str(change.id)}
    record(session, at=now, actor=f"staff:{staff}", action=action, facts=facts)
    return made


def _after_the_last(session: Session, key: str, now: datetime) -> datetime:
    """The moment for an approval: later than the last one of this law, as the newest counts."""
    last = session.scalar(
        select(RegimeChange.approved_at)
        .where(RegimeChange.regime == key, RegimeChange.approved_at.is_not(None))
        .order_by(RegimeChange.approved_at.desc())
        .limit(1)
    )
    return max(now, last + timedelta(microseconds=1)) if last else now


def _counting(session: Session, key: str) -> dict[str, int]:
    newest = session.scalar(
        select(RegimeChange.changes)
        .where(RegimeChange.regime == key, RegimeChange.approved_at.is_not(None))
        .order_by(RegimeChange.approved_at.desc(), RegimeChange.id)
        .limit(1)
    )
    return dict(newest or {})


def _log(session: Session, change: RegimeChange, action: Action, staff: int, now: datetime) -> None:
    facts = {"regime": change.regime, "change": str(change.id), **change.changes}
    record(session, at=now, actor=f"staff:{staff}", action=action, facts=facts)
