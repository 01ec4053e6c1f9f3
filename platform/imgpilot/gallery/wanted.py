"""Which of a person's pictures are wanted, as an address says it: words, model, shape, days, collection, and where."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from imgpilot.db import same_id

#: More than this many characters of a search are not looked at.
LONGEST = 200
#: The days that a filter may name. PostgreSQL knows more; nothing of ours is older or so far ahead.
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2999, 12, 31)
#: An id above all others, for a place that begins with a day.
_ABOVE = UUID(int=2**128 - 1)

Place = tuple[datetime, UUID]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person is looking for. Everything unset: all of their pictures."""

    words: str = ""
    model: str = ""
    ratio: str = ""
    #: The first and the last day on which it was ordered, in the person's zone.
    since: date | None = None
    until: date | None = None
    favourite: bool = False
    collection: UUID | None = None
    #: Those among the removed ones, instead of those that are not.
    removed: bool = False

    @property
    def narrowed(self) -> bool:
        """Whether it asks for less than all of a list."""
        return replace(self, removed=False) != Wanted()

    def without(self, name: str) -> "Wanted":
        """The same without this one."""
        unset: dict[str, Any] = {each.name: each.default for each in fields(self)}
        return replace(self, **{name: unset[name]})

    def query(self, **more: str) -> dict[str, str]:
        """What stands in the address, in the order of the form."""
        given = {
            "q": self.words,
            "model": self.model,
            "ratio": self.ratio,
            "from": self.since.isoformat() if self.since else "",
            "to": self.until.isoformat() if self.until else "",
            "favourite": "1" if self.favourite else "",
            "collection": str(self.collection) if self.collection else "",
            "removed": "1" if self.removed else "",
        }
        return {name: value for name, value in (given | more).items() if value}

    def address(self, path: str, **more: str) -> str:
        """The path with all of it."""
        query = urlencode(self.query(**more))
        return f"{path}?{query}" if query else path


def read(given: Mapping[str, str]) -> Wanted:
    """What an address asks for. What makes no sense in it is left out: a link that was cut still shows pictures."""
    since, until = _day(given.get("from", "")), _day(given.get("to", ""))
    if since and until and since > until:
        since, until = until, since
    return Wanted(
        words=_plain(given.get("q", ""))[:LONGEST],
        model=_plain(given.get("model", ""))[:80],
        ratio=_plain(given.get("ratio", ""))[:20],
        since=since,
        until=until,
        favourite=given.get("favourite") == "1",
        collection=same_id(given.get("collection", "")),
        removed=given.get("removed") == "1",
    )


def place(text: str) -> Place | None:
    """The place in the order of time that an address names; None if it cannot be read."""
    at, _tilde, id_ = text.partition("~")
    known = same_id(id_)
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return None
    if known is None or moment.tzinfo is None or not FIRST_DAY <= moment.date() <= LAST_DAY:
        return None
    return moment, known


def named(at: Place) -> str:
    """A place as an address names it."""
    return f"{at[0].astimezone(UTC).isoformat()}~{at[1]}"


def end_of(text: str, zone: tzinfo) -> Place | None:
    """The place at which a day ("2026-03-05") or a month ("2026-03") ends, from where the older ones follow."""
    if re.fullmatch(r"\d{4}-\d{2}", text):
        first = _day(f"{text}-01")
        day = (first.replace(day=28) + timedelta(days=4)).replace(day=1) if first else None
    else:
        day = _day(text)
        day = day + timedelta(days=1) if day else None
    return (datetime.combine(day, time.min, zone) - timedelta(microseconds=1), _ABOVE) if day else None


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if FIRST_DAY <= found <= LAST_DAY else None


def _plain(text: str) -> str:
    """The text without control characters, which PostgreSQL does not take."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
