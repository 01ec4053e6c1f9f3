"""The versions of the policy. A version is called by the day on which it comes into force, in UTC (policy P21)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache

from babel.dates import format_date

from imgpilot.errors import NotYours
from imgpilot.language import known, locale
from imgpilot.language import marked as _
from imgpilot.policies import texts
from imgpilot.policies.texts import Text


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the policy."""

    key: str

    @property
    def effective(self) -> date:
        """The day from which on it applies."""
        return date.fromisoformat(self.key)

    @property
    def begins(self) -> datetime:
        """The moment that day begins."""
        return datetime.combine(self.effective, datetime.min.time(), UTC)

    def day(self, language: str) -> str:
        """That day, written out."""
        return format_date(self.effective, "long", locale(language))

    def text(self, language: str) -> Text:
        """What it says in that language."""
        return texts.text(self.key, known(language))


@cache
def every() -> tuple[Version, ...]:
    """All versions, the oldest first."""
    return tuple(Version(key) for key in texts.there_are())


def newest() -> Version:
    """The one that was written last; it may not be in force yet."""
    return every()[-1]


def in_force(now: datetime) -> Version:
    """The one that applies now."""
    return next((one for one in reversed(every()) if one.begins <= now), every()[0])


def find(key: str) -> Version:
    """The version of that name. Raises NotYours."""
    for one in every():
        if one.key == key:
            return one
    raise NotYours(_("There is no such version of the policy."))


def before(version: Version) -> Version | None:
    """The version before this one."""
    place = every().index(version)
    return every()[place - 1] if place else None


def same_in(clause: str, version: Version) -> tuple[str, ...]:
    """The keys of this version and of those before it, as far back as the clause says the same: for what was
    acknowledged under an older version and need not be asked again.
    """
    said = version.text("en").clause(clause)
    same: list[str] = []
    for one in reversed(every()[: every().index(version) + 1]):
        if one.text("en").clause(clause) != said:
            break
        same.append(one.key)
    return tuple(same)
