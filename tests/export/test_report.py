"""The access report answers GDPR Art. 15 point by point, in both languages, bounded however much there is."""

import io
import subprocess
from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pikepdf
import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from compliance.export import report
from compliance.export.asked import Asked
from compliance.export.contents import contents
from compliance.export.snapshot import snapshot
from compliance.words import country
from imgpilot.disclosures import Disclosure
from imgpilot.generation.models import Generation
from imgpilot.parts import Parts
from imgpilot.processors import CLOUDFLARE, OPENAI
from imgpilot.purposes import GENERATION, STORAGE
from tests.world import Somebody

Print = Callable[..., bytes]


def words(pdf: bytes) -> str:
    """What somebody reads in it."""
    done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


@pytest.fixture
def printed(parts: Parts) -> Print:
    """The report of a person."""

    def make(somebody: Somebody, language: str = "en", late: int = 0) -> bytes:
        now = parts.clock()
        asked = Asked(
            uuid4(),
            somebody.account.id,
            "IP-2026-0413",
            "gdpr",
            now - timedelta(days=30 + late),
            now.date() - timedelta(days=late),
            language,
            now,
        )
        with snapshot(parts.engine) as connection, Session(connection) as session:
            return report.access_report(parts, session, connection, contents(session, asked))

    return make


@pytest.fixture
def sent(session: Session, parts: Parts, ana: Somebody) -> None:
    """Something of Ana's went to companies in the United States."""
    for processor, purpose in ((OPENAI, GENERATION), (CLOUDFLARE, STORAGE)):
        session.add(
            Disclosure(
                account_id=ana.account.id,
                processor=processor.key,
                purpose=purpose.key,
                categories=["user.content.private"],
                at=parts.clock(),
            )
        )
    session.commit()


@pytest.mark.usefixtures("sent")
def test_p14_the_report_names_country_and_transfer_mechanism_of_every_recipient(ana: Somebody, printed: Print) -> None:
    read = words(printed(ana))
    assert country("US", "en") == "United States"
    for processor in (OPENAI, CLOUDFLARE):
        assert processor.name in read
    assert read.count("United States") == 2
    assert "Standard contractual" in read  # OpenAI; Cloudflare is in the framework too
    assert read.count("EU–US Data Privacy") == 1
    assert "Germany" in read and "Within the EU" in read
    assert "30 days, to detect abuse" in read


def test_p16_the_report_says_why_on_which_ground_from_where_to_whom_how_long_and_what_she_can_do(
    ana: Somebody, bob: Somebody, printed: Print
) -> None:
    pdf = printed(ana)
    read = words(pdf)
    for said in (
        "What we hold about you",
        "IP-2026-0413",
        "To make the pictures you ask for. Our contract with you, GDPR 6(1)(b)",
        "A duty the law gives us, GDPR 6(1)(c)",
        "You gave it to us",
        "Until you delete them or your account",
        "ANA walks along the shore",
        "data/generation.csv",
        "Restrict",
        "Withdraw consent",
        "data protection authority",
        "This copy is complete",
        "It is a key, not knowledge about you",
        "Legal deadline",
    ):
        assert said in read, said
    assert "BOB" not in read and "bob@" not in read
    with pikepdf.open(io.BytesIO(pdf)) as file, file.open_metadata() as about:
        assert (about["pdfaid:part"], about["pdfaid:conformance"]) == ("3", "A")
        assert len([thing for thing in file.objects if _is_picture(thing)]) >= 2


def _is_picture(thing: object) -> bool:
    return isinstance(thing, pikepdf.Stream) and thing.get("/Filter") == "/DCTDecode"


def test_the_report_is_in_her_language(ana: Somebody, printed: Print) -> None:
    pdf = printed(ana, "zh_Hans")
    with pikepdf.open(io.BytesIO(pdf)) as file:
        assert file.Root.Lang == "zh-Hans"
    assert "2026年11月23日" in words(pdf)


def test_a_late_answer_does_not_hide_that_it_is_late(ana: Somebody, printed: Print) -> None:
    assert "20 Nov" in words(printed(ana, late=3))


def test_the_report_stays_short_however_much_there_is(session: Session, ana: Somebody, printed: Print) -> None:
    session.execute(
        insert(Generation),
        [
            {
                "account_id": ana.account.id,
                "prompt": f"picture {number} " + "long " * 900,
                "model": "m",
                "ratio": "1:1",
                "width": 1,
                "height": 1,
                "credits_each": 1,
                "created_at": ana.account.created_at + timedelta(minutes=number),
            }
            for number in range(400)
        ],
    )
    session.commit()
    pdf = printed(ana)
    read = words(pdf)
    assert "The newest 25 are shown. The other 376 are in data/generation.csv" in read
    assert "picture 399" in read and "picture 374" not in read
    with pikepdf.open(io.BytesIO(pdf)) as file:
        assert len(file.pages) <= 25


def test_the_clock_on_the_cover_is_the_statutory_one() -> None:
    clock = Asked(
        uuid4(),
        uuid4(),
        "IP-2026-0001",
        "ccpa",
        Parts.__dataclass_fields__["clock"].default() - timedelta(days=1),
        date(2027, 1, 6),
        "en",
        Parts.__dataclass_fields__["clock"].default(),
    )
    assert clock.law == "Cal. Civ. Code 1798.110"
    assert clock.clock.done == 1
