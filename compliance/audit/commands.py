"""`imgpilot audit …`: proves the audit log from a terminal."""

from dataclasses import asdict

import click
from sqlalchemy import func, select
from sqlalchemy.exc import ProgrammingError
from tqdm import tqdm

import config
from compliance.audit.broken import said
from compliance.audit.models import Entry
from compliance.audit.verify import Proof, verify
from compliance.errors import AuditBroken, ComplianceError
from imgpilot import db, postgres
from imgpilot.cli import as_json as json_option
from imgpilot.cli import show
from imgpilot.parts import Parts


def add_to(group: click.Group) -> None:
    """Add `audit` to the commands."""
    group.add_command(audit)


@click.group()
def audit() -> None:
    """The append-only, sealed log of what was done with people's data.

    Example:  imgpilot audit verify
    """


@audit.command("verify")
@json_option
def verify_command(as_json: bool) -> None:
    """Prove that no entry of the log was changed, removed or inserted, or name the first that was.

    Reads every entry, every seal and every seal's copy outside the database. Exit status 1 if the log is broken.

    Example:  imgpilot audit verify --json
    """
    settings = config.settings()
    with postgres.ensure(settings) as url:
        parts = Parts(settings, db.connect(url))
        try:
            proof = _prove(parts)
        except AuditBroken as error:
            if as_json:
                show({"whole": False, "said": str(error)}, True, [])
            raise
        except ProgrammingError:
            raise ComplianceError(
                "The tables of the audit log are not as they should be; run imgpilot db upgrade, then db check."
            ) from None
        finally:
            parts.close()
    show({"whole": True, **asdict(proof)}, as_json, [in_words(proof)])


def _prove(parts: Parts) -> Proof:
    with parts.sessions() as session:
        total = session.scalar(select(func.count()).select_from(Entry))
        with tqdm(total=total, unit=" entries", delay=1, disable=None, leave=False) as bar:
            return verify(session, parts.storage, parts.settings.signing.public_key(), bar.update)


def in_words(proof: Proof) -> str:
    """The proof in one sentence, with what it does not prove."""
    parts = [f"The log is whole: {_count(proof.entries, 'entry', 'entries')} in {_count(proof.segments, 'seal')}"]
    if proof.newest:
        parts.append(f", newest {said(proof.newest)}")
    if proof.unsealed:
        parts.append(f"; {_count(proof.unsealed, 'entry', 'entries')} not sealed yet")
    if proof.checked_outside < proof.segments:
        parts.append("; the newest seal has no copy outside the database yet")
    return "".join(parts) + "."


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"
