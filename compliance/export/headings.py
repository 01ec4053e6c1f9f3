"""What each column is called to the person whose data it holds, and which of them tell the most."""

from collections.abc import Iterable

from sqlalchemy import Column, Table

from compliance import inventory
from compliance.export.snapshot import Row, time_column
from imgpilot.language import marked as _

HEADINGS = {
    "account_id": _("Account"),
    "acknowledge_by": _("Acknowledge by"),
    "actor": _("By whom"),
    "amount": _("Credits"),
    "approved_at": _("Approved"),
    "approved_by": _("Approved by"),
    "at": _("When"),
    "attempts": _("Attempts"),
    "body": _("Contents"),
    "browser": _("Browser"),
    "bytes": _("Bytes"),
    "bytes_in": _("Bytes received"),
    "bytes_out": _("Bytes sent"),
    "categories": _("Kinds of data"),
    "closed_at": _("Closed"),
    "contact": _("Sent to"),
    "created_at": _("Made"),
    "credits_each": _("Credits each"),
    "decided_by": _("Decided by"),
    "digest": _("Digest"),
    "disclosure_id": _("Line of the disclosure log"),
    "done_at": _("Done"),
    "due_on": _("Due"),
    "email": _("E-mail address"),
    "ended_at": _("Ended"),
    "evidence": _("Evidence"),
    "expires_at": _("Expires"),
    "facts": _("Facts"),
    "failure": _("What went wrong"),
    "finished_at": _("Finished"),
    "frozen_at": _("Frozen"),
    "generation_id": _("Prompt"),
    "height": _("Height"),
    "id": _("Key"),
    "image_id": _("Picture"),
    "kind": _("Kind"),
    "language": _("Language"),
    "latency_ms": _("Milliseconds"),
    "lease": _("Worker"),
    "lease_until": _("Worker until"),
    "made_at": _("Made"),
    "media_type": _("Format"),
    "model": _("Model"),
    "name": _("Name"),
    "not_before": _("Not before"),
    "number": _("Number"),
    "object_key": _("File in the store"),
    "package_id": _("Package"),
    "policy_version": _("Policy version"),
    "position": _("Position"),
    "processor": _("Company"),
    "prompt": _("Prompt"),
    "proof": _("Proof"),
    "purpose": _("Purpose"),
    "ratio": _("Aspect ratio"),
    "received_at": _("Received"),
    "reference_id": _("Reference picture"),
    "refusal": _("Reason for refusing"),
    "regime": _("Law"),
    "request_id": _("Request"),
    "seen_at": _("Last seen"),
    "sha256": _("SHA-256"),
    "started_at": _("Begun"),
    "state": _("State"),
    "status": _("Status"),
    "subject": _("Pseudonym"),
    "theme": _("Theme"),
    "thumbnail_key": _("Thumbnail in the store"),
    "used_at": _("Last used"),
    "what": _("What"),
    "why": _("Why"),
    "width": _("Width"),
}

#: How a row was worked on; true, but nothing anybody wants to read first.
_WORKINGS = {"lease", "lease_until", "attempts", "not_before", "digest", "sha256", "position", "latency_ms"}


def telling(table: Table, rows: Iterable[Row], most: int | None = None) -> list[str]:
    """Columns by what they tell: when, what is personal, the rest, keys. No empty ones; with `most` no keys."""
    filled = {name for row in rows for name, value in row.items() if value not in (None, "", {}, [])}
    ranked = sorted(
        (column for column in inventory.shown(table) if column.name in filled),
        key=lambda column: _rank(table, column),
    )
    wanted = [column for column in ranked if most is None or _rank(table, column) < 3]
    return [column.name for column in wanted[:most]]


def keys(table: Table, names: Iterable[str]) -> list[bool]:
    """Which of these columns hold keys and digests: they are never read, only compared."""
    return [_rank(table, table.c[name]) == 3 for name in names]


def _rank(table: Table, column: Column[object]) -> int:
    datum = inventory.what(column)
    if column.name == time_column(table):
        return 0
    if column.primary_key or column.foreign_keys or datum.names_object or column.name in _WORKINGS:
        return 3
    return 1 if datum.personal else 2
