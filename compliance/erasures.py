"""`imgpilot erasures …`: erases again whom a restored backup brought back."""

import sys
from dataclasses import asdict
from typing import Any

import click
from sqlalchemy import func, select
from tqdm import tqdm

from compliance import replaying, tombstones
from imgpilot.accounts.models import Account
from imgpilot.cli import as_json as json_option
from imgpilot.cli import show
from imgpilot.errors import ImgPilotError
from imgpilot.parts import Parts


def add_to(group: click.Group) -> None:
    """Add `erasures` to the commands."""
    group.add_command(erasures)


@click.group()
def erasures() -> None:
    """Erasures that have to outlive a backup.

    Example:  imgpilot erasures replay
    """


@erasures.command("replay")
@click.option("--dry-run", is_flag=True, help="Say who came back; change nothing.")
@json_option
def replay_command(dry_run: bool, as_json: bool) -> None:
    """Erase everybody again whom a restored backup brought back. Run it after each restore, before the site is open.

    Exit status 1 if somebody could not be erased, or a mark is not one of ours.

    Example:  imgpilot erasures replay --dry-run
    """
    from compliance.command_parts import parts

    with parts() as made:
        said = _replayed(made, dry_run)
    show(said, as_json, _in_words(said))
    if said["failed"] or said["refused"]:
        sys.exit(1)


def _replayed(parts: Parts, dry_run: bool) -> dict[str, Any]:
    with parts.sessions() as session:
        marks = tombstones.every(session, parts)
        behind = replaying.lost(session, parts)
        total = session.scalar(select(func.count()).select_from(Account))
        with tqdm(total=total, unit=" accounts", delay=1, disable=None, leave=False) as bar:
            found = replaying.find(session, parts, marks, bar.update)
    done = replaying.Outcomes()
    if not dry_run:
        replaying.restore_marks(parts, marks)
        for each in tqdm(found, unit=" erasures", delay=1, disable=None, leave=False):
            try:
                replaying.replay(parts, each, done)
            except (ImgPilotError, OSError) as error:
                done.failed[each.mark.case] = str(error) if isinstance(error, ImgPilotError) else type(error).__name__
    return {
        "dry_run": dry_run,
        "marks": len(marks.by_subject),
        "returned": [
            {"case": each.mark.case, "subject": each.mark.subject, "rows": each.rows, "objects": each.objects}
            for each in found
        ],
        **asdict(done),
        "refused": marks.refused,
        "audit": {"seals": behind.database, "seals_outside": behind.outside, "lost": behind.seals},
    }


def _in_words(said: dict[str, Any]) -> list[str]:
    returned, erased = len(said["returned"]), len(said["erased"])
    lines = [f"{said['marks']:,} erased people are marked; {returned:,} of them came back."]
    if said["dry_run"]:
        lines += [f"  {e['case']}: {e['rows']:,} rows, {e['objects']:,} objects" for e in said["returned"]]
        lines += ["Nothing was changed."]
    elif returned:
        lines += [f"{erased:,} erased again: {said['rows']:,} rows, {said['objects']:,} objects."]
    lines += [f"  Not erased: {case}: {why}" for case, why in said["failed"].items()]
    lines += [f"  Not obeyed: {key}: {why}." for key, why in said["refused"].items()]
    if said["audit"]["lost"]:
        lines.append(
            f"The audit log lost entries with the restore: it ends at seal {said['audit']['seals']}, and copies of "
            f"seals outside go on to {said['audit']['seals_outside']}. Nothing is sealed until somebody decides; see "
            "docs/operations.md."
        )
    return lines
