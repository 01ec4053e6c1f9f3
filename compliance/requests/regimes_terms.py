"""What a privacy law consists of: its time limits, why its clock may stand still, its appeal, its articles.

The laws themselves are in regimes_europe.py, regimes_usa.py and regimes_world.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from imgpilot.language import marked as _

#: The laws say "a reasonable period" in which a refusal can be appealed against. This is our own number of days.
APPEAL_WITHIN = 60


class Unit(StrEnum):
    """What a period is counted in."""

    MONTHS = "months"
    CALENDAR_DAYS = "calendar days"
    BUSINESS_DAYS = "business days"
    HOURS = "hours"  # clock hours: they run through weekends, and end at an instant


class Pause(StrEnum):
    """Why a clock may stand still."""

    IDENTITY = "identity"  # we wait for proof of who asks
    CLARIFICATION = "clarification"  # we wait to hear what exactly is meant
    FEE = "fee"  # we wait for a fee that the law allows


@dataclass(frozen=True)
class Period:
    """A stretch of time as a law states it, and whether its end rolls off weekends and holidays."""

    count: int
    unit: Unit
    rolls: bool = False
    law: str = ""
    #: Business days that skip no public holiday. That ends earlier: the safe reading where a law names no calendar.
    weekends_only: bool = False


@dataclass(frozen=True)
class Extension:
    """How much longer an answer may take. The notice, with the reason, must be sent before the first deadline."""

    period: Period
    #: Counted on from the day of receipt (GDPR: 3 months in all), not from the first due date.
    from_receipt: bool = True


@dataclass(frozen=True)
class Terms:
    """The time limits of one kind of request."""

    answer: Period
    extension: Extension | None = None
    acknowledge: Period | None = None
    #: Whether the law lets us ask who the person is before we act.
    verify: bool = True


@dataclass(frozen=True)
class Appeal:
    """A refusal can be appealed against with us, and a refused appeal taken further."""

    period: Period
    extension: Extension | None = None
    #: Days after our answer in which a person may appeal: ours, the laws only say "reasonable".
    within: int = APPEAL_WITHIN
    #: Who takes a complaint about a refused appeal. authorities.for_person names it.
    complain_to: str = _("the attorney general of your state")


@dataclass(frozen=True)
class Regime:
    """A privacy law: its clocks, its appeal, and the article of each right."""

    key: str
    name: str
    #: Where it holds: ISO 3166 codes of countries ("NL") or their parts ("US-VA").
    places: tuple[str, ...]
    #: The time limits of every kind that `special` does not name.
    usual: Terms
    #: Kind → the article it stands on. A kind that is missing is offered all the same, as our own promise (P16).
    rights: Mapping[str, str]
    special: Mapping[str, Terms] = field(default_factory=dict)
    #: Why the clock may stand still → the kinds for which it may; none named means all.
    pauses: Mapping[Pause, frozenset[str]] = field(default_factory=dict)
    appeal: Appeal | None = None
    #: Months for which the law wants a log of requests kept; 0 where it asks for none.
    log_months: int = 0
    #: What staff should know: doubts, conditions, numbers that are ours.
    note: str = ""

    def terms(self, kind: str) -> Terms:
        """The time limits of a kind of request."""
        return self.special.get(kind, self.usual)

    def article(self, kind: str) -> str | None:
        """The article that gives this right; None where we offer it of our own accord."""
        return self.rights.get(kind)

    @property
    def answer(self) -> Period:
        """The usual time to answer. `terms(kind).answer` is that of a kind."""
        return self.usual.answer

    @property
    def acknowledge(self) -> Period | None:
        """The usual time to confirm receipt, if the law sets one."""
        return self.usual.acknowledge

    @property
    def extension(self) -> Extension | None:
        """The usual extension, if the law allows one."""
        return self.usual.extension


def days(count: int, law: str) -> Period:
    """So many calendar days, by this article."""
    return Period(count, Unit.CALENDAR_DAYS, law=law)


def rights(law: str, **articles: str) -> dict[str, str]:
    """Kind → "law article". Underscores stand for the hyphens of the kinds."""
    return {kind.replace("_", "-"): f"{law} {article}" for kind, article in articles.items()}
