"""Sample staff and requests: a team that can sign in, and cases of every kind and state with clocks that differ."""

import secrets
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TextIO
from uuid import UUID

from sqlalchemy import select

from compliance import comments
from compliance.console import colleagues
from compliance.console.roles import add_staff
from compliance.requests import appeals, clock_moves, decisions, handling, laws, moves, steps
from compliance.requests.kinds import Channel, Kind, Proof
from compliance.requests.models import Step
from compliance.requests.moves import Actor, Who
from compliance.requests.opening import Asked, open_request, open_unproved
from compliance.requests.regimes import for_place
from imgpilot.accounts.models import Account
from imgpilot.parts import Parts

OFFICER = "officer@imgpilot.example"
#: Address, role, name. They share the officer's password, which is printed when the platform starts.
TEAM = (
    (OFFICER, "Privacy Officer", "Mei Tan"),
    ("approver@imgpilot.example", "Approver", "Noor Azri"),
    ("agent@imgpilot.example", "Privacy Agent", "Ali Demir"),
)
#: How long a step that the worker took is waited for, in seconds.
PATIENCE = 60.0
MEI, NOOR, ALI = Actor(Who.OFFICER, 1), Actor(Who.APPROVER, 2), Actor(Who.CLERK, 3)


@dataclass(frozen=True)
class Story:
    """A case: whose (by position), what, where they live, days ago it came and, if it is closed, days it took."""

    who: int
    kind: Kind
    place: str
    ago: int
    became: str = "waits"
    about: str = ""
    took: int = 0
    channel: Channel = Channel.CENTRE
    proof: Proof = Proof.FRESH


CASES = (
    Story(0, Kind.ACCESS, "DE", 34),
    Story(1, Kind.DELETION, "US-CA", 42),
    Story(2, Kind.ACCESS, "FR", 20, "answered", took=4),
    Story(3, Kind.DELETION, "IE", 9, "cools"),
    Story(4, Kind.ACCESS, "US-CA", 3),
    Story(5, Kind.DELETION, "SE", 12, "proposed", channel=Channel.EMAIL, proof=Proof.FURTHER),
    Story(5, Kind.CORRECTION, "SE", 6, about="other"),
    Story(6, Kind.RESTRICTION, "GB", 25, "assigned", about="claims"),
    Story(6, Kind.OBJECTION, "GB", 2, about="statistics"),
    Story(7, Kind.PORTABILITY, "NL", 28, "noted"),
    Story(0, Kind.OPT_OUT, "US-CA", 10, about="sale-sharing"),
    Story(4, Kind.CONSENT_WITHDRAWAL, "US-CA", 16, about="news"),
    Story(1, Kind.ACCESS, "US-VA", 60, "refused", took=19),
    Story(2, Kind.DELETION, "FR", 48, "withdrawn", took=3),
    Story(3, Kind.PORTABILITY, "IE", 70, "refused", took=27),
    Story(7, Kind.ACCESS, "NL", 52, "appealed", took=12),
    Story(6, Kind.ACCESS, "GB", 38, "refused", took=9),
    Story(5, Kind.ACCESS, "SE", 22, "extended"),
)
REASON = "This account asked for the same three times within one week, and each time got it."


def staff_and_requests(parts: Parts, _people: int, _images: int, _show: TextIO) -> str:
    """A team, and their cases."""
    _staff(parts)
    with parts.sessions() as session:
        accounts = list(session.scalars(select(Account).order_by(Account.email).limit(8)))
    told = [story for story in CASES if story.who < len(accounts)]
    for story in told:
        _case(parts, accounts[story.who], story)
    if accounts:
        _stranger(parts)
    return f"Opened {len(told) + bool(accounts)} requests. Staff: {OFFICER}."


def _staff(parts: Parts) -> None:
    """A team with a password made here; it is kept beside the keys so that `imgpilot up` can show it."""
    kept = parts.settings.home / "keys" / "staff"
    if kept.exists():
        return
    password = secrets.token_urlsafe(9)
    for address, role, name in TEAM:
        add_staff(parts, address, role, name, password)
    kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    kept.touch(mode=0o600)
    kept.write_text(f"{OFFICER}   {password}")


def _case(parts: Parts, account: Account, story: Story) -> None:
    country, _, part = story.place.partition("-")
    asked = Asked(
        about=story.about,
        details="The name on two of my pictures is spelt wrong." if story.kind is Kind.CORRECTION else "",
        country=country,
        subdivision=part or None,
        channel=story.channel,
        # Asked some days ago, so that the queue has clocks to show.
        received_at=parts.clock() - timedelta(days=story.ago),
        cooling=story.kind is Kind.DELETION,
    )
    with parts.sessions.begin() as session:
        owner = session.get_one(Account, account.id)
        law = for_place(country, part or None).key
        request = open_request(
            session, parts.settings, owner, story.kind, law, parts.clock(), moves.PERSON, story.proof, asked
        )
        id_ = request.id
    _run(parts, id_)
    _become(parts, id_, story)
    _run(parts, id_)
    if story.took:
        _closed_earlier(parts, id_, story)


def _become(parts: Parts, id_: UUID, story: Story) -> None:
    """What has happened to the case since."""
    now = parts.clock()
    with parts.sessions.begin() as session:
        plan = decisions.newest_plan(session, id_)
        match story.became:
            case "answered" | "cools" | "proposed":
                assert plan
                decisions.approve(session, id_, plan.digest, MEI, now)
            case "assigned":
                handling.assign(session, id_, ALI.staff, ALI, now)
            case "noted":
                request = moves.locked(session, id_)
                staff = colleagues.everybody(session)
                comments.add(session, request, "@mei the pictures are many; is one package enough?", ALI, now, staff)
            case "refused" | "appealed":
                decisions.refuse(session, id_, REASON, MEI, now, "excessive")
            case "withdrawn":
                decisions.withdraw(session, id_, now)
            case "extended":
                clock_moves.extend(session, id_, "There are several hundred pictures to be looked at.", MEI, now)
        if story.became == "appealed":
            session.flush()
            appeals.appeal(session, id_, "I asked once. The other two were not mine.", moves.PERSON, now)


def _closed_earlier(parts: Parts, id_: UUID, story: Story) -> None:
    """So that the figures have something to show: it was answered as many days after it came."""
    with parts.sessions.begin() as session:
        request = moves.locked(session, id_)
        at = request.received_at + timedelta(days=story.took)
        request.answered_at = at if request.answered_at else None
        request.closed_at = at if request.closed_at else None


def _stranger(parts: Parts) -> None:
    """Somebody without an account asked by the public form and has not proved who they are."""
    with parts.sessions.begin() as session:
        asked = Asked(country="AT", channel=Channel.FORM, details="I am on one of the shared pictures.")
        request = open_unproved(
            session, parts.settings, "stranger@example.net", Kind.ACCESS, "gdpr", parts.clock(), moves.PERSON, asked
        )
        assert laws.today(request, parts.clock()) <= request.due_on
        id_ = request.id
    _run(parts, id_)


def _run(parts: Parts, request_id: UUID) -> None:
    """Run the steps here; the worker may be at them too, and each step is done once. What it is at is waited for."""
    until = time.monotonic() + PATIENCE
    while True:
        now = parts.clock()
        with parts.sessions() as session:
            ready = session.scalar(
                select(Step.id)
                .where(
                    Step.request_id == request_id,
                    Step.state == "ready",
                    Step.lease.is_(None),
                    Step.not_before.is_(None) | (Step.not_before <= now),
                )
                .order_by(Step.position)
                .limit(1)
            )
            held = select(Step.id).where(Step.request_id == request_id, Step.state == "ready", Step.lease.is_not(None))
            theirs = ready is None and session.scalar(held.limit(1)) is not None
        if ready is not None:
            steps.run(parts, ready)
        elif theirs and time.monotonic() < until:
            time.sleep(0.1)
        else:
            return
