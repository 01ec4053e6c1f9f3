"""`imgpilot request …`: what the console does with cases, from a terminal."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import click
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from compliance import comments
from compliance.command_parts import parts
from compliance.console import colleagues
from compliance.console.signed_in import acting
from compliance.identity import entry
from compliance.portal.places import Place
from compliance.requests import appeals, clock_moves, decisions, handling, moves, regimes, steps
from compliance.requests.grounds import GROUNDS
from compliance.requests.kinds import Channel, Kind, Proof
from compliance.requests.models import PrivacyRequest, Step
from compliance.requests.moves import Actor
from compliance.requests.opening import ABOUT, Asked, open_request
from compliance.requests.regimes import REGIMES
from imgpilot import db
from imgpilot.accounts.models import Account
from imgpilot.cli import as_json, show
from imgpilot.errors import ImgPilotError
from imgpilot.parts import Parts

KINDS = click.Choice([str(kind) for kind in Kind])
STAFF = click.option("--as", "staff", required=True, metavar="EMAIL", help="The member of staff who does it.")
KEY = click.argument("key", metavar="ID")
REASON = click.option("--reason", required=True, help="Why. The person reads it where the law wants that.")


@click.group()
def request() -> None:
    """Privacy requests. ID is a case's number (IP-2026-0001) or its id."""


def _row(found: PrivacyRequest) -> dict[str, object]:
    return {
        "id": str(found.id),
        "case": found.case,
        "kind": found.kind,
        "about": found.about,
        "regime": found.regime,
        "state": found.state,
        "outcome": found.outcome,
        "proof": found.proof,
        "channel": found.channel,
        "received": found.received_at.isoformat(),
        "due": found.due_on.isoformat(),
        "paused_on": found.paused_on and found.paused_on.isoformat(),
    }


def _line(row: dict[str, object]) -> str:
    due = f"paused since {row['paused_on']}" if row["paused_on"] else f"due {row['due']}"
    return f"{row['case']}  {row['kind']:<18}  {row['state']:<9}  {due}  {row['id']}"


@request.command("open")
@click.option("--email", required=True, help="The account's address.")
@click.option("--kind", required=True, type=KINDS)
@click.option("--regime", type=click.Choice(list(REGIMES)), help="The law. Default: by the country; else gdpr.")
@click.option("--country", help="Where they live: an ISO code such as DE or US.")
@click.option("--state", "subdivision", help="The state or province, for the US and Canada: CA.")
@click.option("--about", default="", help="Which fact, consent or ground, for kinds that are about one.")
@click.option("--details", default="", help="What they wrote.")
@click.option("--wait/--at-once", default=False, help="Whether a deletion can be taken back for a time.")
@as_json
def request_open(
    email: str,
    kind: str,
    regime: str | None,
    country: str | None,
    subdivision: str | None,
    about: str,
    details: str,
    wait: bool,
    as_json: bool,
) -> None:
    """Open a request for somebody whose identity you proved.

    Example:  imgpilot request open --email ana@example.com --kind access --country DE
    """
    law = regime or (regimes.for_place(country, subdivision).key if country else "gdpr")
    allowed = ABOUT.get(Kind(kind), ("",))
    if about not in allowed:
        raise click.UsageError(f"--about must be one of {', '.join(allowed)} for {kind}.")
    asked = Asked(
        about=about,
        details=details,
        country=country,
        subdivision=subdivision,
        channel=Channel.COMMAND,
        cooling=wait,
    )
    with parts() as made, made.sessions.begin() as session:
        account = session.scalar(select(Account).where(Account.email == email.strip().lower()))
        if account is None:
            raise ImgPilotError("There is no account with this address.")
        opened = open_request(
            session, made.settings, account, Kind(kind), law, made.clock(), moves.SYSTEM, Proof.STAFF, asked
        )
        row = _row(opened)
    show(row, as_json, [_line(row)])


@request.command("enter")
@STAFF
@click.option("--contact", required=True, help="The address they wrote from, or where the answer goes.")
@click.option("--kind", required=True, type=KINDS)
@click.option("--channel", required=True, type=click.Choice(["email", "post", "phone"]))
@click.option("--received", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The date of the original.")
@click.option("--country", default="", help="Where they live: an ISO code.")
@click.option("--state", "subdivision", help="The state or province, for the US and Canada.")
@click.option("--about", default="")
@click.option("--details", default="", help="What they wrote.")
@as_json
def request_enter(
    staff: str,
    contact: str,
    kind: str,
    channel: str,
    received: Any,
    country: str,
    subdivision: str | None,
    about: str,
    details: str,
    as_json: bool,
) -> None:
    """Enter what came by e-mail, post or phone. A link to the address asks them to prove that it was them.

    Example:  imgpilot request enter --as mei@example.com --contact ana@example.com --kind access --channel post
    --received 2026-11-20 --country DE
    """
    with parts() as made, made.sessions.begin() as session:
        who = _staff(session, staff)
        asked = Asked(about=about, details=details)
        place, day = Place(country.upper(), (subdivision or "").upper()), received.date()
        made_ = entry.enter(
            session, made.settings, who, Channel(channel), contact, Kind(kind), place, day, made.clock(), asked
        )
        row = _row(made_)
    show(row, as_json, [_line(row)])


@request.command("list")
@click.option("--closed", is_flag=True, help="The closed ones, the newest first.")
@click.option("--kind", type=KINDS)
@click.option("--limit", default=200, show_default=True)
@as_json
def request_list(closed: bool, kind: str | None, limit: int, as_json: bool) -> None:
    """The requests that are open, soonest deadline first. Example:  imgpilot request list --json"""
    wanted = select(PrivacyRequest).limit(limit)
    wanted = (
        wanted.where(PrivacyRequest.closed_at.is_not(None)).order_by(PrivacyRequest.closed_at.desc())
        if closed
        else wanted.where(PrivacyRequest.closed_at.is_(None)).order_by(PrivacyRequest.due_on, PrivacyRequest.number)
    )
    if kind:
        wanted = wanted.where(PrivacyRequest.kind == kind)
    with parts() as made, made.sessions() as session:
        listed = [_row(one) for one in session.scalars(wanted)]
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
@KEY
@as_json
def request_show(key: str, as_json: bool) -> None:
    """One request with its plan and steps.

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
    planned = [f"  plan {plan.digest}"] if plan else []
    show(row, as_json, [_line(row), *planned, *(f"  {s.state:<8} {s.name}  {s.failure or ''}" for s in taken)])


@request.command("run")
@KEY
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
                    select(Step)
                    .where(
                        Step.request_id == found.id,
                        Step.state == "ready",
                        Step.lease.is_(None),
                        Step.not_before.is_(None) | (Step.not_before <= made.clock()),
                    )
                    .order_by(Step.position)
                    .limit(1)
                )
            if ready is None:
                break
            steps.run(made, ready.id)
            done += 1
    click.echo(f"{done} steps were run.")


def _staff(session: Session, email: str) -> Actor:
    """The member of staff with this address, with the hats of their roles."""
    user = session.scalar(select(User).where(func.lower(User.email) == email.strip().lower(), User.active.is_(True)))
    if user is None:
        raise ImgPilotError("There is no member of staff with this address.")
    return acting(user)


def _do(key: str, staff: str, deed: Callable[[Session, UUID, Actor, Parts], PrivacyRequest]) -> None:
    """Do it in one transaction, as that member of staff, and show the case as it is then."""
    with parts() as made:
        found = _found(made, key)
        with made.sessions.begin() as session:
            row = _row(deed(session, found.id, _staff(session, staff), made))
    click.echo(_line(row))


@request.command("approve")
@KEY
@STAFF
@click.option("--plan", "digest", required=True, help="The digest of the plan that you looked at (request show).")
def request_approve(key: str, staff: str, digest: str) -> None:
    """Approve the plan; where a second officer is needed, propose it or, as the second, confirm it.

    Example:  imgpilot request approve IP-2026-0001 --as mei@example.com --plan 3f0c…
    """
    _do(key, staff, lambda s, id_, who, made: decisions.approve(s, id_, digest, who, made.clock()))


@request.command("refuse")
@KEY
@STAFF
@click.option("--ground", required=True, type=click.Choice(list(GROUNDS)), help="The ground of the law.")
@REASON
def request_refuse(key: str, staff: str, ground: str, reason: str) -> None:
    """Refuse on a ground, with reasons that the person will read.

    Example:  imgpilot request refuse IP-2026-0001 --as mei@example.com --ground excessive --reason "…"
    """
    _do(key, staff, lambda s, id_, who, made: decisions.refuse(s, id_, reason, who, made.clock(), ground))


@request.command("extend")
@KEY
@STAFF
@REASON
def request_extend(key: str, staff: str, reason: str) -> None:
    """Take the longer time that the law allows; the person is told now.

    Example:  imgpilot request extend IP-2026-0001 --as mei@example.com --reason "Many pictures have to be looked at."
    """
    from compliance import letters

    def deed(session: Session, id_: UUID, who: Actor, made: Parts) -> PrivacyRequest:
        found = session.get_one(PrivacyRequest, id_)
        letter = letters.worded(session, found, "extension", made.clock(), reason=reason)
        return clock_moves.extend(session, id_, reason, who, made.clock(), letter)

    _do(key, staff, deed)


@request.command("pause")
@KEY
@STAFF
@click.option("--reason", required=True, type=click.Choice([str(one) for one in regimes.Pause]))
def request_pause(key: str, staff: str, reason: str) -> None:
    """Stop the clock for a reason that the law knows. Example:  imgpilot request pause ID --as … --reason identity"""
    _do(key, staff, lambda s, id_, who, made: clock_moves.pause(s, id_, reason, who, made.clock()))


@request.command("resume")
@KEY
@STAFF
def request_resume(key: str, staff: str) -> None:
    """Let the clock run again. Example:  imgpilot request resume IP-2026-0001 --as mei@example.com"""
    _do(key, staff, lambda s, id_, who, made: clock_moves.resume(s, id_, who, made.clock()))


@request.command("assign")
@KEY
@STAFF
@click.option("--to", "given", default="", metavar="EMAIL", help="Who gets the case; left out: nobody.")
def request_assign(key: str, staff: str, given: str) -> None:
    """Give the case to a member of staff. Example:  imgpilot request assign ID --as mei@… --to noor@…"""

    def deed(session: Session, id_: UUID, who: Actor, made: Parts) -> PrivacyRequest:
        number = _staff(session, given).staff if given else None
        return handling.assign(session, id_, number, who, made.clock())

    _do(key, staff, deed)


@request.command("acknowledge")
@KEY
@STAFF
def request_acknowledge(key: str, staff: str) -> None:
    """Confirm receipt to the person now. Example:  imgpilot request acknowledge ID --as mei@example.com"""
    _do(key, staff, lambda s, id_, who, made: handling.acknowledge(s, id_, who, made.clock()))


@request.command("withdraw")
@KEY
@STAFF
def request_withdraw(key: str, staff: str) -> None:
    """Write down that the person took it back. Example:  imgpilot request withdraw ID --as mei@example.com"""
    _do(key, staff, lambda s, id_, who, made: decisions.withdraw(s, id_, made.clock(), who))


@request.command("merge")
@KEY
@click.option("--into", required=True, metavar="ID", help="The request that goes on.")
@STAFF
def request_merge(key: str, into: str, staff: str) -> None:
    """Close a duplicate. Example:  imgpilot request merge IP-2026-0002 --into IP-2026-0001 --as mei@example.com"""

    def deed(session: Session, id_: UUID, who: Actor, made: Parts) -> PrivacyRequest:
        return decisions.merge(session, id_, _found(made, into).id, who, made.clock())

    _do(key, staff, deed)


@request.command("appeal")
@KEY
@STAFF
@click.option("--words", required=True, help="What the person wrote.")
def request_appeal(key: str, staff: str, words: str) -> None:
    """Write down an appeal that came by letter. Example:  imgpilot request appeal ID --as mei@… --words "…" """
    _do(key, staff, lambda s, id_, who, made: appeals.appeal(s, id_, words, who, made.clock()))


@request.command("judge")
@KEY
@STAFF
@click.option("--uphold/--deny", required=True, help="Whether the appeal is right.")
@click.option("--reason", default="", help="Why it fails.")
def request_judge(key: str, staff: str, uphold: bool, reason: str) -> None:
    """Decide an appeal; whoever decided the request cannot. Example:  imgpilot request judge ID --as … --uphold"""

    def deed(session: Session, id_: UUID, who: Actor, made: Parts) -> PrivacyRequest:
        if uphold:
            return appeals.uphold(session, id_, who, made.clock())
        return appeals.deny(session, id_, reason, who, made.clock())

    _do(key, staff, deed)


@request.command("reopen")
@KEY
@STAFF
@REASON
def request_reopen(key: str, staff: str, reason: str) -> None:
    """Work on a closed request again. Example:  imgpilot request reopen ID --as … --reason "The count was wrong." """
    _do(key, staff, lambda s, id_, who, made: appeals.reopen(s, id_, reason, who, made.clock()))


@request.command("comment")
@KEY
@STAFF
@click.option("--text", required=True, help="What to say; @name calls a colleague.")
def request_comment(key: str, staff: str, text: str) -> None:
    """Leave a note for colleagues. Example:  imgpilot request comment ID --as mei@… --text "@noor please look" """

    def deed(session: Session, id_: UUID, who: Actor, made: Parts) -> PrivacyRequest:
        found = session.get_one(PrivacyRequest, id_)
        comments.add(session, found, text, who, made.clock(), colleagues.everybody(session))
        return found

    _do(key, staff, deed)
