"""Whether somebody is old enough for an account, asked without a hint at the limit (policy P19, GDPR Art. 8, COPPA).

The birth date is used for one comparison and kept nowhere: what remains is "old enough on this day by the rule of this
country". Of somebody too young nothing remains but a digest that meets the same address for a day.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

import config
from imgpilot.accounts import countries
from imgpilot.accounts.errors import AccountError
from imgpilot.accounts.models import AgeRefusal, SignInLink
from imgpilot.digests import keyed
from imgpilot.language import marked as _

#: Nobody younger has an account anywhere (COPPA, 16 CFR 312).
YOUNGEST = 13
#: The age of digital consent where a law sets a higher one (GDPR Art. 8(1)), as of November 2026.
DIGITAL_CONSENT = (
    dict.fromkeys(("AT", "BG", "CY", "ES", "IT", "LT"), 14)
    | dict.fromkeys(("CZ", "DK", "FR", "GR", "SI"), 15)
    | dict.fromkeys(("DE", "HR", "HU", "IE", "LI", "LU", "NL", "PL", "RO", "SK"), 16)
)
#: Nobody alive is older.
OLDEST = 120
#: How long an address or a browser that was refused meets the same answer.
NOT_YET = timedelta(hours=24)


@dataclass(frozen=True)
class OldEnough:
    """All that is kept of the answer: on which day, by the rule of which country (ISO 3166-1)."""

    on: datetime
    country: str


class AgeUnanswered(AccountError):
    """A new account needs an answer first; the page asks for it."""

    SAYS = _("Tell us your country and date of birth first. Nothing was made yet.")


class BadAnswer(AccountError):
    """The answer is none. `field` is what to look at again: "country" or "born"."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


class TooYoung(AccountError):
    """We cannot make an account. It does not say why, lest the next answer is made to fit."""

    status = 403
    SAYS = _("We cannot make an account for you. Nothing of what you typed was kept.")


def threshold(country: str) -> int:
    """The age, in years, from which somebody in this country (ISO 3166-1) may have an account."""
    return max(YOUNGEST, DIGITAL_CONSENT.get(country, YOUNGEST))


def read(country: str, day: str, month: str, year: str, now: datetime) -> OldEnough:
    """What is kept of the answer, typed in these four fields. Raises BadAnswer or TooYoung.

    "Today" is the day in UTC; whoever was born on 29 February is a year older on 1 March.
    """
    if not countries.known(country):
        raise BadAnswer("country", _("Choose the country that you live in."))
    born = _date(day, month, year)
    today = now.date()
    if born > today:
        raise BadAnswer("born", _("This day is still to come. Check the year."))
    if age(born, today) > OLDEST:
        raise BadAnswer("born", _("This is too long ago. Check the year."))
    if age(born, today) < threshold(country):
        raise TooYoung
    return OldEnough(now, country)


def age(born: date, today: date) -> int:
    """In whole years."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def refuse(session: Session, settings: config.Settings, email: str, now: datetime) -> None:
    """Keep the mark against trying again at once, and nothing else of this address. The caller commits."""
    session.execute(
        insert(AgeRefusal)
        .values(digest=_digest(settings, email), at=now)
        .on_conflict_do_update(index_elements=[AgeRefusal.digest], set_={"at": now})
    )
    session.execute(delete(SignInLink).where(SignInLink.email == email).execution_options(synchronize_session=False))


def is_refused(session: Session, settings: config.Settings, email: str, now: datetime) -> bool:
    """Whether this address was refused in the last 24 hours."""
    found = select(AgeRefusal.id).where(AgeRefusal.digest == _digest(settings, email), AgeRefusal.at > now - NOT_YET)
    return session.scalar(found) is not None


def _date(day: str, month: str, year: str) -> date:
    if not (day.strip() and month.strip() and year.strip()):
        raise BadAnswer("born", _("Fill in day, month and year."))
    try:
        numbers = [int(each) for each in (year, month, day)]
    except ValueError:
        raise BadAnswer("born", _("Write day and year in digits.")) from None
    if numbers[0] < 100:
        raise BadAnswer("born", _("Write the year with four digits."))
    try:
        return date(*numbers)
    except (ValueError, OverflowError):
        # `from None`: the library's words would be about a birth date.
        raise BadAnswer("born", _("There is no such day in the calendar.")) from None


def _digest(settings: config.Settings, email: str) -> str:
    return keyed(settings, "too young", email.lower())
