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
    BadSeed,
    BadStrength,
    FoundInNegative,
    NegativeTooLong,
    NoNegativeHere,
    NoReferenceHere,
    NoSeedHere,
    NoStrengthHere,
    NotAcknowledged,
    PromptMissing,
    PromptTooLong,
    ReferenceMissing,
    TooManyHere,
)
from imgpilot.policies import versions
from imgpilot.policy import in_force
from imgpilot.safety import screen as safety

LONGEST_PROMPT = 2000
LONGEST_NEGATIVE = 1000
MOST = 4
#: The largest seed that every provider takes: 31 bits.
LARGEST_SEED = 2**31 - 1
#: What is acknowledged before the first order (P10).
OUTSIDE_PROVIDERS = "outside-providers"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted, not checked yet. `id` is the form's own, so that a form sent twice makes one order."""

    id: UUID
    prompt: str
    model: str
    ratio: str
    count: int
    #: A key of the model's sizes; "" is its first.
    size: str = ""
    #: What should not be in the picture.
    negative: str = ""
    seed: int | None = None
    #: How much of the reference is changed, 0 to 100.
    strength: int | None = None
    reference_ids: tuple[UUID, ...] = ()
    acknowledged: bool = False
    #: Kinds of private facts (safety.found.KINDS) that the person chose to send all the same.
    knowing: frozenset[str] = frozenset()
    via: str = "studio"


def order(session: Session, settings: config.Settings, account: Account, wish: Wish, now: datetime) -> Generation:
    """The order with its pictures queued and their credits held; workers are woken when this commits.

    Raises an OrderError, NothingNew, NoSuchModel, NoSuchSize, NoSuchShape, NotMade, FoundPersonal or
    NotEnoughCredits; then nothing was added to the session.
    """
    ledger.lock(session, account.id)  # a form sent twice at once, and the last credits, wait here
    standing.check(session, account.id)
    placed = session.get(Generation, wish.id)
    if placed is not None and placed.account_id == account.id:
        return placed
    model = catalogue.find(settings, wish.model)
    size = model.size(wish.size)
    shape = model.shape(wish.ratio, size.key)
    prompt, negative = _prompt(wish.prompt), _negative(wish.negative, model)
    if not 1 <= wish.count <= MOST:
        raise BadCount(most=MOST)
    seed, strength = _seed(wish.seed, model), _strength(wish, model)
    used = _references(session, account, model, wish.reference_ids)
    safety.screen(session, account.id, prompt, knowing=wish.knowing, reference=bool(used))
    _look_at(negative, wish.knowing)
    if not wish.acknowledged and not acknowledged(session, account.id, now):
        raise NotAcknowledged
    ledger.afford(session, account.id, size.credits * wish.count)
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
        credits_each=size.credits,
        size=size.key,
        negative=negative,
        seed=seed,
        strength=strength,
        via=wish.via,
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
        ledger.hold(session, account.id, image.id, size.credits, at=now)
        worker.wake(session, "pictures.make", str(image.id))
    return made


def placed(session: Session, account_id: UUID, id_: UUID) -> bool:
    """Whether this account's form of that id was taken before."""
    there = select(Generation.id).where(Generation.id == id_, Generation.account_id == account_id)
    return session.scalar(there) is not None


def acknowledged(session: Session, account_id: UUID, now: datetime) -> bool:
    """Whether this account said yes to outside providers in the words that the policy has for them now."""
    said = select(Acknowledgement.id).where(
        Acknowledgement.account_id == account_id,
        Acknowledgement.what == OUTSIDE_PROVIDERS,
        Acknowledgement.policy_version.in_(versions.same_in("p10", versions.in_force(now))),
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


def _negative(text: str, model: Model) -> str:
    negative = normal(text)
    if negative and not model.negative:
        raise NoNegativeHere(model=model.name)
    if len(negative) > LONGEST_NEGATIVE:
        raise NegativeTooLong(length=len(negative), most=LONGEST_NEGATIVE)
    return negative


def _look_at(negative: str, knowing: frozenset[str]) -> None:
    """What should not be shown goes out as well, so it is looked at too. No rule of ours is about what is left out."""
    found = tuple(each for each in safety.findings(negative) if each.kind not in knowing)
    if found:
        raise FoundInNegative(found)


def _seed(seed: int | None, model: Model) -> int | None:
    if seed is not None and not model.seed:
        raise NoSeedHere(model=model.name)
    if seed is not None and not 0 <= seed <= LARGEST_SEED:
        raise BadSeed(most=LARGEST_SEED)
    return seed


def _strength(wish: Wish, model: Model) -> int | None:
    """How much of the reference is changed; without one there is nothing to change."""
    if wish.strength is None:
        return None
    if not model.strength:
        raise NoStrengthHere(model=model.name)
    if not 0 <= wish.strength <= 100:
        raise BadStrength
    return wish.strength if wish.reference_ids else None


def _references(session: Session, account: Account, model: Model, ids: tuple[UUID, ...]) -> list[Reference]:
    ids = tuple(dict.fromkeys(ids))
    if ids and not model.references:
        raise NoReferenceHere(model=model.name)
    if len(ids) > model.references:
        raise TooManyHere(model=model.name, most=model.references, sent=len(ids))
    found = [references.mine(session, account.id, id_) for id_ in ids]
    if None in found:
        raise ReferenceMissing
    return [each for each in found if each is not None]


def _acknowledge(session: Session, account_id: UUID, now: datetime) -> None:
    session.execute(
        insert(Acknowledgement)
        .values(id=uuid4(), account_id=account_id, what=OUTSIDE_PROVIDERS, policy_version=in_force(now), at=now)
        .on_conflict_do_nothing()
    )


def _image(generation: Generation, position: int) -> Image:
    return Image(id=uuid4(), generation_id=generation.id, position=position, state=State.QUEUED, attempts=0)
