"""The question before a new account, as the pages ask it: country and date of birth, and the answer to it."""

from dataclasses import dataclass, field

from babel.dates import get_month_names
from flask import Response, make_response, render_template, request, session
from flask_babel import get_locale

from imgpilot import language, web
from imgpilot.accounts import ages, browsers, countries
from imgpilot.accounts.ages import BadAnswer, OldEnough

FIELDS = ("country", "day", "month", "year")


@dataclass(frozen=True)
class Question:
    """The question as it stands on the page: what was typed, and what of it needs another look."""

    typed: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def countries(self) -> tuple[tuple[str, str], ...]:
        """(code, name) to choose from."""
        return countries.listed(_spoken())

    @property
    def months(self) -> list[tuple[str, str]]:
        """(number, name): a named month is read the same everywhere."""
        named = get_month_names("wide", context="stand-alone", locale=language.locale(_spoken()))
        return [(str(number), str(name)) for number, name in sorted(named.items())]

    @property
    def order(self) -> tuple[str, str, str]:
        """In which order a date is written in this language."""
        return ("year", "month", "day") if _spoken() == "zh_Hans" else ("day", "month", "year")


def question() -> Question:
    """The question, not answered yet. The country is guessed from what the browser says it speaks."""
    return Question({"country": countries.guessed(tag for tag, _weight in request.accept_languages)})


def answered() -> OldEnough:
    """The answer that the form holds. Raises BadAnswer or TooYoung."""
    country, day, month, year = (request.form.get(name, "") for name in FIELDS)
    return ages.read(country, day, month, year, web.parts().clock())


def asked_again(error: BadAnswer) -> Question:
    """The question with what was typed and what is wrong with it."""
    typed = {name: request.form.get(name, "") for name in FIELDS}
    return Question(typed, {error.field: error.said(_spoken())})


def is_turned_away(email: str) -> bool:
    """Whether this browser or this address was told "not now" in the last 24 hours."""
    parts = web.parts()
    return browsers.is_marked() or ages.is_refused(web.session(), parts.settings, email, parts.clock())


def turn_away(email: str, *, keep: bool) -> Response:
    """The page that says no. `keep`: it is the answer just given, so the address and the browser are marked."""
    database, parts = web.session(), web.parts()
    session.clear()  # what Google said of a child does not stay in the browser, also when they try again
    if keep:
        database.rollback()
        ages.refuse(database, parts.settings, email, parts.clock())
        database.commit()
    response = make_response(render_template("accounts/not_yet.html"), ages.TooYoung.status)
    if keep:
        browsers.mark(response)
    return response


def _spoken() -> str:
    return language.known(str(get_locale()))
