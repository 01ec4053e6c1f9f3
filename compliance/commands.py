"""The commands of compliance: staff, requests, the audit log."""

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

import click
from sqlalchemy import select

import config
from compliance.audit.commands import add_to as add_audit
from compliance.requests import decisions, moves, steps
from compliance.requests.kinds import Kind
from compliance.requests.models import PrivacyRequest, Step
from compliance.requests.opening import open_request
from compliance.requests.regimes import REGIMES
from imgpilot import db, postgres
from imgpilot.accounts.models import Account
from imgpilot.cli import as_json, show
from imgpilot.errors import ImgPilotError
from imgpilot.parts import Parts


@contextmanager
def parts() -> Iterator[Parts]:
    """The parts of this process, with the database kept up for the block."""
    from imgpilot.worker import configure

    settings = config.settings()
    configure(settings)
    with postgres.ensure(settings) as url:
        db.upgrade(url)
        made = Parts(settings, db.connect(url))
        try:
            yield made
        finally:
            made.close()


@click.group()
def staff() -> None:
    """The people who work in the console."""


@staff.command("add")
@click.argument("email")
@click.option("--role", required=True, help="Admin, Privacy Officer, Privacy Agent, Approver or Auditor.")
@click.option("--name", default="", help="First and last name.")
def staff_add(email: str, role: str, name: str) -> None:
    """Add a member of staff and print a password once.

    Example:  imgpilot staff add mei@example.com --role "Privacy Officer" --name "Mei Tan"
    """
    from compliance.console.roles import add_staff

    password = secrets.token_urlsafe(12)
    with parts() as made:
        add_staff(made, email, role, name, password)
    click.echo(f"{email} signs in at {made.settings.console_url}/login/ with the password {password}")


@click.group()
def request() -> None:
    """Privacy requests."""


def _row(found: PrivacyRequest) -> dict[str, object]:
    return {
        "id": str(found.id),
        "case": found.case,
        "kind": found.kind,
        "regime": found.regime,
        "state": found.state,
        "received": found.received_at.isoformat(),
        "due": found.due_on.isoformat(),
    }


def _line(row: dict[str, object]) -> str:
    return f"{row['case']}  {row['kind']:<9}  {row['state']:<9}  due {row['due']}  {row['id']}"


@request.command("open")
@click.option("--email", required=True, help="The account's address.")
@click.option("--kind", required=True, type=click.Choice([str(k) for k in Kind]))
@click.option("--regime", default="gdpr", show_default=True, type=click.Choice(list(REGIMES)))
@as_json
def request_open(email: str, kind: str, regime: str, as_json: bool) -> None:
    """Open a request for somebody whose identity was proved.

    Example:  imgpilot request open --email ana@example.com --kind access
    """
    with parts() as made, made.sessions.begin() as session:
        account = session.scalar(select(Account).where(Account.email == email.strip().lower()))
        if account is None:
            raise ImgPilotError("There is no account with this address.")
        opened = open_request(session, made.settings, account, Kind(kind), regime, made.clock(), moves.SYSTEM, "staff")
        row = _row(opened)
    show(row, as_json, [_line(row)])


@request.command("list")
@as_json
def request_list(as_json: bool) -> None:
    """The requests that are open, soonest deadline first. Example:  imgpilot request list --json"""
    with parts() as made, made.sessions() as session:
        found = session.scalars(
            select(PrivacyRequest).where(PrivacyRequest.closed_at.is_(None)).order_by(PrivacyRequest.due_on)
        )
        listed = [_row(one) for one in found]
    show(listed, as_json, [_line(row) for row in listed] or ["No requests are waiting."])


def _found(made: Parts, key: str) -> PrivacyRequest:
    """The request with this id or case number."""
    with made.sessions() as session:
        id_ = db.same_id(key)
        if id_ is not None:
            where = PrivacyRequest.id == id_
        else:
            tail = key.rpartition("-")[2]
            where = PrivacyRequest.number == (int(tail) if tail.isdecimal() else 0)
        found = session.scalar(select(PrivacyRequest).where(where))
    if found is None or (id_ is None and found.case != key.upper()):
        raise ImgPilotError(f"There is no request {key}.")
    return found


@request.command("show")
@click.argument("key", metavar="ID")
@as_json
def request_show(key: str, as_json: bool) -> None:
    """One request with its plan and steps. ID is its id or its number.

    Example:  imgpilot request show IP-2026-0001
    """
    with parts() as made:
        found = _found(made, key)
        with made.sessions() as session:
            taken = session.scalars(select(Step).where(Step.request_id == found.id).order_by(Step.position)).all()
            plan = decisions.newest_plan(session, found.id)
    row = _row(found) | {
        "plan": plan and {"digest": plan.digest, **plan.body},
        "steps": [{"name": s.name, "state": s.state, "failure": s.failure} for s in taken],
    }
    show(row, as_json, [_line(row), *(f"  {s.state:<8} {s.name}  {s.failure or ''}" for s in taken)])


@request.command("run")
@click.argument("key", metavar="ID")
def request_run(key: str) -> None:
    """Run the steps of a request that are ready, here and now, without the worker.

    Example:  imgpilot request run IP-2026-0001
    """
    with parts() as made:
        found = _found(made, key)
        done = 0
        while True:
            with made.sessions() as session:
                ready = session.scalar(
                    select(Step).where(Step.request_id == found.id, Step.state == "ready", Step.lease.is_(None))
                )
            if ready is None or (ready.not_before and ready.not_before > made.clock()):
                break
            steps.run(made, ready.id)
            done += 1
    click.echo(f"{done} steps were run.")


@click.command("record")
@click.option("--format", "form", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True)
def record_(form: str) -> None:
    """The record of processing activities (GDPR Art. 30). Example:  imgpilot record --format csv > record.csv"""
    import pandas

    from compliance import record

    if form == "json":
        click.echo(json.dumps(record.as_json(), indent=2, ensure_ascii=False))
    elif form == "csv":
        rows = [
            {k: "; ".join(v) if isinstance(v, list | tuple) else v for k, v in asdict(a).items() if k != "columns"}
            for a in record.activities()
        ]
        click.echo(pandas.DataFrame(rows).to_csv(index=False), nl=False)
    else:
        click.echo(record.as_text(), nl=False)


def add_to(group: click.Group) -> None:
    """Add the commands of compliance."""
    group.add_command(record_)
    group.add_command(staff)
    group.add_command(request)
    add_audit(group)
