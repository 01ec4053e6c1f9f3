"""Questions that only the owner of an account can answer. Staff learn how many answers are right, never which."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import config
from compliance.errors import MoveRefused
from compliance.requests import moves
from compliance.requests.kinds import State
from compliance.requests.models import Happening, PrivacyRequest
from compliance.requests.moves import Actor, Who
from imgpilot import digests
from imgpilot.accounts.models import Account
from imgpilot.generation import catalogue
from imgpilot.generation.models import Generation, Image
from imgpilot.language import marked as _

#: Answers can be compared so often a request: whoever guesses does not get far.
TRIES = 3
#: The least number of pictures in each range.
RANGES = (0, 1, 10, 50, 200, 1000)
NEVER = "none"
COMPARED = "facts compared"


@dataclass(frozen=True)
class Question:
    """A question and, where it has a few, its answers: (value, words). Without any it is a month, as "2026-05"."""

    key: str
    words: str
    answers: tuple[tuple[str, str], ...] = ()


def facts_to_ask() -> tuple[Question, ...]:
    """The three questions. They are the same for every account, so they tell nothing of any."""
    models = tuple((model.key, model.name) for model in catalogue.MODELS)
    return (
        Question("made", _("In which month was the account made?")),
        Question("model", _("Which model was used last?"), ((NEVER, _("none, nothing was made")), *models)),
        Question("pictures", _("About how many pictures are in it?"), tuple((_key(n), _key(n)) for n in RANGES)),
    )


def compare(
    session: Session,
    settings: config.Settings,
    request_id: UUID,
    account_id: UUID,
    answers: Mapping[str, str],
    staff: Actor,
    now: datetime,
) -> int:
    """How many of the three answers are right for this account. Each comparison is written down; the caller commits.

    Raises MoveRefused after three of them for this request, and if the request does not wait for proof.
    """
    request = moves.locked(session, request_id)
    if not staff.hats & {Who.CLERK, Who.OFFICER}:
        raise MoveRefused(_("That is not yours to decide."))
    if request.state != State.PROVING:
        raise MoveRefused(_("This request does not wait for proof."))
    if _times(session, request) >= TRIES:
        raise MoveRefused(_("The answers were compared three times. Ask for another proof, or refuse the request."))
    account = session.get(Account, account_id)
    truth = _truth(session, account) if account else {}
    matches = sum(1 for key, value in truth.items() if answers.get(key, "").strip() == value)
    facts = {"matches": matches, "of": 3, "account": digests.of_subject(settings, account_id)}
    moves.note(session, request, staff, COMPARED, now, facts)
    return matches


def most_matches(session: Session, settings: config.Settings, request: PrivacyRequest, account_id: UUID) -> int:
    """The best comparison that was made for this request and account."""
    session.flush()
    said = session.scalars(
        select(Happening.facts).where(Happening.request_id == request.id, Happening.what == COMPARED)
    ).all()
    subject = digests.of_subject(settings, account_id)
    return max((int(facts["matches"]) for facts in said if facts["account"] == subject), default=0)


def _times(session: Session, request: PrivacyRequest) -> int:
    made = select(func.count()).where(Happening.request_id == request.id, Happening.what == COMPARED)
    return session.scalar(made) or 0


def _truth(session: Session, account: Account) -> dict[str, str]:
    last = session.scalar(
        select(Generation.model)
        .where(Generation.account_id == account.id)
        .order_by(Generation.created_at.desc(), Generation.id)
        .limit(1)
    )
    pictures = session.scalar(
        select(func.count())
        .select_from(Image)
        .join(Generation, Generation.id == Image.generation_id)
        .where(Generation.account_id == account.id, Image.object_key.is_not(None))
    )
    least = max(n for n in RANGES if n <= (pictures or 0))
    return {"made": f"{account.created_at:%Y-%m}", "model": last or NEVER, "pictures": _key(least)}


def _key(least: int) -> str:
    """The range that begins there, as "10-49"."""
    place = RANGES.index(least)
    if place + 1 == len(RANGES):
        return f"{least}+"
    most = RANGES[place + 1] - 1
    return str(least) if most == least else f"{least}-{most}"
