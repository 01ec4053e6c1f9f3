"""What the studio's page shows: the form with what the chosen model can do, what it costs, how the order goes."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from babel import Locale
from sqlalchemy.orm import Session

import config
from imgpilot import language
from imgpilot.accounts import standing
from imgpilot.accounts.models import Account
from imgpilot.billing import ledger
from imgpilot.errors import PersonalError
from imgpilot.gallery import pictures
from imgpilot.generation import catalogue, form, references
from imgpilot.generation.batches import Batch
from imgpilot.generation.catalogue import Model
from imgpilot.generation.form import Form
from imgpilot.generation.order import LARGEST_SEED, LONGEST_NEGATIVE, LONGEST_PROMPT, MOST, acknowledged, normal
from imgpilot.processors import Processor
from imgpilot.safety.screen import Finding, FoundPersonal

#: Pictures under "Earlier".
EARLIER = 12


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text, and what was found in it: its name, marked for translation, or ""."""

    text: str
    name: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where what is typed goes: who gets it and where they are, and how long they keep it."""

    key: str
    name: str
    keeps: str


def of(
    session: Session,
    settings: config.Settings,
    account: Account,
    filled: Form,
    batch: Batch | None,
    speaks: str,
    now: datetime,
    error: PersonalError | None = None,
) -> dict[str, Any]:
    """What the template needs. `speaks` is the person's language; `error`, if any, is shown beside its field."""
    kept = [each for each in (references.mine(session, account.id, id_) for id_ in filled.reference_ids) if each]
    filled, model = form.shown(settings, filled.with_references(kept))
    offered = catalogue.offered(settings)
    stands = standing.why_not(account)
    found = error if isinstance(error, FoundPersonal) else None
    return {
        "form": filled,
        "errors": {getattr(error, "field", "order"): error.said(speaks)} if error else {},
        "found": found,
        "pieces": pieces(normal(getattr(filled, found.field)), found.findings) if found else (),
        "models": offered,
        "model": model,
        "can": {one.key: json.dumps(_can(settings, one)) for one in offered},
        "each": model.size(filled.size).credits,
        "sizes": _sizes(offered),
        "ratios": tuple(dict.fromkeys(shape.ratio for one in offered for size in one.sizes for shape in size.shapes)),
        "fits": [shape.ratio for shape in model.size(filled.size).shapes],
        "longest": LONGEST_PROMPT,
        "longest_negative": LONGEST_NEGATIVE,
        "largest_seed": LARGEST_SEED,
        "most": MOST,
        "megabytes": references.LARGEST // 2**20,
        "companies": _places(settings, offered, speaks),
        "goes": catalogue.goes_to(settings, model).key,
        "ask": not acknowledged(session, account.id, now),
        "balance": ledger.balance(session, account.id),
        "stands": {"key": stands.key, "said": stands.said(speaks)} if stands else None,
        "batch": batch,
        "earlier": pictures.page(session, account.id, besides=batch.generation.id if batch else None, size=EARLIER),
    }


def pieces(text: str, findings: Sequence[Finding]) -> tuple[Piece, ...]:
    """The text in pieces, those that were found with their names."""
    made, at = [], 0
    for each in findings:
        made += [Piece(text[at : each.start], ""), Piece(text[each.start : each.end], each.name)]
        at = each.end
    return tuple(piece for piece in (*made, Piece(text[at:], "")) if piece.text)


def _can(settings: config.Settings, model: Model) -> dict[str, object]:
    """What the page's script follows when another model is chosen: what the form shows, and what it costs."""
    return {
        "sizes": [[size.key, size.credits, [shape.ratio for shape in size.shapes]] for size in model.sizes],
        "references": model.references,
        "seed": model.seed,
        "negative": model.negative,
        "strength": model.strength,
        "goes": catalogue.goes_to(settings, model).key,
    }


def _sizes(offered: Sequence[Model]) -> list[str]:
    """Every size of the offered models that has a name, the smallest first."""
    named = {size.key: size.shapes[0].width for model in offered for size in model.sizes if size.key}
    return sorted(named, key=lambda key: named[key])


def _places(settings: config.Settings, offered: Sequence[Model], speaks: str) -> tuple[Place, ...]:
    """Every provider of the offered models once."""
    providers = {each.key: each for each in (catalogue.goes_to(settings, model) for model in offered)}
    return tuple(_place(each, speaks) for each in providers.values())


def _place(processor: Processor, speaks: str) -> Place:
    """Who gets it and where they are (OpenAI, United States), and how long they keep it."""
    name, keeps = language.translate(speaks, processor.name), language.translate(speaks, processor.keeps)
    if processor.country:
        name = f"{name}, {Locale.parse(speaks).territories[processor.country]}"
    return Place(processor.key, name, keeps)
