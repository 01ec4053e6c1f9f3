"""What is found at agreed places, and that Global Privacy Control is heard, kept and confirmed in words (P12)."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from compliance.audit.models import Entry
from imgpilot.accounts import choices
from imgpilot.accounts.models import Choice
from tests.accounts.browser import Browser
from tests.conftest import Clock
from tests.portal.conftest import Enter
from tests.portal.test_centre import text_of
from tests.world import Somebody

HEARD = "Your browser’s signal is honoured: you are opted out of any sale or sharing of your data."
GPC = {"Sec-GPC": "1"}


def test_p12_programs_can_read_that_the_signal_is_honoured(site: Flask, ana: Somebody, clock: Clock) -> None:
    answer = Browser(site).get("/.well-known/gpc.json")
    assert answer.mimetype == "application/json"
    assert answer.json is not None
    assert answer.json["gpc"] is True
    assert date.fromisoformat(answer.json["lastUpdate"]) <= clock().date()


@pytest.mark.parametrize("path", ["/privacy", "/privacy-policy"])
def test_p12_a_visitor_s_signal_is_confirmed_in_words_and_nothing_is_kept_of_it(
    session: Session, site: Flask, ana: Somebody, path: str
) -> None:
    before = session.scalar(select(func.count()).select_from(Choice))
    assert HEARD in text_of(Browser(site).get(path, **GPC).text)
    assert HEARD not in text_of(Browser(site).get(path).text)
    for odd in ("0", "true", "11", ""):
        assert HEARD not in text_of(Browser(site).get(path, **{"Sec-GPC": odd}).text)
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Choice)) == before


def test_p12_the_signal_of_somebody_signed_in_is_kept_once_and_its_absence_takes_nothing_back(
    session: Session, ana: Somebody, bob: Somebody, signed_in: Enter, clock: Clock
) -> None:
    browser = signed_in(ana)
    browser.get("/account", **GPC)
    for _ in range(3):
        clock.tick(minutes=5)
        page = text_of(browser.get("/privacy", **GPC).text)
    assert HEARD in page
    assert "Opt-out request honoured" in page
    clock.tick(days=1)
    without = text_of(browser.get("/privacy").text)
    assert HEARD not in without
    assert "by your browser (Global Privacy Control)" in without
    # Another browser of hers, which sends it too: it is her choice already.
    signed_in(ana).get("/account", **GPC)
    session.rollback()
    made = [one for one in choices.history(session, ana.account.id) if one.what == "sale-sharing"]
    assert [(one.allowed, one.via) for one in made] == [(False, "browser")]
    assert choices.newest(session, bob.account.id, "sale-sharing") is None
    assert session.scalars(select(Entry.action)).all() == ["choice made"]


def test_security_txt_keeps_to_its_rfc(site: Flask, ana: Somebody, clock: Clock) -> None:
    answer = Browser(site).get("/.well-known/security.txt")
    assert answer.content_type == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert fields["Contact"] == "mailto:hi@imgpilot.app"
    assert fields["Preferred-Languages"] == "en, zh"
    assert fields["Canonical"] == "http://127.0.0.1:8000/.well-known/security.txt"
    left = datetime.fromisoformat(fields["Expires"]) - clock()
    assert timedelta(days=30) < left < timedelta(days=365)
    later = clock.tick(days=400)
    renewed = dict(line.split(": ", 1) for line in Browser(site).get("/.well-known/security.txt").text.splitlines())
    assert datetime.fromisoformat(renewed["Expires"]) > later
