"""`imgpilot policy`: the versions, and the notice of a new one."""

import sys

import click

import config
from imgpilot import db, postgres
from imgpilot.cli import as_json, show
from imgpilot.parts import Parts
from imgpilot.policies import announcing, versions


@click.group()
def policy() -> None:
    """Look after the privacy policy."""


@policy.command("versions")
@as_json
def list_versions(as_json: bool) -> None:
    """List the versions, the newest first. Example:  imgpilot policy versions --json"""
    from imgpilot.parts import now

    here = versions.in_force(now())
    rows = [{"version": one.key, "in_force": one == here} for one in reversed(versions.every())]
    show(rows, as_json, [f"{row['version']}{'  in force' if row['in_force'] else ''}" for row in rows])


@policy.command()
@click.argument("version")
@click.option("--dry-run", is_flag=True, help="Say how many would be told, and mail nobody.")
def announce(version: str, dry_run: bool) -> None:
    """Mail everybody who knows an older version that there is a new one. Safe to repeat: one mail for each account.

    Example:  imgpilot policy announce 2026-11-23 --dry-run
    """
    from tqdm import tqdm

    known = {one.key: one for one in versions.every()}
    if version not in known:
        raise click.BadParameter(f"there is no version {version}; there are {', '.join(known)}")
    if known[version] != versions.newest():
        raise click.BadParameter(f"{version} is not the newest version; that is {versions.newest().key}")
    settings = config.settings()
    with postgres.ensure(settings) as url:
        parts = Parts(settings, db.connect(url))
        try:
            count = announcing.waiting(parts, known[version])
            if dry_run:
                click.echo(f"{count} would be told about version {version}. Nobody was mailed.")
                return
            with tqdm(total=count, desc="notices", file=sys.stderr, disable=not sys.stderr.isatty()) as bar:
                told = announcing.announce(parts, known[version], bar.update)
        finally:
            parts.close()
    click.echo(
        f"Told about version {version}: {told.mailed}. Address refused: {told.refused}. "
        f"Not to be mailed: {told.skipped}. Failed, to be tried again: {told.failed}."
    )


def add_to(group: click.Group) -> None:
    """Add these commands."""
    group.add_command(policy)
