"""What each deed of `deeds` does, by the functions of the domain.

Each takes a Doing. It raises MoveRefused with what stands in the way; the caller commits.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from compliance import comments, restrictions
from compliance.console import offering
from compliance.console.case import Case, number_of
from compliance.errors import AlreadyDecided, MoveRefused
from compliance.requests import appeals, clock_moves, decisions, handling, moves
from compliance.requests.kinds import State
from compliance.requests.moves import Actor, Written
from imgpilot.accounts.models import Account
from imgpilot.language import marked as _
from imgpilot.parts import Parts


@dataclass(frozen=True)
class Doing:
    """Somebody does something in a case: what they sent, who they are, when; and the letter as they wrote it."""

    session: Session
    parts: Parts
    case: Case
    form: Mapping[str, str]
    actor: Actor
    now: datetime
    letter: Written | None = None
    #: What was typed per line of the plan: {table: (ground, until)}.
    lines: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def id(self) -> UUID:
        """The request."""
        return self.case.request.id

    def typed(self, name: str) -> str:
        """What was typed there."""
        return self.form.get(name, "").strip()


# ── decided by an officer ──


def approve(do: Doing) -> None:
    """Approve the plan that was shown."""
    _still(do, State.REVIEW)
    decisions.approve(do.session, do.id, do.typed("digest"), do.actor, do.now)


def propose(do: Doing) -> None:
    """Propose it to a second officer. Were it proposed meanwhile, this must not count as the second's consent."""
    approve(do)


def _still(do: Doing, state: State) -> None:
    if moves.locked(do.session, do.id).state != state:
        raise AlreadyDecided(_("Somebody else was just before you. Load the page to see what they did."))


def set_aside(do: Doing) -> None:
    """Leave out the lines that were given a ground; all of them are granted again when none was."""
    parts = {table: {"ground": ground, "until": until} for table, (ground, until) in do.lines.items() if ground}
    decisions.set_aside(do.session, do.id, parts, do.actor, do.now)


def refuse(do: Doing) -> None:
    """Refuse on a ground, with reasons and the letter."""
    decisions.refuse(do.session, do.id, do.typed("reason"), do.actor, do.now, do.typed("ground"), do.letter)


def extend(do: Doing) -> None:
    """Extend the deadline; the letter says why."""
    clock_moves.extend(do.session, do.id, do.typed("reason"), do.actor, do.now, do.letter)


def reopen(do: Doing) -> None:
    """Work on it again."""
    appeals.reopen(do.session, do.id, do.typed("reason"), do.actor, do.now)


def skip(do: Doing) -> None:
    """Leave out the step that failed."""
    try:
        step_id = UUID(do.typed("step"))
    except ValueError:
        raise MoveRefused(_("This step is not waiting for anybody. Load the page again.")) from None
    handling.skip(do.session, do.id, step_id, do.typed("reason"), do.typed("words"), do.actor, do.now)


def accept(do: Doing) -> None:
    """Accept a further proof: the request is about the account it names, or the one it claims."""
    from compliance.identity import proofs

    account = _account(do)
    proofs.accept_further(do.session, do.parts.settings, do.id, account, do.typed("checked"), do.actor, do.now)


def compare(do: Doing) -> None:
    """Compare the answers to the three questions. What is right stays here; how many are stands in the timeline."""
    from compliance.identity import proofs

    proofs.compare(do.session, do.parts.settings, do.id, _account(do), do.form, do.actor, do.now)


def _account(do: Doing) -> UUID:
    address, request = do.typed("account").lower(), do.case.request
    if address:
        found = do.session.scalar(select(Account.id).where(func.lower(Account.email) == address))
    else:
        found = request.account_id or request.claimed_id
    if found is None:
        raise MoveRefused(_("No account was found. Write the address with which it was made."))
    return found


def reject(do: Doing) -> None:
    """The further proof does not hold."""
    from compliance.identity import proofs

    proofs.reject(do.session, do.id, do.typed("checked"), do.actor, do.now)


def announce(do: Doing) -> None:
    """Tell the person that the restriction will end."""
    assert do.actor.staff is not None
    for one in offering.of_this(do.case):
        restrictions.announce(do.session, do.parts.settings, one.id, do.actor.staff, do.now, do.letter)


def lift(do: Doing) -> None:
    """End the restriction of this request."""
    assert do.actor.staff is not None
    for one in offering.of_this(do.case):
        restrictions.lift(do.session, do.parts.settings, one.id, do.actor.staff, do.now)


# ── the second pair of eyes ──


def confirm(do: Doing) -> None:
    """Agree to the plan that was shown."""
    _still(do, State.SECOND)
    decisions.approve(do.session, do.id, do.typed("digest"), do.actor, do.now)


def send_back(do: Doing) -> None:
    """Back to whoever proposed it, with a comment that calls them."""
    proposer = next((one for one in do.case.colleagues if one.id == do.case.request.proposed_by), None)
    request = decisions.send_back(do.session, do.id, do.typed("reason"), do.actor, do.now)
    call = f"@{proposer.local} " if proposer and proposer.id != do.actor.staff else ""
    comments.add(do.session, request, call + do.typed("reason"), do.actor, do.now, do.case.colleagues)


def uphold(do: Doing) -> None:
    """The appeal is right."""
    appeals.uphold(do.session, do.id, do.actor, do.now, do.letter)


def deny(do: Doing) -> None:
    """The appeal fails."""
    appeals.deny(do.session, do.id, do.typed("reason"), do.actor, do.now, do.letter)


# ── the work around it ──


def acknowledge(do: Doing) -> None:
    """Confirm receipt."""
    handling.acknowledge(do.session, do.id, do.actor, do.now)


def ask_more(do: Doing) -> None:
    """Ask the person for more."""
    from compliance.identity import proofs

    proofs.ask_more(do.session, do.id, do.typed("what"), do.actor, do.now, do.letter)


def pause(do: Doing) -> None:
    """Stop the clock."""
    clock_moves.pause(do.session, do.id, do.typed("reason"), do.actor, do.now)


def resume(do: Doing) -> None:
    """Let it run."""
    clock_moves.resume(do.session, do.id, do.actor, do.now)


def merge(do: Doing) -> None:
    """Close this one as a duplicate of the other."""
    other = number_of(do.session, do.typed("into"))
    if other is None:
        raise MoveRefused(_("There is no case with this number."))
    decisions.merge(do.session, do.id, other.id, do.actor, do.now)


def withdraw(do: Doing) -> None:
    """Take it back for the person, and keep how they said so."""
    if len(do.typed("reason")) < 10:
        raise MoveRefused(_("Say how and when the person took it back: nobody else can know."))
    request = decisions.withdraw(do.session, do.id, do.now, do.actor)
    comments.add(do.session, request, do.typed("reason"), do.actor, do.now, do.case.colleagues)


def appeal(do: Doing) -> None:
    """Write down that the person does not accept the answer."""
    appeals.appeal(do.session, do.id, do.typed("words"), do.actor, do.now)
