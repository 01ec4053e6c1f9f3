"""Somebody asks: the request is written down with its clock, and work on it begins."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

import config
from compliance import objections
from compliance.errors import MoveRefused
from compliance.requests import identity_levels, laws, moves, queueing
from compliance.requests.kinds import Channel, Kind, Proof, State
from compliance.requests.models import PrivacyRequest
from compliance.requests.procedures import PREPARATION
from compliance.requests.regimes import REGIMES
from imgpilot import digests
from imgpilot.accounts import choices
from imgpilot.accounts.models import Account
from imgpilot.language import marked as _

#: Of a right that is about one thing, what it can be about. The rest are about everything.
ABOUT = {
    Kind.CORRECTION: ("email", "other"),
    Kind.RESTRICTION: ("accuracy", "unlawful", "claims", "objection"),
    Kind.OBJECTION: tuple(key for key, offer in choices.OFFERS.items() if offer.kind == "objection"),
    Kind.CONSENT_WITHDRAWAL: tuple(key for key, offer in choices.OFFERS.items() if offer.kind == "consent"),
    Kind.OPT_OUT: tuple(key for key, offer in choices.OFFERS.items() if offer.kind == "opt-out"),
}
LONGEST_DETAILS = 5000


@dataclass(frozen=True)
class Asked:
    """What is asked, beyond who and what kind. `received_at` is the date of the original, if it came earlier."""

    about: str = ""
    details: str = ""
    proposed: str = ""
    country: str | None = None
    subdivision: str | None = None
    zone: str = "UTC"
    language: str = "en"
    channel: Channel = Channel.CENTRE
    received_at: datetime | None = None
    #: Whether a deletion waits until it can no longer be taken back.
    cooling: bool = False
    claimed_id: UUID | None = None
    agent_id: UUID | None = None
    agent_reference: str | None = None
    callback: str | None = None


NOTHING_MORE = Asked()


def open_request(
    session: Session,
    settings: config.Settings,
    account: Account,
    kind: Kind,
    regime: str,
    now: datetime,
    actor: moves.Actor = moves.PERSON,
    proof: str = Proof.SIGNED_IN,
    asked: Asked = NOTHING_MORE,
) -> PrivacyRequest:
    """Write down what the owner of an account asks, or find the one of this kind that is open.

    `regime` is a key of regimes.REGIMES. `proof` says how we know it is them (GDPR 12(6), 11 CCR 7061); the caller
    saw to that.
    """
    # Asking twice at once must not make two: both wait here for the account's row.
    frozen = session.scalar(select(Account.frozen_at).where(Account.id == account.id).with_for_update())
    already = session.scalar(
        select(PrivacyRequest).where(
            PrivacyRequest.account_id == account.id,
            PrivacyRequest.kind == kind,
            PrivacyRequest.about == asked.about,
            PrivacyRequest.closed_at.is_(None),
            PrivacyRequest.state != State.APPEALED,
        )
    )
    if already:
        return already
    if frozen is not None and asked.channel is not Channel.FOLLOW_UP:
        raise MoveRefused(_("This account is being deleted. Nothing new can be asked for it."))
    request = _written(session, kind, regime, now, asked)
    request.account_id, request.contact, request.language = account.id, account.email, account.language
    request.subject, request.proof, request.state = digests.of_subject(settings, account.id), proof, State.RECEIVED
    _clock(session, request)
    moves.note(session, request, actor, "opened", now, _facts(request))
    if kind is Kind.OBJECTION:
        objections.suspend(session, request, now)
    begin(session, request, now)
    return request


def open_unproved(
    session: Session,
    settings: config.Settings,
    contact: str,
    kind: Kind,
    regime: str,
    now: datetime,
    actor: moves.Actor,
    asked: Asked = NOTHING_MORE,
) -> PrivacyRequest:
    """Write down what somebody asks of whom we know an address at most. Nothing is done for it before they prove more.

    What needs no proof begins at once (opt-outs, 11 CCR 7060(b)). A letter to the address asks for the proof.
    """
    request = _written(session, kind, regime, now, asked)
    request.contact, request.language = contact, asked.language
    request.subject, request.proof = digests.of_address(settings, contact), Proof.NONE
    request.state = State.RECEIVED if identity_levels.enough(request) else State.PROVING
    _clock(session, request)
    moves.note(session, request, actor, "opened", now, _facts(request))
    if request.state == State.RECEIVED:
        begin(session, request, now)
    else:
        queueing.tell(session, request, "confirm")
    return request


def _written(session: Session, kind: Kind, regime: str, now: datetime, asked: Asked) -> PrivacyRequest:
    if regime not in REGIMES:
        raise MoveRefused(f"No privacy law is known here by the name {regime}.")
    allowed = ABOUT.get(kind, ("",))
    if asked.about not in allowed:
        raise MoveRefused(_("Say what exactly you mean: it decides what we do. Nothing was sent."))
    if len(asked.details) > LONGEST_DETAILS:
        raise MoveRefused(_("Say it in at most 5,000 characters, please. Nothing was sent."))
    received = asked.received_at or now
    if received > now:
        raise MoveRefused(_("A request cannot have been received in the future."))
    return PrivacyRequest(
        id=uuid4(),
        kind=kind,
        about=asked.about,
        details=asked.details.strip() or None,
        proposed=asked.proposed.strip() or None,
        regime=regime,
        country=asked.country,
        subdivision=asked.subdivision,
        zone=asked.zone,
        channel=asked.channel,
        cooling=asked.cooling and kind is Kind.DELETION,
        received_at=received,
        set_aside={},
        claimed_id=asked.claimed_id,
        agent_id=asked.agent_id,
        agent_reference=asked.agent_reference,
        callback=asked.callback,
    )


def _clock(session: Session, request: PrivacyRequest) -> None:
    days = laws.deadlines(session, request)
    request.due_on, request.acknowledge_by = days.answer, days.acknowledge
    session.add(request)
    session.flush()  # the database gives the number that the timeline quotes


def _facts(request: PrivacyRequest) -> dict[str, str]:
    facts = {"due": str(request.due_on), "regime": request.regime, "channel": request.channel, "proof": request.proof}
    return facts | ({"about": request.about} if request.about else {})


def begin(session: Session, request: PrivacyRequest, now: datetime) -> None:
    """Confirm receipt, and prepare what an officer decides; or carry out at once what nobody has to decide."""
    from compliance.identity import notices
    from compliance.requests import steps

    if request.contact and request.acknowledged_at is None:
        queueing.tell(session, request, "acknowledgement")
    if request.kind == Kind.CORRECTION:
        notices.new_address_due(session, request)
    for work in PREPARATION[Kind(request.kind)]:
        queueing.add(session, request, queueing.PREPARE, work.name, work.after)
    steps.advance(session, request, now)
