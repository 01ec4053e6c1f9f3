"""The age gate: asked without a hint, kept as a day and a country, and no account for whoever is too young (P19)."""

import logging
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from imgpilot.accounts import ages, countries, tidying
from imgpilot.accounts.models import Account, AgeRefusal, SignInLink
from imgpilot.policies.models import PolicyShown
from imgpilot.policy import in_force
from imgpilot.sandbox.server import Sandbox
from tests.accounts.browser import Browser, link_path
from tests.accounts.google import everything, through_google
from tests.conftest import Clock
from tests.signing_up import ANSWER

ANA = "ana@example.com"
Another = Callable[[], Browser]
NOW = datetime(2026, 11, 23, 14, 40, tzinfo=UTC)
YOUNG = {"country": "DE", "day": "24", "month": "11", "year": "2010"}
CODES = [code for code, _name in countries.listed("en")]


@given(st.sampled_from(CODES), st.dates(date(1910, 1, 1), NOW.date()))
@settings(max_examples=300)
def test_p19_whoever_reached_the_age_of_their_country_gets_in_and_nobody_else(country: str, born: date) -> None:
    limit = ages.threshold(country)
    assert 13 <= limit <= 16
    birthday = born.replace(year=born.year + limit, day=min(born.day, 28)) + timedelta(
        days=born.day - min(born.day, 28)
    )
    given_ = country, str(born.day), str(born.month), str(born.year), NOW
    if birthday <= NOW.date():
        kept = ages.read(*given_)
        assert (kept.on, kept.country) == (NOW, country)
    else:
        with pytest.raises(ages.TooYoung):
            ages.read(*given_)


@pytest.mark.parametrize(
    ("country", "years"),
    [
        ("US", 13),
        ("GB", 13),
        ("CH", 13),
        ("CN", 13),
        ("AT", 14),
        ("IT", 14),
        ("FR", 15),
        ("DK", 15),
        ("DE", 16),
        ("NL", 16),
    ],
)
def test_p19_the_day_itself_counts_and_the_day_before_does_not(country: str, years: int) -> None:
    assert ages.threshold(country) == years
    year = str(2026 - years)
    assert ages.read(country, "23", "11", year, NOW).country == country
    with pytest.raises(ages.TooYoung):
        ages.read(country, "24", "11", year, NOW)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"country": ""}, "country"),
        ({"country": "XX"}, "country"),
        ({"country": "EU"}, "country"),
        ({"day": ""}, "born"),
        ({"day": "31", "month": "2"}, "born"),
        ({"day": "29", "month": "2", "year": "2001"}, "born"),
        ({"year": "2027"}, "born"),
        ({"year": "1890"}, "born"),
        ({"year": "90"}, "born"),
        ({"year": "9" * 40}, "born"),
        ({"day": "four"}, "born"),
        ({"day": "0"}, "born"),
    ],
)
def test_p19_what_is_no_answer_is_said_beside_it_and_keeps_what_was_typed(
    browser: Browser, sandbox: Sandbox, session: Session, typed: dict[str, str], field: str
) -> None:
    browser.ask(ANA)
    path = link_path(sandbox, ANA)
    answer = browser.post(path, ANSWER | typed)
    assert answer.status_code == 400
    assert 'aria-invalid="true"' in answer.text
    assert f'id="f-{field}-help"' in answer.text
    assert f'value="{(ANSWER | typed)["year"]}"' in answer.text
    assert session.scalar(select(func.count()).select_from(Account)) == 0
    assert session.scalar(select(func.count()).select_from(AgeRefusal)) == 0
    assert browser.post(path, ANSWER).location == "/studio", "the link was not used up"


def test_p19_the_question_does_not_hint_at_the_limit(browser: Browser, sandbox: Sandbox) -> None:
    browser.ask(ANA)
    page = browser.get(link_path(sandbox, ANA), **{"Accept-Language": "de-AT,en;q=0.5"}).text
    asked = page[page.index("<h1") : page.index("By making an account")]
    asks = re.sub(r"(?s)<select.*?</select>|<[^>]+>|\s+", " ", asked)
    assert not re.search(r"\d|old|young|age\b|years", asks), asks
    assert '<option value="AT" selected>' in page
    assert 'name="year" inputmode="numeric" required autocomplete="bday-year"\n      maxlength="4" value=""' in page


def test_p19_what_is_kept_is_a_day_and_a_country_and_the_policy_that_was_shown(
    browser: Browser, sandbox: Sandbox, session: Session, caplog: pytest.LogCaptureFixture, clock: Clock
) -> None:
    caplog.set_level(logging.DEBUG)
    browser.ask(ANA)
    browser.post(link_path(sandbox, ANA), {"country": "FR", "day": "29", "month": "2", "year": "1976"})
    ana = session.scalars(select(Account)).one()
    assert (ana.old_enough_on, ana.old_enough_in) == (clock(), "FR")
    held = everything(session)
    cookie = browser.client.get_cookie("imgpilot_site")
    for place in (held, cookie.value if cookie else "", "\n".join(r.getMessage() for r in caplog.records)):
        # Four digits may stand in a digest; nothing of letters and digits stands beside a year.
        assert not re.search(r"(?<![\w-])1976(?!\w)|\b[0-3]?\d-1976\b", place)
    shown = session.scalars(select(PolicyShown)).one()
    assert (shown.account_id, shown.version, shown.how) == (ana.id, in_force(clock()), "sign-up")


def test_p19_too_young_is_a_polite_page_and_a_mark_for_a_day_and_nothing_else(
    browser: Browser, another_browser: Another, sandbox: Sandbox, session: Session, clock: Clock
) -> None:
    browser.ask(ANA)
    path = link_path(sandbox, ANA)
    answer = browser.post(path, YOUNG)
    assert answer.status_code == 403
    assert "We cannot make an account for you" in answer.text
    line = next(each for each in answer.headers.getlist("Set-Cookie") if each.startswith("not_yet="))
    assert "HttpOnly" in line and "Max-Age=86400" in line and "not_yet=1;" in line
    left = {
        model.__tablename__: session.scalar(select(func.count()).select_from(model)) for model in (Account, SignInLink)
    }
    assert left == {"account": 0, "sign_in_link": 0}
    mark = session.scalars(select(AgeRefusal)).one()
    assert re.fullmatch(r"[0-9a-f]{64}", mark.digest)
    assert browser.get(path).status_code == 404
    # The same browser with another address, and the same address in another browser.
    browser.ask("older@example.com")
    again = link_path(sandbox, "older@example.com")
    assert browser.get(again).status_code == 403
    assert browser.post(again, ANSWER, on="/sign-in").status_code == 403
    other = another_browser()
    other.ask(ANA)
    assert other.post(link_path(sandbox, ANA), ANSWER, on="/sign-in").status_code == 403
    assert session.scalar(select(func.count()).select_from(Account)) == 0
    clock.tick(hours=24)
    tidying.tidy(session, clock())
    session.commit()
    assert session.scalar(select(func.count()).select_from(AgeRefusal)) == 0
    other.ask(ANA)
    assert other.open_link(link_path(sandbox, ANA)).location == "/studio"


def test_p19_a_brother_on_the_same_computer_still_signs_in(
    browser: Browser, another_browser: Another, sandbox: Sandbox
) -> None:
    another_browser().sign_in(sandbox, "bob@example.com")
    browser.ask(ANA)
    browser.post(link_path(sandbox, ANA), YOUNG)
    browser.ask("bob@example.com")
    assert browser.post(link_path(sandbox, "bob@example.com")).location == "/studio"


def test_p19_accounts_from_before_the_question_are_not_asked(
    browser: Browser, sandbox: Sandbox, session: Session
) -> None:
    session.add(Account(email=ANA, created_at=NOW))
    session.commit()
    browser.ask(ANA)
    path = link_path(sandbox, ANA)
    assert "Date of birth" not in browser.get(path).text
    assert browser.post(path).location == "/studio"


def test_p19_who_comes_from_google_is_asked_the_same(
    browser: Browser, another_browser: Another, sandbox: Sandbox, session: Session, clock: Clock
) -> None:
    sandbox.google.clock = lambda: clock().timestamp()
    assert through_google(browser).location == "/sign-up"
    assert "Date of birth" in browser.get("/sign-up").text
    assert browser.post("/sign-up", ANSWER | {"day": "32"}).status_code == 400
    answer = browser.post("/sign-up", YOUNG)
    assert answer.status_code == 403
    assert browser.get("/sign-up").location == "/sign-in", "what Google said is forgotten"
    assert session.scalar(select(func.count()).select_from(Account)) == 0
    other = another_browser()
    through_google(other)
    assert other.get("/sign-up").status_code == 403, "the address is marked"
    with other.client.session_transaction() as held:
        assert "sign_up" not in held, "nor does what Google said stay when a child tries again"


def test_one_client_asks_for_so_many_links_and_no_more(browser: Browser, sandbox: Sandbox, clock: Clock) -> None:
    for number in range(20):
        assert browser.ask(f"somebody{number}@example.com").status_code == 302
    answer = browser.ask("one.more@example.com")
    assert answer.status_code == 429
    assert "Ask again in 60 minutes." in answer.text
    assert 'value="one.more@example.com"' in answer.text
    assert not sandbox.mail.to("one.more@example.com")
    clock.tick(hours=1)
    assert browser.ask("one.more@example.com").status_code == 302
