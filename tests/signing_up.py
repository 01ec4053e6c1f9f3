"""The question before a new account (policy P19), answered by somebody who is old enough everywhere."""

from typing import Any

#: As the form of the page of a sign-in link takes it; an account that is there ignores it.
ANSWER = {"country": "DE", "day": "4", "month": "5", "year": "1990"}


def press(page: Any) -> None:
    """On the page of a sign-in link, in a real browser: answer if it asks, and press its button."""
    make = page.get_by_role("button", name="Make my account", exact=True)
    make.or_(page.get_by_role("button", name="Sign me in", exact=True)).wait_for()
    if make.count() == 0:
        page.get_by_role("button", name="Sign me in", exact=True).click()
        return
    page.get_by_label("Country you live in").select_option(ANSWER["country"])
    page.get_by_label("Day", exact=True).fill(ANSWER["day"])
    page.get_by_label("Month", exact=True).select_option(ANSWER["month"])
    page.get_by_label("Year", exact=True).fill(ANSWER["year"])
    make.click()
