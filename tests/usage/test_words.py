"""Every feature of the site has words in the usage log, and the package shows them beside the code."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from imgpilot.usage import web, words
from imgpilot.usage.models import Usage
from tests.export.conftest import build, contents, packed, unprinted
from tests.world import Somebody

__all__ = ["build", "packed", "unprinted"]


def test_every_route_of_the_site_has_words_and_no_words_are_left_over(site: Flask) -> None:
    others = (*web.NOT_FEATURES, "test.")
    features = {name for name in site.view_functions if not name.startswith(others)} | {web.NOWHERE}
    assert features - words.every().keys() == set(), "say in imgpilot/usage/words.py what a person did there"
    assert words.every().keys() - features == set(), "these routes are gone"


def test_looking_at_a_form_and_sending_it_are_two_things() -> None:
    assert words.words("portal.ask", "GET") == "Opened a form for a privacy request"
    assert words.words("portal.ask", "POST") == "Made a privacy request"
    assert words.words("api.create_job", "POST") == "A program ordered or stopped pictures"
    assert words.words("gone.long_ago", "GET") is None


@pytest.mark.usefixtures("unprinted")
def test_p05_the_package_says_in_words_what_was_used_with_the_code_beside(
    session: Session, ana: Somebody, packed: Callable[..., Path]
) -> None:
    session.execute(
        update(Usage).where(Usage.account_id == ana.account.id).values(feature="portal.centre", method="GET")
    )
    session.commit()
    inside = contents(packed(ana))
    page = re.sub(r"\s+", " ", inside["index.html"].decode())
    assert "Opened the privacy centre (portal.centre)" in page
    assert '"portal.centre"' in inside["data/usage.json"].decode()
    assert '"portal.centre":"Opened the privacy centre"' in inside["schema/usage.json"].decode()
