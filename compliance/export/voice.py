"""Says things in one person's language: words, numbers, days, times, and what a column holds."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from compliance.export.headings import HEADINGS
from compliance.export.values import as_json, plain
from imgpilot.language import locale, translate
from imgpilot.language import marked as _


@dataclass(frozen=True)
class Voice:
    """One language."""

    language: str

    def say(self, text: str, **values: object) -> str:
        """The text, with %(name)s filled in."""
        return translate(self.language, text, **values) if text else ""

    def begin(self, text: str, **values: object) -> str:
        """The same as the beginning of a line: its first letter is a capital."""
        said = self.say(text, **values)
        return said[:1].upper() + said[1:]

    def number(self, number: int) -> str:
        """A number the way its reader writes it."""
        return str(format_decimal(number, locale=locale(self.language)))

    def size(self, count: int) -> str:
        """A number of bytes in a unit that people compare."""
        if count < 1000:
            return self.say(_("%(number)s bytes"), number=self.number(count))
        amount, unit = count / 1000, "kB"
        for larger in ("MB", "GB", "TB"):
            if amount < 999.5:
                break
            amount, unit = amount / 1000, larger
        written = format_decimal(amount, format="0.0" if amount < 10 else "0", locale=locale(self.language))
        return f"{written} {unit}"

    def day(self, day: date) -> str:
        """A day: 23 November 2026."""
        pattern = {"zh_Hans": "y年M月d日"}.get(self.language, "d MMMM y")
        return str(format_date(day, pattern, locale=locale(self.language)))

    def short_day(self, day: date) -> str:
        """A day of this year or the next, beside a ruler: 23 Nov."""
        pattern = {"zh_Hans": "M月d日"}.get(self.language, "d MMM")
        return str(format_date(day, pattern, locale=locale(self.language)))

    def moment(self, at: datetime) -> str:
        """A time, in UTC: 23 Nov 2026, 14:40."""
        pattern = {"zh_Hans": "y年M月d日 HH:mm"}.get(self.language, "d MMM y, HH:mm")
        return str(format_datetime(at, pattern, tzinfo=UTC, locale=locale(self.language)))

    def heading(self, column: str) -> str:
        """What a column is called."""
        return self.say(HEADINGS[column]) if column in HEADINGS else column.replace("_", " ")

    def value(self, value: Any) -> str:  # noqa: PLR0911  (a table of types reads best as one)
        """A value as people read it."""
        match value:
            case None:
                return ""
            case bool():
                return self.say(_("Yes") if value else _("No"))
            case int():
                return self.number(value)
            case datetime():
                return self.moment(value)
            case date():
                return self.day(value)
            case str():
                return value
            case UUID():
                return str(value)
            case list() if all(isinstance(each, str) for each in value):
                return ", ".join(value)
        return as_json(plain(value))
