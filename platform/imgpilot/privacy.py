"""The words with which a table says what it holds, why, and for how long. Words only: no engine lives here.

Every column says what it is (`personal`, `record`, `secret`), every foreign key whose the row is
(`owner`, `dependent`, `mention`, `link`), every table why its rows are kept (`rows`). Access, export, erasure,
retention, the Article 30 record and the data map are all read off these words by `compliance.inventory`.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any


class LegalBasis(StrEnum):
    """Why processing is lawful (GDPR Art. 6(1)), in the words Fideslang uses."""

    CONSENT = "Consent"
    CONTRACT = "Contract"
    LEGAL_OBLIGATION = "Legal obligations"
    LEGITIMATE_INTERESTS = "Legitimate interests"


#: The article that each basis stands on, for the record and the reports.
ARTICLE = {
    LegalBasis.CONSENT: "GDPR 6(1)(a)",
    LegalBasis.CONTRACT: "GDPR 6(1)(b)",
    LegalBasis.LEGAL_OBLIGATION: "GDPR 6(1)(c)",
    LegalBasis.LEGITIMATE_INTERESTS: "GDPR 6(1)(f)",
}


class Origin(StrEnum):
    """Where a fact came from. It decides portability (GDPR Art. 20: provided and observed, not derived)."""

    PROVIDED = "provided"
    OBSERVED = "observed"
    DERIVED = "derived"


class Erase(StrEnum):
    """What becomes of a personal column when its row is scrubbed instead of deleted."""

    CLEAR = "clear"  # set to NULL
    KEEP = "keep"  # stays, because the row's ground for staying covers it


class Edge(StrEnum):
    """What a foreign key says about whose the row is."""

    OWNER = "owner"  # the row is theirs
    DEPENDENT = "dependent"  # the row falls with its parent, but is not the parent owner's data
    MENTION = "mention"  # another person's row names them
    LINK = "link"  # no more than a link; cleared when the other end goes


class AtErasure(StrEnum):
    """What becomes of a person's rows in a table when the person is erased."""

    DELETE = "delete"
    SCRUB = "scrub"  # the row stays for a stated ground, without the person


@dataclass(frozen=True, slots=True)
class Purpose:
    """Why data is held. `use` is a Fideslang data use; `name` is plain English, ready for translation."""

    key: str
    name: str
    basis: LegalBasis
    use: str


@dataclass(frozen=True, slots=True)
class Kept:
    """How long rows are kept: in words for people, and as a span since a column for the retention engine."""

    words: str
    span: timedelta | None = None
    since: str | None = None


@dataclass(frozen=True, slots=True)
class Datum:
    """What one column holds."""

    category: str
    origin: Origin = Origin.OBSERVED
    erase: Erase = Erase.KEEP
    edge: Edge | None = None
    role: str = ""
    withheld: str = ""
    personal: bool = False
    identity: bool = False
    names_object: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """Why a table's rows are kept, for how long, and what erasure does with them."""

    purpose: Purpose
    kept: Kept
    noun: str
    at_erasure: AtErasure = AtErasure.DELETE
    ground: str = ""
    subject: str = ""


WORD = "privacy"  # the key in SQLAlchemy's `info` where a declaration lies


def personal(
    category: str, *, origin: Origin = Origin.PROVIDED, erase: Erase = Erase.CLEAR, identity: bool = False
) -> dict[str, Any]:
    """A fact about a person. `category` is a Fideslang key. `identity`: the row is theirs who has this address."""
    return {WORD: Datum(category, origin, erase, personal=True, identity=identity)}


def names_object(category: str, *, origin: Origin = Origin.PROVIDED) -> dict[str, Any]:
    """The key of an object in the object store. The row names the object; they die together."""
    return {WORD: Datum(category, origin, Erase.CLEAR, personal=True, names_object=True)}


def record() -> dict[str, Any]:
    """A fact about our own working; part of a person's data only through the row it stands in."""
    return {WORD: Datum("system.operations")}


def secret(reason: str) -> dict[str, Any]:
    """Never shown and never exported, for the stated reason; erased with its row."""
    return {WORD: Datum("user.authorization.credentials", erase=Erase.CLEAR, withheld=reason)}


def owner() -> dict[str, Any]:
    """The row belongs to the person at the other end, or to the owner of the row there."""
    return {WORD: Datum("user.unique_id", edge=Edge.OWNER, erase=Erase.CLEAR)}


def dependent() -> dict[str, Any]:
    """The row falls with its parent, but is not the parent owner's data."""
    return {WORD: Datum("system.operations", edge=Edge.DEPENDENT)}


def mention(role: str) -> dict[str, Any]:
    """Somebody else's row names this person, in this role."""
    return {WORD: Datum("user.unique_id", edge=Edge.MENTION, role=role, erase=Erase.CLEAR)}


def link() -> dict[str, Any]:
    """No more than a link; cleared when the row at the other end goes."""
    return {WORD: Datum("system.operations", edge=Edge.LINK)}


def rows(
    purpose: Purpose,
    *,
    noun: str,
    kept: Kept,
    at_erasure: AtErasure = AtErasure.DELETE,
    ground: str = "",
    subject: str = "",
) -> dict[str, Any]:
    """For `__table_args__`: why and how long. `noun` names the rows to people ("pictures you made").

    `ground` is required when rows outlive the person (SCRUB): the law or duty that keeps them.
    `subject` marks the table whose rows *are* people; it is a Fideslang data subject.
    """
    return {"info": {WORD: Rows(purpose, kept, noun, at_erasure, ground, subject)}}
