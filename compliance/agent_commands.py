"""`imgpilot agent …`: the registry of authorised agents, from a terminal."""

import click

from compliance import agents
from compliance.command_parts import parts
from compliance.managed import AuthorisedAgent
from imgpilot.cli import as_json, show

ID = click.argument("agent_key", metavar="ID")
KEY = click.option("--key", required=True, metavar="BASE64", help="The public key (Ed25519) that the agent signs with.")


@click.group()
def agent() -> None:
    """Authorised agents. ID is what the agent calls itself in the Data Rights Protocol."""


def _row(found: AuthorisedAgent) -> dict[str, object]:
    return {
        "id": found.agent_key,
        "name": found.name,
        "active": found.active,
        "key": found.verify_key,
        "set_up": found.token_digest is not None,
        "added": found.added_at.isoformat(),
    }


def _line(row: dict[str, object]) -> str:
    stands = "disabled" if not row["active"] else "set up" if row["set_up"] else "waits for its set-up"
    return f"{row['id']}  {row['name']}  {stands if row['key'] else 'by letter only'}"


@agent.command("add")
@ID
@click.option("--name", required=True, help="The organisation's name; people read it.")
@click.option("--key", metavar="BASE64", help="Its public key (Ed25519). Left out: it only writes letters.")
def agent_add(agent_key: str, name: str, key: str | None) -> None:
    """Add an agent.

    Example:  imgpilot agent add CR_AA --name "Consumer Reports" --key 3Zm1…=
    """
    with parts() as made, made.sessions.begin() as session:
        row = _row(agents.add(session, name, agent_key, key, None, made.clock()))
    click.echo(_line(row))


@agent.command("list")
@as_json
def agent_list(as_json: bool) -> None:
    """All agents. Example:  imgpilot agent list --json"""
    with parts() as made, made.sessions() as session:
        rows = [_row(each) for each in agents.every(session)]
    show(rows, as_json, [_line(row) for row in rows] or ["No agents."])


@agent.command("rotate")
@ID
@KEY
def agent_rotate(agent_key: str, key: str) -> None:
    """Take a new public key; the agent's token ends. Example:  imgpilot agent rotate CR_AA --key 9bX2…="""
    with parts() as made, made.sessions.begin() as session:
        row = _row(agents.rotate(session, agent_key, key, None, made.clock()))
    click.echo(_line(row))


@agent.command("disable")
@ID
def agent_disable(agent_key: str) -> None:
    """Let the agent in no more; what it asked for goes on. Example:  imgpilot agent disable CR_AA"""
    with parts() as made, made.sessions.begin() as session:
        row = _row(agents.disable(session, agent_key, None, made.clock()))
    click.echo(_line(row))


@agent.command("enable")
@ID
def agent_enable(agent_key: str) -> None:
    """Let the agent set itself up again. Example:  imgpilot agent enable CR_AA"""
    with parts() as made, made.sessions.begin() as session:
        row = _row(agents.enable(session, agent_key, None, made.clock()))
    click.echo(_line(row))
