"""How it is said that the log was altered: which entry, what it was, what became of it."""

from dataclasses import dataclass
from datetime import datetime

from compliance.audit.actions import Action
from compliance.audit.leaf import leaf_of_row, read_written
from compliance.audit.sealed import Seal
from compliance.errors import AuditBroken


@dataclass(frozen=True)
class Found:
    """An entry as it lies in the table now: nothing in it can be trusted yet."""

    seq: int
    at: str
    actor: str
    action: str
    subject: str | None
    facts: str
    leaf: bytes

    def is_whole(self) -> bool:
        """Whether it hashes to the leaf that stands beside it."""
        leaf = leaf_of_row(
            seq=self.seq,
            at=self.at,
            actor=self.actor,
            action=self.action,
            subject=self.subject,
            facts=self.facts,
        )
        return leaf == self.leaf

    def __str__(self) -> str:
        """What it is called. Only words of ours are repeated: what stands there may be anything by now."""
        action = self.action if self.action in list(Action) else "of an unknown kind"
        at = read_written(self.at)
        return f"Entry {self.seq} ({action}, {said(at)})" if at else f"Entry {self.seq} ({action})"


def changed(entry: Found) -> AuditBroken:
    """The entry does not say what it said."""
    return AuditBroken(f"{entry} was changed after it was written.")


def inserted(entry: Found) -> AuditBroken:
    """The entry stands in a run that was sealed without it."""
    return AuditBroken(f"{entry} was inserted after the run around it was sealed.")


def removed(seq: int) -> AuditBroken:
    """A sealed entry is gone."""
    return AuditBroken(f"Entry {seq} was removed.")


def of_seal(seal: Seal, what: str) -> AuditBroken:
    """Every entry is as it was sealed, but the seal is not."""
    return AuditBroken(f"Seal {seal.number} over entries {seal.first} to {seal.last} {what}.")


def said(at: datetime) -> str:
    """A time for people: 23 Nov 2026 14:40 UTC."""
    return f"{at.day} {at:%b %Y %H:%M} UTC"
