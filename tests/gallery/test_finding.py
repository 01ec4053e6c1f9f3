"""Ten thousand pictures: searched, filtered, paged both ways, with the same few queries and no table read whole."""

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, event, text
from sqlalchemy.orm import Session

from imgpilot.accounts.models import Account
from imgpilot.gallery import collecting, pictures, rows, searching, wanted, writing
from imgpilot.gallery.wanted import Wanted
from imgpilot.generation.models import Generation
from imgpilot.parts import Parts
from tests.accounts.browser import Browser
from tests.conftest import Clock
from tests.gallery import many
from tests.gallery.conftest import Hang

BERLIN = ZoneInfo("Europe/Berlin")


@contextmanager
def queries(engine: Engine) -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


def prompts(session: Session, account: Account, wish: Wanted) -> list[str]:
    return [one.generation.prompt for one in pictures.page(session, account.id, wish=wish).pictures]


def test_ten_thousand_pictures(
    session: Session, parts: Parts, clock: Clock, ana: Account, bob: Account, engine: Engine, signed_in: object
) -> None:
    """One test, as filling takes a while: no filter reads a table from end to end, each page has as many queries."""
    many.fill(session, bob.id, 10_000, clock())
    many.fill(session, ana.id, 10_000, clock())
    shores = collecting.create(session, ana.id, "Shores", clock())
    session.commit()
    chosen = [one.image.id for one in pictures.page(session, ana.id, size=30).pictures]
    collecting.put(session, ana.id, shores.id, chosen, clock())
    session.commit()
    session.execute(text("ANALYZE collection_image"))
    wishes = {
        "all": Wanted(),
        "words": Wanted(words="lighthouse"),
        "many words": Wanted(words="low mist"),
        "phrase": Wanted(words='"two pears"'),
        "unfinished": Wanted(words="lighth"),
        "chinese": Wanted(words="墨绿色"),
        "model": Wanted(model="sandbox-draft"),
        "ratio": Wanted(ratio="16:9"),
        "days": Wanted(since=date(2024, 3, 1), until=date(2024, 3, 31)),
        "favourite": Wanted(favourite=True),
        "collection": Wanted(collection=shores.id),
        "removed": Wanted(removed=True),
        "several": Wanted(words="painting OR morning", model="sandbox-painter", favourite=True),
    }
    numbers = {}
    for name, wish in wishes.items():
        with queries(engine) as asked:
            page = pictures.page(session, ana.id, wish=wish, in_rows=True)
        assert len(asked) == 1, name
        assert page.pictures, name
        plan = "\n".join(explained(session, ana, wish))
        assert not re.search(r"Seq Scan on (image|generation)\b", plan), f"{name}:\n{plan}"
        numbers[name] = pictures.count(session, ana.id, wish)
    assert numbers["all"] == 9990
    assert (numbers["words"], numbers["removed"], numbers["collection"]) == (25, 10, 30)
    assert numbers["favourite"] == 4
    assert numbers["days"] == pytest.approx(31 * 24 / 5, abs=1)
    assert numbers["chinese"] == pytest.approx(2000, abs=3)

    # From the newest to the oldest and back, each picture once; pages in the middle cost what the first one does.
    seen, after = [], ""
    while True:
        page = pictures.page(session, ana.id, after, size=500, in_rows=True)
        seen += [one.image.id for one in page.pictures]
        assert all(rows.ACROSS * 0.6 < sum(one.shape for one in row) < rows.ACROSS * 1.6 for row in page.rows[:-1])
        if not (after := page.further):
            break
    assert len(seen) == len(set(seen)) == 9990
    up, before = [], page.newer
    while before:
        page = pictures.page(session, ana.id, before=before, size=500, in_rows=True)
        up = [one.image.id for one in page.pictures] + up
        before = page.newer
    assert up == seen[: len(up)] and len(up) > 9000
    middle = pictures.page(session, ana.id, size=5000).further
    plan = "\n".join(explained(session, ana, Wanted(), middle))
    assert "Seq Scan" not in plan and "Index Cond" in plan, plan

    months = pictures.months(session, ana.id, Wanted(), UTC)
    assert sum(number for _month, number in months) == 9990 and months[0][0] == "2026-11"
    browser: Browser = signed_in(ana)  # type: ignore[operator]
    counted = []
    for path in (
        "/gallery",
        "/gallery?q=lighthouse",
        f"/gallery?collection={shores.id}&ratio=1:1",
        "/gallery?on=2024-03",
    ):
        with queries(engine) as asked:
            assert browser.get(path).status_code == 200
        counted.append(len(asked))
    assert max(counted) <= min(counted) + 1, "one more where there are newer ones"
    assert max(counted) <= 14
    march = browser.get("/gallery?on=2024-03&ratio=1%3A1").text
    first = re.search(r'<time datetime="(2024-03-3[01])', march)
    assert first and 'rel="prev"' in march
    assert "lighthouse" in browser.get("/gallery?q=lighthouse").text
    with queries(engine) as asked:
        piece = browser.get("/gallery", **{"HX-Request": "true"}).text
    assert piece.lstrip().startswith("<section") and "<html" not in piece
    assert len(asked) <= 6


def explained(session: Session, account: Account, wish: Wanted, after: str = "") -> list[str]:
    """How PostgreSQL would find the first page."""
    statement = pictures._older_than(pictures._mine(account.id, wish, UTC), wanted.place(after)).limit(61)
    compiled = statement.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
    return list(session.scalars(text("EXPLAIN " + str(compiled).replace(":", "\\:").replace("%%", "%"))))


def test_words_are_found_as_people_type_them(session: Session, ana: Account, hang: Hang) -> None:
    for prompt in (
        "Ridges at first light",
        "first snow, light clouds",
        "一片墨绿色的海",
        "绿墨",
        "a half-lit café (blue)",
    ):
        hang(ana, prompt)
    for words, found in {
        "first light": 2,
        '"first light"': 1,
        "light first": 2,
        "LIGHT": 2,
        "lig": 2,
        "ligh first": 0,
        "light -snow": 1,
        "ridges OR snow": 2,
        "墨绿": 1,
        "绿": 2,
        "绿墨": 1,
        "海 墨": 1,
        "half-lit": 1,
        "café": 1,
        "blue)": 1,
        "'": 0,
        "& | ! <->": 0,
        "-": 0,
        '"': 0,
        "ridges \\": 1,
        "OR": 0,
        "%": 0,
    }.items():
        assert len(prompts(session, ana, Wanted(words=words))) == found, words


@given(st.text(max_size=40))
def test_no_words_are_an_error(words: str) -> None:
    """Whatever is typed becomes a condition; what PostgreSQL says to it is tried below with the odd ones."""
    assert searching.matches(wanted.read({"q": words}).words) is not None


def test_odd_words_find_nothing_and_break_nothing(session: Session, ana: Account, hang: Hang) -> None:
    hang(ana, "two pears")
    odd = ["\x00", "\\", "a:*", "a:b", "!!", "((", "'a' & 'b'", "\u2028", "𝒳", "🍐", "--a", '-"', 'a" b', "_", "\ud800"]
    for words in odd:
        prompts(session, ana, wanted.read({"q": words}))
    assert prompts(session, ana, wanted.read({"q": "pears\x00"})) == ["two pears"]


def test_days_are_those_of_the_persons_zone(session: Session, ana: Account, hang: Hang, clock: Clock) -> None:
    late = clock().replace(hour=23, minute=30)
    hang(ana, "late", at=late)
    for zone, day in ((UTC, late.date()), (BERLIN, late.date() + timedelta(days=1))):
        wish = Wanted(since=day, until=day)
        assert len(pictures.page(session, ana.id, wish=wish, zone=zone).pictures) == 1
        assert pictures.months(session, ana.id, wish, zone)[0][0] == f"{day:%Y-%m}"


def test_an_address_says_what_is_wanted_and_is_read_back() -> None:
    wish = Wanted("a b", "m", "1:1", date(2024, 1, 2), date(2024, 2, 3), True, uuid4(), True)
    assert wanted.read(wish.query()) == wish
    assert wanted.read({"from": "2024-02-03", "to": "2024-01-02"}) == Wanted(
        since=date(2024, 1, 2), until=date(2024, 2, 3)
    )
    assert wanted.read({"from": "yesterday", "to": "0001-01-01", "collection": "x", "favourite": "yes"}) == Wanted()
    assert wish.without("words").query()["model"] == "m" and "q" not in wish.without("words").query()
    assert not Wanted(removed=True).narrowed and Wanted(words="x").narrowed


@given(st.text(max_size=60))
def test_a_place_is_read_or_is_none(written: str) -> None:
    found = wanted.place(written)
    assert found is None or wanted.place(wanted.named(found)) == found


def test_a_month_and_a_day_end_where_the_next_begins() -> None:
    month, day = wanted.end_of("2024-02", BERLIN), wanted.end_of("2024-02-29", BERLIN)
    assert month == day and month and month[0].isoformat() == "2024-02-29T23:59:59.999999+01:00"
    assert [wanted.end_of(odd, UTC) for odd in ("", "2024", "2024-13", "2999-12-31x", "1999-01")] == [None] * 5
    assert wanted.end_of("2999-12-31", UTC) is not None


@given(st.lists(st.floats(0.3, 3)))
def test_rows_lose_nothing_and_keep_the_order(shapes: list[float]) -> None:
    full, rest = rows.rows(shapes, lambda shape: shape)
    assert [each for row in full for each in row] + rest == shapes
    above, below = rows.upwards(shapes, lambda shape: shape)
    assert above + [each for row in below for each in row] == shapes


def test_the_letters_of_a_prompt_name_its_language() -> None:
    assert [writing.tag(one) for one in ("pears", "一片海", "海の家", "바다", "")] == ["", "zh", "ja", "ko", ""]


def test_filters_stand_as_chips_that_can_be_taken_away(
    session: Session, ana: Account, signed_in: object, hang: Hang, site: Flask
) -> None:
    hang(ana, "two pears", ratio="3:2")
    browser: Browser = signed_in(ana)  # type: ignore[operator]
    page = html.unescape(browser.get("/gallery?q=pears&ratio=3:2&favourite=0&model=").text)
    chips = re.findall(r'class="fchip">(.+?)</span>', page, re.DOTALL)
    assert len(chips) == 2
    assert '<b dir="auto">pears</b><a href="/gallery?ratio=3%3A2"' in chips[0]
    assert '<b dir="auto">3:2</b><a href="/gallery?q=pears"' in chips[1]
    assert "Clear all" in page
    assert 'href="/images/' in page and "?q=pears&ratio=3%3A2" in page, "the picture knows the list it is in"
    assert "No picture is like that" in browser.get("/gallery?q=plums").text
    assert "<script>" not in browser.get("/gallery?q=%3Cscript%3E").text


def test_an_empty_place_says_how_something_comes_into_it(
    session: Session, ana: Account, clock: Clock, signed_in: object, hang: Hang
) -> None:
    hang(ana, "two pears")
    kept = collecting.create(session, ana.id, "Still lifes", clock())
    session.commit()
    browser: Browser = signed_in(ana)  # type: ignore[operator]
    assert "Press the star on a picture" in browser.get("/gallery?favourite=1").text
    assert "Nothing in this collection yet" in browser.get(f"/gallery?collection={kept.id}").text
    assert "No picture is like that" in browser.get("/gallery?favourite=1&q=plums").text


def test_a_picture_and_the_collections_are_in_my_pictures(
    session: Session, ana: Account, signed_in: object, hang: Hang
) -> None:
    one = hang(ana, "two pears")
    browser: Browser = signed_in(ana)  # type: ignore[operator]
    for path in ("/gallery", "/collections", f"/images/{one.id}"):
        here = re.findall(r'<a href="([^"]+)" aria-current="page">', browser.get(path).text)
        assert set(here) == {"/gallery"}, path


def test_a_picture_leads_to_those_beside_it_in_its_list(
    session: Session, ana: Account, bob: Account, clock: Clock, signed_in: object, hang: Hang
) -> None:
    made = [hang(ana, f"pear {n}" if n != 1 else "a plum", at=clock.tick(minutes=1)) for n in range(4)]
    hang(bob, "pear of his", at=clock())
    browser: Browser = signed_in(ana)  # type: ignore[operator]
    page = html.unescape(browser.get(f"/images/{made[2].id}?q=pear").text)
    assert f'rel="prev" href="/images/{made[3].id}?q=pear"' in page
    assert f'rel="next" href="/images/{made[0].id}?q=pear"' in page
    everything = browser.get(f"/images/{made[2].id}").text
    assert f'rel="next" href="/images/{made[1].id}"' in everything
    assert session.get(Generation, made[0].generation_id) is not None
