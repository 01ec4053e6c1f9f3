"""A new e-mail address, confirmed at both addresses."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from compliance.requests.models import PrivacyRequest
from compliance.standing import Suppression
from imgpilot import digests
from imgpilot.accounts import changes, links
from imgpilot.accounts.errors import LinkExpired, LinkUnknown
from imgpilot.accounts.models import Account, Choice, EmailChange, SignIn, SignInLink
from imgpilot.parts import Parts
from imgpilot.sandbox.server import Sandbox
from tests.accounts.browser import Browser, link_path, link_token
from tests.conftest import Clock
from tests.world import person

ANA, NEW, BOB = "ana@example.com", "ana.new@example.org", "bob@example.com"
Another = Callable[[], Browser]


@pytest.fixture(autouse=True)
def _in(browser: Browser, sandbox: Sandbox) -> None:
    browser.sign_in(sandbox, ANA)


def path(sandbox: Sandbox, address: str) -> str:
    (link,) = [each for each in sandbox.mail.to(address)[0].links if "/account/email/" in each]
    return "/account/email/" + link.rpartition("/")[2]


def ask(browser: Browser, address: str = NEW) -> int:
    return browser.post("/account/email", {"email": address}, on="/account").status_code


def email(session: Session) -> str:
    session.expire_all()
    return session.scalars(select(Account.email).order_by(Account.created_at)).first() or ""


@pytest.mark.parametrize("first", ["old", "new"])
def test_p01_the_address_changes_when_both_were_confirmed_in_either_order(
    browser: Browser, another_browser: Another, sandbox: Sandbox, session: Session, first: str
) -> None:
    phone = another_browser()
    phone.sign_in(sandbox, ANA)
    assert ask(browser) == 303
    assert "Two links are on their way" in browser.get("/account").text
    paths = [path(sandbox, ANA), path(sandbox, NEW)]
    for each in paths:
        assert browser.get(each).status_code == 200
    assert email(session) == ANA, "looking changes nothing"
    one, other = paths if first == "old" else paths[::-1]
    half = browser.post(one)
    assert "One address is confirmed" in half.text
    assert email(session) == ANA
    assert browser.post(one, on="/account").status_code == 410
    assert browser.post(other).location == "/account"
    assert email(session) == NEW
    assert NEW in browser.get("/account").text
    assert phone.get("/account").status_code == 302, "other sign-ins ended"
    assert {sandbox.mail.to(each)[0].subject for each in (ANA, NEW)} == {
        "The address of your ImgPilot account has changed"
    }


def test_an_opt_out_that_was_kept_for_the_new_address_counts_with_it(
    browser: Browser, sandbox: Sandbox, session: Session, parts: Parts, clock: Clock
) -> None:
    digest = digests.of_address(parts.settings, NEW)
    session.add(Suppression(digest=digest, what="sensitive", at=clock()))
    session.commit()
    ask(browser)
    for address in (ANA, NEW):
        browser.post(path(sandbox, address))
    chosen = session.execute(select(Choice.what, Choice.allowed, Account.email).join(Account)).all()
    assert chosen == [("sensitive", False, NEW)]


def test_the_page_of_the_new_address_does_not_say_whose_account_it_is(browser: Browser, sandbox: Sandbox) -> None:
    ask(browser)
    stranger = Browser(browser.client.application)
    page = stranger.get(path(sandbox, NEW))
    assert ANA not in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert ANA not in sandbox.mail.to(NEW)[0].text


def test_an_address_that_has_an_account_is_refused_without_a_word_about_it(
    browser: Browser, another_browser: Another, sandbox: Sandbox, session: Session
) -> None:
    another_browser().sign_in(sandbox, BOB)
    assert ask(browser, BOB) == 303
    page = browser.get("/account").text
    assert f'To <span class="b">{BOB}</span>' in page, "the same as for any other"
    letter = sandbox.mail.to(BOB)[0]
    assert "nothing was changed" in letter.text
    assert not [each for each in letter.links if "/account/email/" in each]
    browser.post(path(sandbox, ANA))
    assert sorted(session.scalars(select(Account.email))) == [ANA, BOB]


def test_an_address_that_got_an_account_meanwhile_is_not_taken_from_it(
    browser: Browser, another_browser: Another, sandbox: Sandbox, session: Session
) -> None:
    ask(browser)
    old, new = path(sandbox, ANA), path(sandbox, NEW)
    another_browser().sign_in(sandbox, NEW)
    browser.post(old)
    answer = browser.post(new)
    assert answer.status_code == 409
    assert sorted(session.scalars(select(Account.email))) == sorted([ANA, NEW])


def test_links_run_out_after_an_hour_end_when_called_off_and_when_another_is_asked_for(
    browser: Browser, sandbox: Sandbox, clock: Clock, session: Session, parts: Parts
) -> None:
    ask(browser)
    first = path(sandbox, ANA)
    browser.post("/account/email/cancel", on="/account")
    assert browser.get(first).status_code == 410
    ask(browser)
    second = path(sandbox, ANA)
    ask(browser, "third@example.org")
    assert browser.get(second).status_code == 410
    third = path(sandbox, ANA)
    assert browser.get(third).status_code == 200
    assert ask(browser) == 429, "three an hour"
    clock.tick(minutes=60)
    with pytest.raises(LinkExpired):
        changes.look(session, parts.settings, third.rpartition("/")[2], clock())
    with pytest.raises(LinkUnknown):
        changes.look(session, parts.settings, "made up", clock())


@pytest.mark.parametrize(
    ("typed", "said"), [("ana@example", "Did you mean"), (ANA, "your address already"), ("", "Type")]
)
def test_a_mistake_is_said_and_nothing_is_sent(
    browser: Browser, sandbox: Sandbox, session: Session, typed: str, said: str
) -> None:
    before = len(sandbox.mail)
    answer = browser.post("/account/email", {"email": typed}, on="/account")
    assert answer.status_code == 400
    assert said in answer.text and f'value="{typed}"' in answer.text
    assert len(sandbox.mail) == before
    assert session.scalar(select(func.count()).select_from(EmailChange)) == 0


def test_p18_asking_needs_a_fresh_proof(browser: Browser, clock: Clock) -> None:
    clock.tick(minutes=11)
    assert browser.post("/account/email", {"email": NEW}, on="/account").location == "/prove?next=/account"


def test_links_in_the_old_mailbox_let_nobody_in_any_more(
    browser: Browser, another_browser: Another, sandbox: Sandbox, session: Session
) -> None:
    another_browser().ask(ANA)
    stale = link_path(sandbox, ANA)
    ask(browser)
    for each in (path(sandbox, ANA), path(sandbox, NEW)):
        browser.post(each)
    assert another_browser().get(stale).status_code == 410
    assert set(session.scalars(select(SignInLink.email))) == {NEW}
    assert session.scalar(select(func.count()).where(SignIn.ended_at.is_(None))) == 1


def test_answers_to_requests_that_are_on_go_to_the_new_address(
    session: Session, parts: Parts, sandbox: Sandbox, clock: Clock
) -> None:
    session.rollback()
    bob = person(session, parts, "bob")
    session.commit()
    asked = changes.ask(session, parts, bob.account, NEW, clock())
    for address in (BOB, NEW):
        changes.confirm(session, parts, path(sandbox, address).rpartition("/")[2], clock())
        session.commit()
    assert asked.ended_at == clock()
    assert session.get_one(PrivacyRequest, bob.request.id).contact == NEW
    links.ask(session, parts, NEW, "en", clock())
    session.commit()
    account, made = links.consume(session, parts.settings, link_token(sandbox, NEW), clock())
    assert (account.id, made) == (bob.account.id, False)
