"""What the steps left as evidence reads in plain words on the case page, also where it went otherwise."""

from uuid import UUID

from sqlalchemy.orm import Session

from tests.accounts.browser import Browser
from tests.portal.test_centre import text_of
from tests.requests.conftest import step


def test_a_letter_that_was_refused_and_rows_that_mention_the_address_are_on_the_page(
    session: Session, officer: Browser, case: UUID
) -> None:
    searched = {"tables": 30, "columns": 90, "found": 0, "elsewhere": {"generation.prompt": 2, "ab_user.email": 1}}
    step(session, case, "tell acknowledgement").evidence = {"delivered": False}
    session.commit()
    last = step(session, case, "count")
    last.name, last.evidence = "look again", searched
    session.commit()
    page = text_of(officer.get(f"/requests/{case}").text)
    assert "The mail server refused the letter: it was not delivered." in page
    assert "90 columns of 30 tables searched, 0 found. 3 rows of other people or of staff mention the address." in page
