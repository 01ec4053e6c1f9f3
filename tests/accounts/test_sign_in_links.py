"""Magic links, at the level of the domain: rows, mails, time."""

import threading
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from imgpilot.accounts import links
from imgpilot.accounts.ages import OldEnough
from imgpilot.accounts.arrivals import WELCOME
from imgpilot.accounts.errors import (
    AccountFrozen,
    LinkExpired,
    LinkReplaced,
    LinkUnknown,
    LinkUsed,
    TooManyLinks,
)
from imgpilot.accounts.models import Account, SignInLink
from imgpilot.billing import ledger
from imgpilot.digests import keyed
from imgpilot.disclosures import Disclosure
from imgpilot.mail import MailNotSent
from imgpilot.parts import Parts
from imgpilot.sandbox.server import Sandbox
from tests.accounts.browser import link_token
from tests.conftest import Clock

ANA = "ana@example.com"
OLD = OldEnough(datetime(2026, 11, 23, tzinfo=UTC), "DE")


def asked(session: Session, parts: Parts, email: str = ANA, language: str = "en") -> SignInLink:
    link = links.ask(session, parts, email, language, parts.clock())
    session.commit()
    return link


def used(session: Session, parts: Parts, token: str) -> tuple[Account, bool]:
    account, created = links.consume(session, parts.settings, token, parts.clock(), old_enough=OLD)
    session.commit()
    return account, created


def account(session: Session, parts: Parts, email: str = ANA) -> Account:
    made = Account(email=email, created_at=parts.clock())
    session.add(made)
    session.commit()
    return made


def planted(session: Session, parts: Parts, email: str = ANA) -> str:
    """A link that nobody mailed; its token."""
    token, now = uuid4().hex, parts.clock()
    session.add(
        SignInLink(
            email=email,
            digest=keyed(parts.settings, "sign-in-link", token),
            created_at=now,
            expires_at=now + links.LASTS,
        )
    )
    session.commit()
    return token


def test_p01_a_link_arrives_by_mail_and_makes_an_account_with_an_address_and_nothing_else(
    session: Session, parts: Parts, sandbox: Sandbox
) -> None:
    asked(session, parts)
    made, created = used(session, parts, link_token(sandbox, ANA))
    assert created
    assert made.email == ANA
    personal = {c.name for c in Account.__table__.columns} - {"id", "created_at"}
    personal -= {"frozen_at", "closing_at", "restricted_at", "held_at"}
    assert personal == {
        *("email", "language", "theme", "timezone", "name", "picture_key", "old_enough_on", "old_enough_in"),
    }
    assert (made.name, made.picture_key, made.timezone) == (None, None, "")


def test_a_new_account_begins_with_welcome_credits_once(
    session: Session, parts: Parts, sandbox: Sandbox, clock: Clock
) -> None:
    for _ in range(2):
        asked(session, parts)
        made, _created = used(session, parts, link_token(sandbox, ANA))
        clock.tick(minutes=1)
    assert not _created
    assert ledger.balance(session, made.id) == WELCOME == 40


def test_p01_a_link_is_single_use(session: Session, parts: Parts, sandbox: Sandbox) -> None:
    asked(session, parts)
    token = link_token(sandbox, ANA)
    used(session, parts, token)
    with pytest.raises(LinkUsed, match="used already"):
        used(session, parts, token)
    with pytest.raises(LinkUsed):
        links.look(session, parts.settings, token, parts.clock())


def test_p01_a_link_is_short_lived(session: Session, parts: Parts, sandbox: Sandbox, clock: Clock) -> None:
    asked(session, parts)
    token = link_token(sandbox, ANA)
    clock.tick(minutes=14, seconds=59)
    links.look(session, parts.settings, token, clock())
    clock.tick(seconds=1)
    for look in (links.look, links.consume):
        with pytest.raises(LinkExpired, match="run out") as late:
            look(session, parts.settings, token, clock())
        assert not isinstance(late.value, LinkReplaced)


def test_p01_a_link_is_stored_only_as_a_digest(session: Session, parts: Parts, sandbox: Sandbox) -> None:
    asked(session, parts)
    token = link_token(sandbox, ANA)
    tables = session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
    assert "sign_in_link" in tables
    for table in tables:
        found = text(f'SELECT count(*) FROM "{table}" AS t WHERE CAST(t.* AS text) LIKE :mark')
        assert session.scalar(found, {"mark": f"%{token}%"}) == 0, table
        assert session.scalar(found, {"mark": f"%{token[:20]}%"}) == 0, table
    assert session.scalar(select(SignInLink.digest)) == keyed(parts.settings, "sign-in-link", token)


@pytest.mark.parametrize("harm", [lambda t: t[:-1], lambda t: t + "A", lambda t: t.swapcase(), lambda t: ""])
def test_a_link_that_was_tampered_with_is_unknown(
    session: Session, parts: Parts, sandbox: Sandbox, harm: object
) -> None:
    asked(session, parts)
    token = link_token(sandbox, ANA)
    with pytest.raises(LinkUnknown, match="ask for a new one"):
        links.consume(session, parts.settings, harm(token), parts.clock())  # type: ignore[operator]
    session.rollback()
    used(session, parts, token)


def test_looking_at_a_link_does_not_use_it_up(session: Session, parts: Parts, sandbox: Sandbox) -> None:
    asked(session, parts)
    token = link_token(sandbox, ANA)
    for _ in range(3):
        assert links.look(session, parts.settings, token, parts.clock()).email == ANA
    assert not session.dirty
    assert used(session, parts, token)[1]


def test_a_new_link_voids_the_one_before(session: Session, parts: Parts, sandbox: Sandbox, clock: Clock) -> None:
    asked(session, parts)
    old = link_token(sandbox, ANA)
    clock.tick(seconds=30)
    asked(session, parts)
    with pytest.raises(LinkReplaced, match="newer link"):
        used(session, parts, old)
    session.rollback()
    assert used(session, parts, link_token(sandbox, ANA))[1]


def test_a_new_link_leaves_other_peoples_alone(session: Session, parts: Parts, sandbox: Sandbox) -> None:
    asked(session, parts, "bob@example.com")
    asked(session, parts)
    assert used(session, parts, link_token(sandbox, "bob@example.com"))[1]


def test_of_two_who_use_a_link_at_once_one_gets_in(session: Session, parts: Parts) -> None:
    token = planted(session, parts)
    ended: list[object] = []

    def second() -> None:
        with parts.sessions() as other:
            try:
                ended.append(used(other, parts, token))
            except LinkUsed as error:
                ended.append(error)

    links.consume(session, parts.settings, token, parts.clock(), old_enough=OLD)
    thread = threading.Thread(target=second)
    thread.start()
    thread.join(0.5)
    assert not ended, "the second waits for the first"
    session.commit()
    thread.join(60)
    assert isinstance(ended[0], LinkUsed)
    assert session.scalar(select(func.count()).select_from(Account)) == 1


def test_if_the_first_fails_the_second_gets_in(session: Session, parts: Parts) -> None:
    token = planted(session, parts)
    ended: list[object] = []

    def second() -> None:
        with parts.sessions() as other:
            ended.append(used(other, parts, token))

    links.consume(session, parts.settings, token, parts.clock(), old_enough=OLD)
    thread = threading.Thread(target=second)
    thread.start()
    thread.join(0.5)
    session.rollback()
    thread.join(60)
    assert ended
    assert session.scalar(select(func.count()).select_from(Account)) == 1


def test_two_links_of_one_address_at_once_make_one_account(session: Session, parts: Parts) -> None:
    first, second = planted(session, parts), planted(session, parts)
    ended: list[tuple[Account, bool]] = []

    def other() -> None:
        with parts.sessions() as another:
            ended.append(used(another, parts, second))

    mine, created = links.consume(session, parts.settings, first, parts.clock(), old_enough=OLD)
    thread = threading.Thread(target=other)
    thread.start()
    thread.join(0.5)
    session.commit()
    thread.join(60)
    assert created
    assert [(a.id, c) for a, c in ended] == [(mine.id, False)]
    assert ledger.balance(session, mine.id) == WELCOME


def test_a_frozen_account_is_refused_and_the_link_is_not_used_up(
    session: Session, parts: Parts, sandbox: Sandbox
) -> None:
    account(session, parts).frozen_at = parts.clock()
    session.commit()
    asked(session, parts)
    with pytest.raises(AccountFrozen) as refused:
        used(session, parts, link_token(sandbox, ANA))
    assert "hi@imgpilot.app" in refused.value.said("en")
    session.rollback()
    assert session.scalar(select(SignInLink.used_at)) is None


def test_p10_the_mail_to_a_known_address_is_in_its_owners_disclosure_log(session: Session, parts: Parts) -> None:
    ana = account(session, parts)
    link = asked(session, parts)
    line = session.get_one(Disclosure, link.disclosure_id)
    assert (line.account_id, line.processor, line.purpose, line.status) == (ana.id, "mail", "sign-in", 250)
    assert line.categories == ["user.contact.email"]


def test_p10_mails_from_before_there_was_an_account_become_its_owners_disclosures(
    session: Session, parts: Parts, sandbox: Sandbox, clock: Clock
) -> None:
    asked(session, parts, "bob@example.com")
    asked(session, parts)
    clock.tick(minutes=1)
    asked(session, parts)
    assert session.scalars(select(Disclosure.account_id)).all() == [None] * 3
    ana, _created = used(session, parts, link_token(sandbox, ANA))
    owners = session.scalars(select(Disclosure.account_id)).all()
    assert sorted(map(str, owners)) == sorted(["None", str(ana.id), str(ana.id)])


@pytest.mark.parametrize("language", ["en", "zh_Hans"])
def test_the_mail_speaks_the_persons_language(session: Session, parts: Parts, sandbox: Sandbox, language: str) -> None:
    asked(session, parts, language=language)
    (mail,) = sandbox.mail.to(ANA)
    words = {"en": "It works once, for 15 minutes.", "zh_Hans": "只能用一次，15 分钟内有效"}[language]
    assert words in mail.text
    assert words in mail.html
    assert dict(mail.headers)["Content-Language"] == language.replace("_", "-")
    assert f'lang="{language.replace("_", "-")}"' in mail.html
    assert all("/sign-in/" in link for link in mail.links), "one link, and no way to be followed"


def test_a_mail_server_that_is_down_loses_nothing(
    session: Session, parts: Parts, sandbox: Sandbox, clock: Clock
) -> None:
    asked(session, parts)
    before = link_token(sandbox, ANA)
    clock.tick(minutes=1)
    down = Parts(parts.settings.model_copy(update={"smtp_url": None}), parts.engine, clock)
    down.settings.sandbox_url = "http://127.0.0.1:1"
    with pytest.raises(MailNotSent, match="Nothing was lost"):
        links.ask(session, down, ANA, "en", clock())
    session.rollback()
    assert used(session, parts, before)[1], "the link from before still works"


def test_nobody_fills_another_persons_mailbox(session: Session, parts: Parts, sandbox: Sandbox, clock: Clock) -> None:
    for _ in range(links.AT_ONCE):
        asked(session, parts)
        clock.tick(seconds=1)
    newest = link_token(sandbox, ANA)
    with pytest.raises(TooManyLinks):
        asked(session, parts)
    session.rollback()
    assert len(sandbox.mail.to(ANA)) == links.AT_ONCE
    links.look(session, parts.settings, newest, clock())
    clock.tick(minutes=15)
    asked(session, parts)


def test_a_link_that_is_used_while_the_account_is_erased_waits_and_holds_nothing_up(
    session: Session, parts: Parts
) -> None:
    ana, token = account(session, parts), planted(session, parts)
    ended: list[object] = []

    def signing_in() -> None:
        with parts.sessions() as other:
            try:
                ended.append(used(other, parts, token))
            except (LinkUnknown, OperationalError) as error:
                ended.append(error)

    session.execute(select(Account.id).where(Account.id == ana.id).with_for_update())
    thread = threading.Thread(target=signing_in)
    thread.start()
    thread.join(0.5)
    session.execute(text("SET LOCAL lock_timeout = '3s'"))
    session.execute(text("DELETE FROM sign_in_link"))
    session.execute(text("DELETE FROM account"))
    session.commit()
    thread.join(60)
    assert [type(end) for end in ended] == [LinkUnknown]
