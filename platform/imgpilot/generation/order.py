"""Ordering pictures: what was asked is checked, paid with holds, written down, and workers are woken."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

import config
from imgpilot import worker
from imgpilot.accounts import standing
from imgpilot.accounts.models import Account, Acknowledgement
from imgpilot.billing import ledger
from imgpilot.generation import catalogue, references
from imgpilot.generation.catalogue import Model
from imgpilot.generation.models import Generation, GenerationReference, Image, Reference, State
from imgpilot.generation.refusals import (
    BadCount,
    NoReferenceHere,
    NotAcknowledged,
    PromptMissing,
    PromptTooLong,
    ReferenceMissing,
)
from imgpilot.policy import POLICY_VERSION

LONGEST_PROMPT = 2000
MOST = 4
#: What is acknowledged before the first order (P10).
OUTSIDE_PROVIDERS = "outside-providers"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the form says. `id` is the form's own, so that a form sent twice makes one order."""

    id: UUID
    prompt: str
    model: str
    ratio: str
    count: int
    reference_ids: tuple[UUID, ...] = ()
    acknowledged: bool = False


def order(session: Session, settings: config.Settings, account: Account, wish: Wish, now: datetime) -> Generation:
    """The order with its pictures queued and their credits held; workers are woken when this commits.

    Raises an OrderError, NothingNew, NoSuchModel, NoSuchShape or NotEnoughCredits; then nothing was added to the
    session.
    """
    ledger.lock(session, account.id)  # a form sent twice at once, and the last credits, wait here
    standing.check(session, account.id)
    placed = session.get(Generation, wish.id)
    if placed is not None and placed.account_id == account.id:
        return placed
    model = catalogue.find(settings, wish.model)
    shape = model.shape(wish.ratio)
    prompt = _prompt(wish.prompt)
    if not 1 <= wish.count <= MOST:
        raise BadCount(most=MOST)
    used = _references(session, account, model, wish.reference_ids)
    if not wish.acknowledged and not acknowledged(session, account.id):
        raise NotAcknowledged
    ledger.afford(session, account.id, model.credits * wish.count)
    if wish.acknowledged:
        _acknowledge(session, account.id, now)
    # Another account's id cannot be told from a free one: it is simply not taken.
    made = Generation(
        id=wish.id if placed is None else uuid4(),
        account_id=account.id,
        prompt=prompt,
        model=model.key,
        ratio=shape.ratio,
        width=shape.width,
        height=shape.height,
        credits_each=model.credits,
        created_at=now,
    )
    session.add(made)
    session.flush()  # the pictures, then the ledger's lines, refer to what is above them
    for position, reference in enumerate(used):
        reference.used_at = now
        session.add(GenerationReference(generation_id=made.id, position=position, reference_id=reference.id))
    images = [_image(made, position) for position in range(wish.count)]
    session.add_all(images)
    session.flush()
    for image in images:
        ledger.hold(session, account.id, image.id, model.credits, at=now)
        worker.wake(session, "pictures.make", str(image.id))
    return made


def placed(session: Session, account_id: UUID, id_: UUID) -> bool:
    """Whether this account's form of that id was taken before."""
    there = select(Generation.id).where(Generation.id == id_, Generation.account_id == account_id)
    return session.scalar(there) is not None


def acknowledged(session: Session, account_id: UUID) -> bool:
    """Whether this account said yes to outside providers under the policy in force."""
    said = select(Acknowledgement.id).where(
        Acknowledgement.account_id == account_id,
        Acknowledgement.what == OUTSIDE_PROVIDERS,
        Acknowledgement.policy_version == POLICY_VERSION,
    )
    return session.scalar(said) is not None


def normal(text: str) -> str:
    """The prompt as it is kept and counted: a form's line ends count once; NUL does not go into a database."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()


def _prompt(text: str) -> str:
    prompt = normal(text)
    if not prompt:
        raise PromptMissing
    if len(prompt) > LONGEST_PROMPT:
        raise PromptTooLong(length=len(prompt), most=LONGEST_PROMPT)
    return prompt


def _references(session: Session, account: Account, model: Model, ids: tuple[UUID, ...]) -> list[Reference]:
    if len(ids) > model.references:
        raise NoReferenceHere(model=model.name)
    found = [references.mine(session, account.id, id_) for id_ in dict.fromkeys(ids)]
    if None in found:
        raise ReferenceMissing
    return [each for each in found if each is not None]


def _acknowledge(session: Session, account_id: UUID, now: datetime) -> None:
    session.execute(
        insert(Acknowledgement)
        .values(id=uuid4(), account_id=account_id, what=OUTSIDE_PROVIDERS, policy_version=POLICY_VERSION, at=now)
        .on_conflict_do_nothing()
    )


def _image(generation: Generation, position: int) -> Image:
    return Image(id=uuid4(), generation_id=generation.id, position=position, state=State.QUEUED, attempts=0)
