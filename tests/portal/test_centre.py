"""The privacy centre: everything that is held and every place it went, and nothing of anybody else."""

import csv
import html
import io
import re

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from compliance.export import access
from compliance.portal.ledger import MANY
from imgpilot.accounts.models import Account
from imgpilot.disclosures import Disclosure
from imgpilot.parts import Parts
from tests.accounts.browser import Browser
from tests.conftest import Clock
from tests.portal.conftest import Enter
from tests.world import Somebody, stands_in


def text_of(page: str) -> str:
    """What a person reads on the page, in one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def disclosed(session: Session, somebody: Somebody, count: int, clock: Clock, **given: object) -> None:
    """So many lines more, all at this moment."""
    usual = {"processor": "sandbox", "purpose": "generation", "categories": ["user.content.private"]}
    session.add_all(
        Disclosure(account_id=somebody.account.id, at=clock(), bytes_out=n, status=200, **usual | given)
        for n in range(count)
    )
    session.commit()


@pytest.fixture
def browser(ana: Somebody, bob: Somebody, signed_in: Enter) -> Browser:
    """Ana's browser."""
    return signed_in(ana)


def test_p16_the_centre_shows_every_kind_that_is_held_with_its_count(
    session: Session, browser: Browser, ana: Somebody
) -> None:
    page = browser.get("/privacy").text
    rows = {
        text_of(first).lower(): text_of(count)
        for first, count in re.findall(r'<summary><b class="b">(.*?)</b><span class="n">(.*?)</span>', page)
    }
    held = access.holdings(session, ana.account.id)
    assert len(held) > 10
    assert rows == {one.said.noun.lower(): str(one.rows) for one in held}
    assert f"We hold {sum(one.rows for one in held)} items about you." in text_of(page)


def test_the_centre_shows_nothing_of_anybody_else(browser: Browser, bob: Somebody) -> None:
    for path in ("/privacy", "/privacy/ledger", "/privacy/ledger.csv", "/privacy/ask/access", "/privacy/ask/deletion"):
        page = browser.get(path).text
        assert not stands_in("BOB", page), path
        assert "bob@example.com" not in page, path
        assert str(bob.account.id) not in page, path


def test_p10_the_ledger_shows_each_disclosure_to_the_person(
    session: Session, browser: Browser, ana: Somebody, clock: Clock
) -> None:
    clock.tick(hours=1)
    disclosed(session, ana, 1, clock, failure="ReadTimeout")
    for path in ("/privacy", "/privacy/ledger"):
        newest, oldest = [text_of(row) for row in _lines(browser.get(path).text)]
        assert "Sandbox on this machine" in newest
        assert "15:40" in newest
        assert "Your prompt, your reference picture or your pictures" in newest
        assert "To make the pictures you ask for" in newest
        assert "it did not arrive" in newest
        assert "Mail delivery" in oldest
        assert "Germany" in oldest
        assert "Your e-mail address" in oldest
        assert "To let you in, and nobody else" in oldest
        assert "it did not arrive" not in oldest


def _lines(page: str) -> list[str]:
    section = page[page.index("Where it went</h") :]
    return re.findall(r"<tr>\s*(<td class=\"when\".*?)</tr>", section, re.DOTALL)


def test_turning_the_pages_of_the_ledger_leaves_no_line_out(
    session: Session, browser: Browser, ana: Somebody, clock: Clock
) -> None:
    disclosed(session, ana, 2 * MANY, clock)
    seen, path = 0, "/privacy/ledger"
    for _ in range(3):
        page = browser.get(path).text
        seen += len(_lines(page))
        older = re.search(r'href="([^"]+)"[^>]*>\s*Older', page)
        path = html.unescape(older[1]) if older else ""
    assert (seen, path) == (2 * MANY + 1, "")


def test_a_mangled_page_of_the_ledger_is_the_first(browser: Browser) -> None:
    for query in ("at=x&line=y", "at=2026-11-23", "at=2026-11-23T00:00:00&line=00000000-0000-0000-0000-000000000000"):
        answer = browser.get(f"/privacy/ledger?{query}")
        assert answer.status_code == 200
        assert len(_lines(answer.text)) == 1


def test_the_ledger_as_a_file_has_every_line_and_no_address(
    session: Session, browser: Browser, ana: Somebody, clock: Clock
) -> None:
    disclosed(session, ana, 1003, clock)
    answer = browser.get("/privacy/ledger.csv")
    assert answer.mimetype == "text/csv"
    head, *lines = csv.reader(io.StringIO(answer.text))
    assert head == ["at", "processor", "country", "purpose", "categories", "bytes", "status"]
    assert len(lines) == 1004
    assert len({tuple(line) for line in lines}) == 1004
    assert "@" not in answer.text


def test_p10_the_ledger_is_filtered_by_company_purpose_and_time_and_the_file_too(
    session: Session, browser: Browser, ana: Somebody, bob: Somebody, clock: Clock
) -> None:
    clock.tick(hours=1)
    disclosed(session, ana, 3, clock, processor="openai")
    disclosed(session, bob, 4, clock, processor="openai")
    disclosed(session, ana, 2, clock, processor="cloudflare", purpose="rights", categories=["user"])
    for query, count in {
        "company=openai": 3,
        "purpose=rights": 2,
        "company=openai&purpose=rights": 0,
        "from=2026-11-23&to=2026-11-23": 6,
        "to=2026-11-22": 0,
        "from=2026-11-24": 0,
        "company=nobody&purpose=nothing&from=yesterday&to=9999-12-31": 6,
    }.items():
        page = browser.get(f"/privacy/ledger?{query}").text
        assert page.count('<td class="when"') == count, query
        assert len(browser.get(f"/privacy/ledger.csv?{query}").text.splitlines()) == count + 1, query
        file = re.search(r'href="(/privacy/ledger\.csv[^"]*)"', page)
        assert file, query
        assert len(browser.get(html.unescape(file[1])).text.splitlines()) == count + 1, query


def test_the_ledger_says_in_a_sentence_what_each_company_got(
    session: Session, browser: Browser, ana: Somebody, clock: Clock
) -> None:
    disclosed(session, ana, 3, clock, processor="openai")
    said = text_of(browser.get("/privacy/ledger").text)
    assert (
        "OpenAI (United States): your prompt, your reference picture or your pictures, 3 times, "
        "the last time on Mon 23 Nov. Why: To make the pictures you ask for. "
        "Kept there: up to 30 days, to detect abuse."
    ) in said


def test_turning_filtered_pages_stays_in_the_filter(
    session: Session, browser: Browser, ana: Somebody, clock: Clock
) -> None:
    disclosed(session, ana, MANY + 5, clock, processor="openai")
    disclosed(session, ana, 7, clock)
    older = re.search(r'href="([^"]+)"[^>]*>\s*Older', browser.get("/privacy/ledger?company=openai").text)
    assert older
    assert len(_lines(browser.get(html.unescape(older[1])).text)) == 5


def test_what_is_held_opens_to_its_fields_with_where_each_came_from(browser: Browser) -> None:
    said = text_of(browser.get("/privacy").text)
    assert "E-mail address (you gave it to us)" in said
    assert "Browser (noted while you used the service)" in said
    assert "because the service you asked for needs it" in said
    assert "It is a key, not knowledge about you: whoever has it could sign in." in said


def test_a_file_that_is_sent_gives_its_connection_back(browser: Browser, parts: Parts) -> None:
    parts.engine.dispose()
    browser.get("/privacy/ledger.csv").close()
    assert parts.engine.pool.checkedout() == 0  # type: ignore[attr-defined]


def test_who_has_nothing_reads_that_nothing_has_left(
    session: Session, parts: Parts, bob: Somebody, signed_in: Enter
) -> None:
    account = Account(email="new@example.com", created_at=parts.clock())
    session.add(account)
    session.commit()
    page = text_of(
        signed_in(Somebody(account, bob.share, bob.image, bob.reference, bob.request, "NEW")).get("/privacy").text
    )
    assert "No company has received any of them." in page
    assert "Nothing about you has left ImgPilot." in page


@pytest.mark.parametrize(
    "path",
    [
        "/privacy",
        "/privacy/ledger",
        "/privacy/seen",
        "/privacy/ask",
        "/privacy/ask/access",
        "/privacy/ask/deletion",
        "/privacy/ask/correction",
    ],
)
def test_every_page_answers_in_both_languages(session: Session, browser: Browser, ana: Somebody, path: str) -> None:
    assert '<html lang="en"' in browser.get(path).text
    session.get_one(Account, ana.account.id).language = "zh_Hans"
    session.commit()
    assert '<html lang="zh-Hans"' in browser.get(path).text


def test_the_number_of_queries_does_not_grow_with_the_ledger(
    session: Session, browser: Browser, parts: Parts, ana: Somebody, clock: Clock
) -> None:
    def asked() -> int:
        statements: list[str] = []

        def note(*given: object) -> None:
            statements.append(str(given[2]))

        event.listen(parts.engine, "before_cursor_execute", note)
        browser.get("/privacy")
        event.remove(parts.engine, "before_cursor_execute", note)
        return len(statements)

    asked()
    few = asked()
    disclosed(session, ana, 300, clock)
    assert asked() == few
