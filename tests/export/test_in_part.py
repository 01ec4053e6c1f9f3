"""A package from which an officer left something out: it is nowhere in it, and what, why and by which law is said."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from compliance.export import report
from compliance.export.asked import Asked
from compliance.export.contents import contents
from compliance.export.snapshot import snapshot
from compliance.requests.regimes import REGIMES
from compliance.standing import Restriction, Statement
from imgpilot.accounts import choices
from imgpilot.parts import Parts
from tests.export.conftest import contents as files_of
from tests.export.test_report import words
from tests.world import Somebody

Pack = Callable[..., Path]
Print = Callable[..., str]

OTHERS = {"ground": "rights-of-others", "until": ""}
NEVER = {"ground": "never-disclosed", "until": ""}


@pytest.fixture
def printed(parts: Parts) -> Print:
    """What somebody reads in the report."""

    def make(somebody: Somebody, **otherwise: Any) -> str:
        now = parts.clock()
        given: dict[str, Any] = {
            "request_id": uuid4(),
            "account_id": somebody.account.id,
            "case": "IP-2026-0413",
            "regime": "gdpr",
            "received_at": now - timedelta(days=20),
            "due_on": date(2026, 12, 3),
            "language": "en",
            "now": now,
        }
        asked = Asked(**(given | otherwise))
        with snapshot(parts.engine) as connection, Session(connection) as session:
            return words(report.access_report(parts, session, connection, contents(session, asked)))

    return make


@pytest.mark.usefixtures("unprinted")
def test_what_was_set_aside_is_in_no_file_and_everything_else_is(ana: Somebody, packed: Pack) -> None:
    whole = files_of(packed(ana))
    part = files_of(packed(ana, set_aside={"generation": OTHERS, "image": NEVER}))
    gone = set(whole) - set(part)
    assert gone == {
        *(f"{folder}/{table}.{end}" for table in ("generation", "image") for folder, end in (("data", "json"),)),
        "data/generation.csv",
        "data/image.csv",
        "schema/generation.json",
        "schema/image.json",
        f"files/images/{ana.image.id}.png",
        f"files/thumbnails/{ana.image.id}.webp",
    }
    assert b"ANA walks along the shore" in b"".join(whole.values())
    assert b"ANA walks along the shore" not in b"".join(part.values())
    for name in set(part) - {"index.html", "manifest.json", "manifest.sig"}:
        assert part[name] == whole[name], name
    said = part["index.html"].decode()
    assert "A part is withheld" in said
    assert "GDPR 15(4), 20(4)" in said and "11 CCR 7024(d)" in said
    assert "A copy would take away from the rights and freedoms of other people." in said
    manifest = json.loads(part["manifest.json"])
    assert {(each["table"], each["law"]) for each in manifest["withheld"]} == {
        ("generation", "GDPR 15(4), 20(4)"),
        ("image", "11 CCR 7024(d)"),
    }
    assert json.loads(whole["manifest.json"])["withheld"] == []


@pytest.mark.usefixtures("unprinted")
def test_a_picture_does_not_tell_the_prompt_that_was_set_aside(ana: Somebody, packed: Pack) -> None:
    files = files_of(packed(ana, set_aside={"generation": OTHERS}))
    assert f"files/images/{ana.image.id}.png" in files
    assert b"ANA walks along the shore" not in b"".join(files.values())


def test_the_report_says_what_is_withheld_on_which_ground_and_does_not_call_itself_complete(
    ana: Somebody, printed: Print
) -> None:
    read = printed(ana, set_aside={"generation": OTHERS})
    assert "ANA walks along the shore" not in read
    for said in (
        "What we withhold, and why",
        "Prompts with their settings 1 A copy would take away from the rights and freedoms of other people.",
        "GDPR 15(4), 20(4)",
        "This copy leaves out a part",
        "but for the part that is named in the summary",
    ):
        assert said in read, said
    assert "This copy is complete" not in read and "A complete copy" not in read


def test_a_list_of_recipients_that_is_withheld_is_not_called_empty(ana: Somebody, printed: Print) -> None:
    read = printed(ana, set_aside={"disclosure": OTHERS})
    assert "The list of companies that received something about you is withheld" in read
    assert "No company received anything" not in read
    assert "Nobody outside" not in read


def test_a_table_that_is_set_aside_and_empty_is_not_told_as_withheld(
    session: Session, ana: Somebody, parts: Parts
) -> None:
    asked = Asked(
        uuid4(), uuid4(), "c", "gdpr", parts.clock(), date(2026, 12, 3), "en", parts.clock(), set_aside={"image": NEVER}
    )
    assert contents(session, asked).withheld == []
    assert ana.image


@pytest.fixture
def disputes(session: Session, parts: Parts, ana: Somebody) -> None:
    """Ana says that her address is wrong; and what she wants and does not want."""
    me, now = ana.account.id, parts.clock()
    session.add_all(
        [
            Statement(account_id=me, about="email", text="That address was my sister's.", at=now),
            Restriction(account_id=me, ground="accuracy", since=now),
        ]
    )
    choices.say(session, me, "news", False, "centre", now + timedelta(seconds=1))
    choices.say(session, me, "statistics", False, "centre", now)
    session.commit()


@pytest.mark.usefixtures("disputes")
def test_what_she_disputes_stands_beside_it_and_what_she_decided_is_named(ana: Somebody, printed: Print) -> None:
    read = printed(ana)
    assert "You dispute this (23 November 2026): That address was my sister's." in read
    beside = read.partition("Your account (1)")[2]
    assert beside.index("my sister's") < beside.index("data/account.csv")
    assert "You dispute this (23 November 2026): ANA disputes it" in read
    for said in (
        "What you said so far, and what counts now",
        "Restricted Something in it is wrong 23 November 2026",
        "Not allowed News about ImgPilot by e-mail",
        "Not allowed Counting what is used",
    ):
        assert said in read, said
    assert "Allowed News" not in read.replace("Not allowed News", "")


@pytest.mark.usefixtures("disputes", "unprinted")
def test_the_page_shows_the_dispute_beside_the_data_too(ana: Somebody, packed: Pack) -> None:
    page = files_of(packed(ana))["index.html"].decode()
    account = page.partition('<section id="account">')[2].partition("</section>")[0]
    assert "That address was my sister&#39;s." in account
    assert "ANA disputes it" in page.partition("<nav")[0]
    aside = files_of(packed(ana, set_aside={"statement": OTHERS}))
    assert b"my sister" not in b"".join(aside.values())


@pytest.mark.parametrize(
    ("regime", "place", "says", "not_this"),
    [
        (
            "gdpr",
            ("NL", None),
            ["GDPR 15", "GDPR 17", "Autoriteit Persoonsgegevens", "GDPR 77, 79"],
            "our promise GDPR",
        ),
        ("uk-gdpr", ("GB", None), ["UK GDPR 15", "UK GDPR 77, 79", "Information"], "authority where you live"),
        (
            "ccpa",
            ("US", "CA"),
            [
                "Cal. Civ. Code 1798.110",
                "1798.105",
                "California Privacy Protection Agency",
                "our promise",
                "oag.ca.gov",
            ],
            "GDPR 77",
        ),
        ("us-va", ("US", "VA"), ["Va. Code 59.1-577", "Attorney General of Virginia", "you can appeal"], "GDPR 77"),
        ("gdpr", (None, None), ["authority where you live or work"], "Autoriteit"),
    ],
)
def test_p17_articles_and_authority_are_those_of_the_law_and_the_place(
    ana: Somebody, printed: Print, regime: str, place: tuple[str | None, str | None], says: list[str], not_this: str
) -> None:
    read = printed(ana, regime=regime, country=place[0], subdivision=place[1])
    for said in says:
        assert said in read, said
    assert REGIMES[regime].name in read
    assert not_this not in read


def test_the_clock_has_the_days_of_where_the_person_lives(parts: Parts) -> None:
    late = parts.clock().replace(hour=23)
    asked = Asked(uuid4(), uuid4(), "c", "gdpr", late, date(2026, 12, 24), "en", late, zone="Europe/Athens")
    assert asked.clock.start == date(2026, 11, 24)
