"""The notice by mail: each account once, however often it is started, and nobody who is not to be mailed (P21)."""

import smtplib

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select
from sqlalchemy.orm import Session

import config
from imgpilot.accounts.models import Account
from imgpilot.cli import main
from imgpilot.disclosures import Disclosure
from imgpilot.mail import Mailer
from imgpilot.parts import Parts
from imgpilot.policies import announcing, versions
from imgpilot.policies.announcing import MailServerAway, Told
from imgpilot.policies.models import PolicyShown
from imgpilot.sandbox.server import Sandbox

NEWEST = versions.newest()
BEGAN = versions.every()[0].begins


@pytest.fixture
def people(session: Session) -> list[Account]:
    """Five who joined before the newest version."""
    made = [Account(email=f"{name}@example.com", created_at=BEGAN) for name in ("ada", "bea", "cleo", "dan", "eve")]
    made[1].language = "zh_Hans"
    session.add_all(made)
    session.commit()
    return made


def told(session: Session) -> int:
    """How many are noted as told by mail."""
    session.rollback()
    return len(session.scalars(select(PolicyShown).where(PolicyShown.how == "mail")).all())


def test_p21_everybody_is_told_once_in_their_language(
    session: Session, parts: Parts, sandbox: Sandbox, people: list[Account]
) -> None:
    assert announcing.waiting(parts, NEWEST) == 5
    assert announcing.announce(parts, NEWEST) == Told(mailed=5)
    assert announcing.announce(parts, NEWEST) == Told()
    assert told(session) == len(sandbox.mail) == 5
    (mail,) = sandbox.mail.to("ada@example.com")
    assert mail.subject == "Our privacy policy has changed"
    assert "You can sign in with Google." in mail.text
    assert f"{parts.settings.site_url}/privacy-policy" in mail.text
    (chinese,) = sandbox.mail.to("bea@example.com")
    assert "可以用 Google 登录" in chinese.text
    assert {one.purpose for one in session.scalars(select(Disclosure))} == {"messages"}


def test_p21_it_goes_on_where_the_mail_server_left_off(
    session: Session, parts: Parts, sandbox: Sandbox, people: list[Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = Mailer._hand_over, []

    def away_after_two(self: Mailer, message: object) -> None:
        calls.append(message)
        if len(calls) > 2:
            raise smtplib.SMTPServerDisconnected("gone")
        real(self, message)  # type: ignore[arg-type]

    monkeypatch.setattr(Mailer, "_hand_over", away_after_two)
    with pytest.raises(MailServerAway, match="2 were told"):
        announcing.announce(parts, NEWEST)
    assert told(session) == 2
    monkeypatch.setattr(Mailer, "_hand_over", real)
    assert announcing.announce(parts, NEWEST) == Told(mailed=3)
    assert sorted(address for mail in sandbox.mail for address in mail.recipients) == sorted(
        one.email for one in people
    )


def test_an_address_that_is_refused_holds_up_nobody(
    session: Session, parts: Parts, people: list[Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Mailer._hand_over

    def refusing_ada(self: Mailer, message: object) -> None:
        if "ada@" in message["To"]:  # type: ignore[index]
            raise smtplib.SMTPRecipientsRefused({"ada@example.com": (550, b"no such user")})
        real(self, message)  # type: ignore[arg-type]

    monkeypatch.setattr(Mailer, "_hand_over", refusing_ada)
    assert announcing.announce(parts, NEWEST) == Told(mailed=4, refused=1)
    assert told(session) == 4


@pytest.mark.parametrize("stands", ["restricted_at", "closing_at", "frozen_at"])
def test_accounts_with_which_nothing_new_happens_get_no_mail(
    session: Session, parts: Parts, people: list[Account], sandbox: Sandbox, stands: str
) -> None:
    setattr(people[0], stands, parts.clock())
    session.commit()
    assert announcing.announce(parts, NEWEST) == Told(mailed=4)
    assert sandbox.mail.to("ada@example.com") == []


def test_who_joined_under_it_gets_no_mail(parts: Parts, session: Session, people: list[Account]) -> None:
    people[0].created_at = NEWEST.begins
    session.add(PolicyShown(account_id=people[1].id, version=NEWEST.key, how="sign-up", at=parts.clock()))
    session.commit()
    assert announcing.waiting(parts, NEWEST) == 3


@pytest.fixture
def here(parts: Parts, settings: config.Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands run on the parts of this test."""
    monkeypatch.setattr(config, "settings", lambda: settings)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["policy", *arguments])


@pytest.mark.usefixtures("here")
def test_p21_the_command_says_first_and_mails_then(session: Session, people: list[Account], sandbox: Sandbox) -> None:
    dry = run("announce", NEWEST.key, "--dry-run")
    assert dry.stdout == f"5 would be told about version {NEWEST.key}. Nobody was mailed.\n"
    assert len(sandbox.mail) == told(session) == 0
    assert run("announce", NEWEST.key).stdout.startswith(f"Told about version {NEWEST.key}: 5.")
    assert "Told about version" in run("announce", NEWEST.key).stdout
    assert len(sandbox.mail) == 5


@pytest.mark.usefixtures("here")
def test_only_the_newest_version_is_announced(sandbox: Sandbox, people: list[Account]) -> None:
    assert run("announce", "2020-01-01").exit_code == 2
    assert run("announce", versions.every()[0].key).exit_code == 2
    assert len(sandbox.mail) == 0
    assert NEWEST.key in run("versions", "--json").stdout
