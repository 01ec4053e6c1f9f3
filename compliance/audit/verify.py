"""Proves that the audit log is whole, or names the first entry that was changed, removed or inserted."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy.orm import Session

from compliance.audit import broken, entries, outside, segments
from compliance.audit.leaf import read_written
from compliance.audit.sealed import NO_ROOT, Seal, from_json
from compliance.errors import AuditBroken
from imgpilot.storage import Storage


@dataclass(frozen=True)
class Proof:
    """What was proved: that these entries are as they were sealed."""

    entries: int
    segments: int
    #: Entries after the newest seal: each is whole in itself, but nothing shows that none is missing.
    unsealed: int
    #: Seals that were compared with their copy outside; the newest may not have one yet.
    checked_outside: int
    #: When the newest seal was made.
    newest: datetime | None


@dataclass
class _Walk:
    """How far the proof has come: the seal before, what was counted, what is wrong with a seal."""

    number: int = 0
    last: int | None = None
    root: bytes = NO_ROOT
    at: str = ""
    entries: int = 0
    outside: int = 0
    #: Told only if no entry can be named: what happened to an entry matters more than what happened to its seal.
    complaint: AuditBroken | None = None

    def complain(self, said: AuditBroken) -> None:
        """Keep the first."""
        self.complaint = self.complaint or said


def verify(
    session: Session,
    storage: Storage,
    public_key: Ed25519PublicKey,
    seen: Callable[[int], object] = lambda more: None,
) -> Proof:
    """Read the whole log and prove it, or raise AuditBroken. `seen` is told, now and then, how many entries more.

    Give it a fresh READ COMMITTED session: entries may be appended and sealed meanwhile.
    """
    # Asked before any row is read: a copy is written after its row is committed, so each of these has its row now.
    highest = outside.newest(storage)
    walk = _Walk()
    while True:
        number = walk.number + 1
        # In this order: a later seal is committed only after this one's row and its copy were there.
        followed = number < highest or segments.any_after(session, number)
        row = segments.numbered(session, number)
        if row is None and not followed and number > highest:
            break
        before = walk.entries
        _prove_seal(session, public_key, walk, row, outside.read(storage, number), followed=followed)
        seen(walk.entries - before)
    if segments.count_to(session, walk.number) > walk.number:
        walk.complain(AuditBroken("A seal was inserted: there are more than the chain has."))
    unsealed = entries.count_whole(session, walk.last, seen)
    if walk.complaint:
        raise walk.complaint
    return Proof(walk.entries, walk.number, unsealed, walk.outside, read_written(walk.at))


def _prove_seal(
    session: Session, key: Ed25519PublicKey, walk: _Walk, row: Seal | None, data: bytes | None, *, followed: bool
) -> None:
    """Prove the next seal and the entries under it. A copy outside that is ours counts for more."""
    number = walk.number + 1
    copy = from_json(data) if data is not None else None
    seal = next((s for s in (copy, row) if s is not None and s.holds(key, number, walk.root)), None)
    if seal is None:
        _name_what_is_left(session, walk, row or copy)
        what = "was removed" if row is None else "is not one of ours"
        raise walk.complaint or AuditBroken(f"Seal {number}{_from(walk)} {what}.")
    entries.compare(session, walk.last, seal)
    if row is None:
        walk.complain(broken.of_seal(seal, "was removed"))
    elif row != seal:
        walk.complain(broken.of_seal(seal, "was changed after it was made"))
    if data is None and followed:
        walk.complain(broken.of_seal(seal, "has lost its copy outside the database"))
    if data is not None and copy != seal:
        walk.complain(broken.of_seal(seal, "is whole, but its copy outside the database was changed"))
    walk.number, walk.last, walk.root, walk.at = number, seal.last, seal.root, seal.at
    walk.entries += seal.count
    walk.outside += data is not None


def _name_what_is_left(session: Session, walk: _Walk, forged: Seal | None) -> None:
    """No seal can be trusted from here, but an entry that does not even fit the forged one can be named."""
    if forged is not None and forged.is_well_formed():
        entries.compare(session, walk.last, forged)
    entries.count_whole(session, walk.last, lambda more: None)


def _from(walk: _Walk) -> str:
    return "" if walk.last is None else f" over the entries after {walk.last}"
