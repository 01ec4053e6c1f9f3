"""The commands of compliance: staff, requests, the audit log."""

import json
import secrets
from dataclasses import asdict

import click

from compliance.agent_commands import agent
from compliance.audit.commands import add_to as add_audit
from compliance.command_parts import parts
from compliance.erasures import add_to as add_erasures
from compliance.request_commands import request


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
    group.add_command(agent)
    add_audit(group)
    add_erasures(group)
