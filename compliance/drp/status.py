"""Where a request is, as the protocol says it (3.02, 3.03)."""

import json
from datetime import UTC, date, datetime, time
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from compliance.requests.grounds import GROUNDS
from compliance.requests.kinds import State
from imgpilot.language import DEFAULT, translate
from imgpilot.language import marked as _


class Status(StrEnum):
    """Where a request is, in the protocol's words."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    FULFILLED = "fulfilled"
    REVOKED = "revoked"
    DENIED = "denied"
    EXPIRED = "expired"


class Reason(StrEnum):
    """Why a request is where it is, in the protocol's words."""

    NEED_USER_VERIFICATION = "need_user_verification"
    SUSPECTED_FRAUD = "suspected_fraud"
    INSUF_VERIFICATION = "insuf_verification"
    NO_MATCH = "no_match"
    CLAIM_NOT_COVERED = "claim_not_covered"
    OUTSIDE_JURISDICTION = "outside_jurisdiction"
    TOO_MANY_REQUESTS = "too_many_requests"
    OTHER = "other"


#: Our states in the protocol's words. What still goes on with us goes on for the agent.
STATUSES = {
    State.PROVING: Status.IN_PROGRESS,
    State.RECEIVED: Status.IN_PROGRESS,
    State.REVIEW: Status.IN_PROGRESS,
    State.SECOND: Status.IN_PROGRESS,
    State.COOLING: Status.IN_PROGRESS,
    State.RUNNING: Status.IN_PROGRESS,
    State.ANSWERED: Status.FULFILLED,
    State.REFUSED: Status.DENIED,
    State.WITHDRAWN: Status.REVOKED,
    State.MERGED: Status.IN_PROGRESS,
    State.APPEALED: Status.IN_PROGRESS,  # the protocol has no appeals
}

#: Our grounds of refusal (grounds.GROUNDS) in the protocol's words. What is not here is `other`.
REASONS = {
    "not-proved": Reason.INSUF_VERIFICATION,
    "nothing-held": Reason.NO_MATCH,
    "excessive": Reason.TOO_MANY_REQUESTS,
    "rights-of-others": Reason.CLAIM_NOT_COVERED,
    "never-disclosed": Reason.CLAIM_NOT_COVERED,
    "expression": Reason.CLAIM_NOT_COVERED,
    "legal-duty": Reason.CLAIM_NOT_COVERED,
    "claims": Reason.CLAIM_NOT_COVERED,
    "legal-hold": Reason.CLAIM_NOT_COVERED,
    "security": Reason.CLAIM_NOT_COVERED,
}

_ASKED_THE_PERSON = _("We asked the person to confirm the request.")
_COOLING = _("Decided. The person can still take the request back.")
_MERGED = _("Handled together with another request of the same person.")
_APPEALED = _("The person asked us to look at the answer again.")
PARTLY = _("Part of the request was not granted. The answer to the person says which part, and why.")
_REFUSED = _("Refused. The answer to the person says why.")
_OVER = _("The request was answered. The time in which the results could be fetched is over.")
_NO_OPT_IN = _("An agent cannot opt in for somebody. The person changes this choice in the privacy centre.")
_SAID = {State.COOLING: _COOLING, State.MERGED: _MERGED, State.APPEALED: _APPEALED}


def of(
    *,
    request_id: UUID,
    state: str,
    received_at: datetime,
    expected_by: datetime | None,
    now: datetime,
    agent_request_id: str | None = None,
    refused_for: str | None = None,
    partly: bool = False,
    details: str | None = None,
    user_verification_url: str | None = None,
    results_url: str | None = None,
    expires_at: datetime | None = None,
    language: str = DEFAULT,
) -> dict[str, str]:
    """The status object of one request; fields that have nothing to say are left out.

    `state`: one of kinds.State. A merged request is told by the state and times of the one it went into, under its own
    two ids; MERGED itself is for when that one may not be told. `refused_for`: a key of grounds.GROUNDS, or a Reason of
    the protocol. `partly`: answered, but not all was granted. `details`: a sentence for the person that replaces ours;
    after an extension the standard wants the reason here; nothing personal in it. `expires_at`: until when the
    verification link or the results can be used; after that, an answered request is expired (3.02). Times have a zone;
    see `end_of` for a due date. Raises ValueError for a state that is none and a time without its zone.
    """
    where, reason = STATUSES[State(state)], None
    said = _SAID.get(State(state))
    fields: dict[str, str | None] = {}
    if state == State.PROVING:
        said = _ASKED_THE_PERSON
        if user_verification_url:  # without a link to go to, the standard does not allow the reason
            reason = Reason.NEED_USER_VERIFICATION
            fields = {"user_verification_url": user_verification_url, "expires_at": _time(expires_at)}
    elif where is Status.DENIED:
        reason, said = _refusal(refused_for)
    elif where is Status.FULFILLED and expires_at is not None and now > expires_at:
        where, said = Status.EXPIRED, _OVER
        fields = {"expires_at": _time(expires_at)}
    elif where is Status.FULFILLED:
        said = PARTLY if partly else None
        fields = {"results_url": results_url, "expires_at": _time(expires_at)}
    elif where is Status.IN_PROGRESS and expected_by is None:
        where = Status.OPEN  # who is in progress has to say by when
    found = {
        "request_id": str(request_id),
        "agent_request_id": agent_request_id,
        "received_at": _time(received_at),
        "expected_by": _time(expected_by),
        "status": where.value,
        "reason": reason.value if reason else None,
        "processing_details": details or (translate(language, said) if said else None),
        **fields,
    }
    return {name: value for name, value in found.items() if value is not None}


def no_opt_in(
    *,
    request_id: UUID,
    received_at: datetime,
    now: datetime,
    agent_request_id: str | None = None,
    language: str = DEFAULT,
) -> dict[str, str]:
    """The answer to sale:opt-in: denied, not covered. Opting in takes two steps by the person (11 CCR 7028(a))."""
    return of(
        request_id=request_id,
        state=State.REFUSED,
        received_at=received_at,
        expected_by=None,
        now=now,
        agent_request_id=agent_request_id,
        refused_for=Reason.CLAIM_NOT_COVERED,
        details=translate(language, _NO_OPT_IN),
    )


def as_json(status: dict[str, str]) -> bytes:
    """The body, application/json: of our answer to the agent, and of what is sent to status_callback (2.03)."""
    return json.dumps(status, ensure_ascii=False, separators=(",", ":")).encode()


def end_of(day: date, zone: str) -> datetime:
    """The last second of that day where the person lives, for expected_by."""
    return datetime.combine(day, time(23, 59, 59), ZoneInfo(zone))


def _refusal(refused_for: str | None) -> tuple[Reason, str]:
    """Why it was denied, and the sentence that goes with it."""
    if refused_for in GROUNDS:
        ground = GROUNDS[refused_for]
        return REASONS.get(ground.key, Reason.OTHER), ground.words if ground.law else _REFUSED
    return (Reason(refused_for) if refused_for in tuple(Reason) else Reason.OTHER), _REFUSED


def _time(instant: datetime | None) -> str | None:
    """RFC 3339 in UTC, to the second. Raises ValueError without a zone: it would be read as any."""
    if instant is None:
        return None
    if instant.utcoffset() is None:
        raise ValueError("A time without its zone.")
    return instant.astimezone(UTC).isoformat(timespec="seconds")
