"""Staff read about somebody else's data: nothing there says "you"."""

import re

from compliance import inventory, reach, words
from compliance.console.own_words import STAFF_SAY
from compliance.requests.grounds import GROUNDS

TO_THE_PERSON = re.compile(r"\byou(r|rs)?\b", re.IGNORECASE)


def _shown() -> set[str]:
    """What plans, holds and the page of a person say of every kind of record, and what a request is about."""
    said = [inventory.why(table) for table in {*reach.held(), *inventory.tables()}]
    texts = {one.noun for one in said} | {one.kept.words for one in said} | {str(one.ground or "") for one in said}
    # The other grounds are chosen as they will stand in the letter.
    return texts | {one.words for one in GROUNDS.values() if one.part} | set(words.ABOUT.values())


def test_nothing_that_staff_read_is_said_to_the_person() -> None:
    assert {text for text in _shown() if TO_THE_PERSON.search(STAFF_SAY.get(text, text))} == set()


def test_every_text_that_staff_say_otherwise_is_still_said() -> None:
    assert set(STAFF_SAY) - _shown() == set()
