"""What each column is called to the person whose data it holds, and which of them tell the most."""

from collections.abc import Iterable

from sqlalchemy import Column, Table

from compliance import inventory
from compliance.export.snapshot import Row, time_column
from imgpilot.language import marked as _

HEADINGS = {
    "about": _("About"),
    "account_id": _("Account"),
    "acknowledge_by": _("Acknowledge by"),
    "acknowledged_at": _("Receipt confirmed"),
    "actor": _("By whom"),
    "after": _("Waits for"),
    "agent_id": _("Agent"),
    "agent_reference": _("The agent's number"),
    "allowed": _("Allowed"),
    "amount": _("Credits"),
    "announced_at": _("Announced"),
    "answered_at": _("Answered"),
    "appeal": _("Your appeal"),
    "appealed_at": _("Appealed"),
    "approved_at": _("Approved"),
    "approved_by": _("Approved by"),
    "asked_at": _("Asked"),
    "assigned_to": _("Assigned to"),
    "at": _("When"),
    "attempts": _("Attempts"),
    "body": _("Contents"),
    "browser": _("Browser"),
    "by": _("By whom"),
    "bytes": _("Bytes"),
    "bytes_in": _("Bytes received"),
    "bytes_out": _("Bytes sent"),
    "callback": _("The agent's address for news"),
    "categories": _("Kinds of data"),
    "channel": _("How it came"),
    "checked": _("What was compared"),
    "claimed_id": _("Account it was said to be"),
    "closed_at": _("Closed"),
    "closing_at": _("Closing since"),
    "comment_id": _("Note"),
    "contact": _("Sent to"),
    "cool_until": _("Can be taken back until"),
    "cooling": _("Time to take it back"),
    "country": _("Country"),
    "created_at": _("Made"),
    "credits_each": _("Credits each"),
    "decided_by": _("Decided by"),
    "delivered": _("Delivered"),
    "details": _("What you wrote"),
    "digest": _("Digest"),
    "disclosure_id": _("Line of the disclosure log"),
    "done_at": _("Done"),
    "due": _("Deadline"),
    "due_on": _("Due"),
    "email": _("E-mail address"),
    "ended_at": _("Ended"),
    "evidence": _("Evidence"),
    "expires_at": _("Expires"),
    "extended_at": _("Extended"),
    "facts": _("Facts"),
    "failed_at": _("Failed"),
    "failure": _("What went wrong"),
    "finished_at": _("Finished"),
    "frozen_at": _("Frozen"),
    "generation_id": _("Prompt"),
    "ground": _("Ground"),
    "height": _("Height"),
    "held_at": _("On legal hold since"),
    "id": _("Key"),
    "image_id": _("Picture"),
    "kind": _("Kind"),
    "language": _("Language"),
    "latency_ms": _("Milliseconds"),
    "lease": _("Worker"),
    "lease_until": _("Worker until"),
    "level": _("Warning"),
    "lifted_at": _("Lifted"),
    "lifted_by": _("Lifted by"),
    "made_at": _("Made"),
    "media_type": _("Format"),
    "merged_into": _("Joined with"),
    "method": _("How"),
    "model": _("Model"),
    "name": _("Name"),
    "not_before": _("Not before"),
    "number": _("Number"),
    "object_key": _("File in the store"),
    "outcome": _("Outcome"),
    "package_id": _("Package"),
    "passed_at": _("Passed"),
    "paused_for": _("Why the clock stands still"),
    "paused_on": _("Clock stands still since"),
    "phase": _("Part of the work"),
    "placed_at": _("Placed"),
    "placed_by": _("Placed by"),
    "policy_version": _("Policy version"),
    "position": _("Position"),
    "processor": _("Company"),
    "prompt": _("Prompt"),
    "proof": _("Proof"),
    "proposed": _("As you say it should be"),
    "proposed_by": _("Proposed by"),
    "proved_at": _("Last proved to be you"),
    "purpose": _("Purpose"),
    "ratio": _("Aspect ratio"),
    "reason": _("Reason"),
    "received_at": _("Received"),
    "records": _("What it covers"),
    "reference": _("Reference"),
    "reference_id": _("Reference picture"),
    "refusal": _("Reason for refusing"),
    "refused_for": _("Ground of the refusal"),
    "regime": _("Law"),
    "request_id": _("Request"),
    "restricted_at": _("Restricted since"),
    "role": _("What it is"),
    "seen_at": _("Last seen"),
    "sent_at": _("Sent"),
    "set_aside": _("Left out"),
    "sha256": _("SHA-256"),
    "since": _("Since"),
    "staff": _("Member of staff"),
    "started_at": _("Begun"),
    "state": _("State"),
    "status": _("Status"),
    "step": _("Step"),
    "subdivision": _("State"),
    "subject": _("Pseudonym"),
    "text": _("Text"),
    "theme": _("Theme"),
    "thumbnail_key": _("Thumbnail in the store"),
    "used_at": _("Last used"),
    "via": _("Where you said it"),
    "what": _("What"),
    "why": _("Why"),
    "width": _("Width"),
    "written_at": _("Written"),
    "written_by": _("Written by"),
    "zone": _("Time zone"),
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
