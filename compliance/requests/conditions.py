"""What must be true before a move. Each raises MoveRefused with what stands in the way; each fits `moves.Rule.needs`.

`facts` are those of the move: what the timeline will say of it.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.errors import MoveRefused
from compliance.requests import clocks, deciders, identity_levels, laws
from compliance.requests.grounds import GROUNDS
from compliance.requests.kinds import AT_ONCE, Kind, Outcome, State
from compliance.requests.models import PrivacyRequest
from compliance.requests.regimes import APPEAL_WITHIN
from imgpilot.language import marked as _

_Facts = Mapping[str, Any]

#: What an officer reads who gave none.
REASON = _("Say why, in a sentence or two: the person will read it (GDPR 12(4)).")


def know_whose(_session: Session, request: PrivacyRequest, _actor: Any, _now: datetime, _facts: _Facts) -> None:
    """An account is known, or none is needed."""
    if request.account_id is None and request.kind not in identity_levels.WITHOUT_ACCOUNT:
        raise MoveRefused(_("It is not known whose data is meant. Check the identity first."))


def be_proved(_session: Session, request: PrivacyRequest, _actor: Any, _now: datetime, _facts: _Facts) -> None:
    """The proof is enough for what is asked."""
    if not identity_levels.enough(request):
        raise MoveRefused(_("Who asks is not proved well enough for this. Check the identity first."))


def be_over(_session: Session, request: PrivacyRequest, _actor: Any, now: datetime, _facts: _Facts) -> None:
    """The time to answer is over, and so is any time for which the clock stood: half a year is the most."""
    late = request.paused_on is None and laws.today(request, now) > request.due_on
    if not late and now < request.received_at + timedelta(days=180):
        raise MoveRefused(_("There is still time to prove who asks."))


def need_no_decision(_session: Session, request: PrivacyRequest, _actor: Any, _now: datetime, _facts: _Facts) -> None:
    """The law leaves nothing to decide."""
    if request.kind not in AT_ONCE:
        raise MoveRefused(_("An officer has to decide this."))


def need_no_second(_session: Session, request: PrivacyRequest, _actor: Any, _now: datetime, _facts: _Facts) -> None:
    """One officer is enough."""
    if needs_second(request):
        raise MoveRefused(_("A second officer has to agree: the person did not ask while signed in. Propose it."))


def needs_second(request: PrivacyRequest) -> bool:
    """Whether a second officer has to agree: what takes an account away, and was not asked by somebody signed in."""
    takes_away = request.kind == Kind.DELETION or (request.kind == Kind.CORRECTION and request.about == "email")
    return takes_away and request.proof not in identity_levels.AS_THEMSELVES


def be_somebody_else(_session: Session, request: PrivacyRequest, actor: Any, _now: datetime, _facts: _Facts) -> None:
    """The second pair of eyes is not the first."""
    if actor.staff is None or actor.staff == request.proposed_by:
        raise MoveRefused(_("You proposed this yourself. Somebody else has to agree."))


def have_cooled(_session: Session, request: PrivacyRequest, _actor: Any, now: datetime, _facts: _Facts) -> None:
    """The time to take it back is over."""
    if request.cool_until is not None and now < request.cool_until:
        raise MoveRefused(_("The person can still take this back."))


def give_a_ground(_session: Session, request: PrivacyRequest, _actor: Any, _now: datetime, facts: _Facts) -> None:
    """A refusal stands on a ground that fits the kind (GDPR 12(4))."""
    ground = GROUNDS.get(str(facts.get("ground")))
    if ground is None or request.kind not in ground.kinds:
        raise MoveRefused(_("Choose the ground of the refusal: the person has a right to know it (GDPR 12(4))."))
    if request.kind in AT_ONCE and ground.key not in ("not-proved", "nothing-held", "excessive"):
        raise MoveRefused(_("The law gives no such ground to refuse this."))


def give_reasons(_session: Session, request: PrivacyRequest, _actor: Any, _now: datetime, _facts: _Facts) -> None:
    """Reasons were written."""
    if len((request.refusal or "").strip()) < 20:
        raise MoveRefused(_("Say why, in a sentence or two: the person will read it (GDPR 12(4))."))


def be_the_same(session: Session, request: PrivacyRequest, _actor: Any, _now: datetime, _facts: _Facts) -> None:
    """The other request is open, of the same kind and the same person."""
    other = session.get(PrivacyRequest, request.merged_into) if request.merged_into else None
    if other is None or other.id == request.id:
        raise MoveRefused(_("There is no such request to merge with."))
    if other.closed_at is not None:
        raise MoveRefused(_("The other request is closed. Nothing was merged."))
    # `contact` alone would let whoever writes somebody's address merge into her request.
    same = request.account_id is not None and request.account_id == other.account_id
    unproved = request.state == State.PROVING and request.contact is not None and request.contact == other.contact
    if other.kind != request.kind or not (same or unproved):
        raise MoveRefused(_("That is a request of another person or of another kind. Nothing was merged."))


def be_appealable(_session: Session, request: PrivacyRequest, _actor: Any, now: datetime, _facts: _Facts) -> None:
    """It was refused, in whole or in part, not long ago, and not appealed before."""
    if request.outcome not in (Outcome.REFUSED, Outcome.PARTIAL):
        raise MoveRefused(_("Nothing was refused here, so there is nothing to appeal."))
    if request.appealed_at is not None and request.closed_at and request.appealed_at < request.closed_at:
        raise MoveRefused(_("This was appealed and answered. The authority named in our letter can look at it."))
    if request.closed_at is not None and now > request.closed_at + timedelta(days=APPEAL_WITHIN):
        raise MoveRefused(_("The 60 days to appeal are over. You can ask again, or complain to the authority."))


def not_have_decided(_session: Session, request: PrivacyRequest, actor: Any, _now: datetime, _facts: _Facts) -> None:
    """Whoever decided does not judge the appeal."""
    if actor.staff is None or actor.staff in (request.decided_by, request.proposed_by):
        raise MoveRefused(_("You decided this request. Somebody else has to judge the appeal."))


def not_be_overruled(session: Session, request: PrivacyRequest, actor: Any, _now: datetime, _facts: _Facts) -> None:
    """Whoever decided what an appeal overturned does not decide it again."""
    if actor.staff in deciders.overruled(session, request):
        raise MoveRefused(
            _("An appeal overturned your decision of this request. Give it to somebody else, who decides it now.")
        )


def be_reopenable(_session: Session, request: PrivacyRequest, _actor: Any, _now: datetime, _facts: _Facts) -> None:
    """There is still something it can be done to."""
    if request.account_id is None:
        raise MoveRefused(_("The account of this request is gone. Nothing can be done any more."))


def be_alone(session: Session, request: PrivacyRequest, _actor: Any, _now: datetime, _facts: _Facts) -> None:
    """No other request of the kind is open."""
    if request.account_id is None:
        return
    other = session.scalar(
        select(PrivacyRequest).where(
            PrivacyRequest.account_id == request.account_id,
            PrivacyRequest.kind == request.kind,
            PrivacyRequest.about == request.about,
            PrivacyRequest.id != request.id,
            PrivacyRequest.closed_at.is_(None),
        )
    )
    if other is not None:
        raise MoveRefused(_("The same is asked for in %(case)s, which is open. Work on that one."), case=other.case)


def not_be_acknowledged(
    _session: Session, request: PrivacyRequest, _actor: Any, _now: datetime, _facts: _Facts
) -> None:
    """Receipt is confirmed once."""
    if request.acknowledged_at is not None:
        raise MoveRefused(_("Receipt was confirmed already."))


def be_extendable(session: Session, request: PrivacyRequest, _actor: Any, now: datetime, _facts: _Facts) -> None:
    """The law allows it, once, and the notice still goes out in time (GDPR 12(3), 11 CCR 7021(b))."""
    if laws.in_force(session, request.regime).terms(request.kind).extension is None:
        raise MoveRefused(_("This law allows no extension."))
    if request.extended_at is not None:
        raise MoveRefused(_("This request was extended already. It cannot be extended again."))
    if request.appealed_at is not None:
        # Its clock is the appeal's: counted from the receipt, an extension would be over or count those days twice.
        raise MoveRefused(_("This request was appealed. Its time for an extension is over."))
    if laws.today(request, now) > request.due_on:
        raise MoveRefused(_("The deadline is over. An extension would have had to be told before it."))


def be_pausable(session: Session, request: PrivacyRequest, _actor: Any, now: datetime, facts: _Facts) -> None:
    """The law lets this reason stop the clock, and it still runs."""
    if request.paused_on is not None:
        raise MoveRefused(_("The clock stands already."))
    if laws.today(request, now) > request.due_on:
        raise MoveRefused(_("The deadline is over. A clock that ran out cannot stand still."))
    if not clocks.may_pause(laws.in_force(session, request.regime), str(facts.get("reason")), request.kind):
        raise MoveRefused(_("This law does not let the clock stop for that."))


def be_paused(_session: Session, request: PrivacyRequest, _actor: Any, _now: datetime, _facts: _Facts) -> None:
    """The clock stands."""
    if request.paused_on is None:
        raise MoveRefused(_("The clock is running."))


def be_divisible(_session: Session, request: PrivacyRequest, _actor: Any, _now: datetime, _facts: _Facts) -> None:
    """Parts of it can be left undone."""
    if request.kind not in (Kind.ACCESS, Kind.PORTABILITY, Kind.DELETION):
        raise MoveRefused(_("This is done whole or not at all."))
