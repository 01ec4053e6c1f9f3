"""The question before a new account (policy P19), answered by somebody who is old enough everywhere."""

from functools import partial
from typing import Any

from imgpilot.language import translate

#: As the form of the page of a sign-in link takes it; an account that is there ignores it.
ANSWER = {"country": "DE", "day": "4", "month": "5", "year": "1990"}


def press(page: Any, language: str = "en") -> None:
    """On the page of a sign-in link, in a real browser: answer if it asks, and press its button."""
    said = partial(translate, language)
    make = page.get_by_role("button", name=said("Make my account"), exact=True)
    make.or_(page.get_by_role("button", name=said("Sign me in"), exact=True)).wait_for()
    if make.count() == 0:
        page.get_by_role("button", name=said("Sign me in"), exact=True).click()
        return
    page.get_by_label(said("Country you live in")).select_option(ANSWER["country"])
    page.get_by_label(said("Day"), exact=True).fill(ANSWER["day"])
    page.get_by_label(said("Month"), exact=True).select_option(ANSWER["month"])
    page.get_by_label(said("Year"), exact=True).fill(ANSWER["year"])
    make.click()
