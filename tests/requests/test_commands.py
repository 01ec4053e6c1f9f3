"""A case worked on from a terminal: what the console does, by command, with the same rules."""

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask_appbuilder.security.sqla.models import Role, User
from sqlalchemy import select
from sqlalchemy.orm import Session

import config
from compliance.requests.casework import Comment
from compliance.requests.models import PrivacyRequest, Step
from imgpilot import db
from imgpilot.cli import main
from imgpilot.parts import Parts
from tests.world import Somebody

pytestmark = pytest.mark.usefixtures("plain_documents")
MEI, NOOR, ALI = "mei@imgpilot.example", "noor@imgpilot.example", "ali@imgpilot.example"


@pytest.fixture(autouse=True)
def _these_settings(settings: config.Settings, parts: Parts, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands work on this test's platform, where Mei decides, Noor is the second pair of eyes, Ali prepares."""
    monkeypatch.setattr(config, "settings", lambda: settings)
    monkeypatch.setattr(db, "upgrade", lambda _url: None)  # it is; looking takes half a second a command
    for address, role in ((MEI, "Privacy Officer"), (NOOR, "Approver"), (ALI, "Privacy Agent")):
        user = User(first_name=address.partition("@")[0], last_name="T", username=address, email=address, active=True)
        user.roles = [Role(name=role)]
        session.add(user)
    session.commit()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["request", *arguments])


def shown(key: str) -> dict[str, Any]:
    done = run("show", key, "--json")
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def opened(kind: str, *more: str) -> str:
    done = run("open", "--email", "ana@example.com", "--kind", kind, "--json", *more)
    assert done.exit_code == 0, done.output
    case: str = json.loads(done.stdout)["case"]
    assert run("run", case).exit_code == 0
    return case


def test_every_kind_can_be_opened_by_command_under_the_law_of_the_place(ana: Somebody) -> None:
    about = {"correction": "other", "restriction": "claims", "objection": "statistics"}
    about |= {"consent-withdrawal": "news", "opt-out": "sale-sharing"}
    for kind in ("access", "portability", "deletion", "correction", "restriction", "objection", *list(about)[-2:]):
        case = opened(kind, "--country", "US", "--state", "VA", "--about", about.get(kind, ""))
        assert shown(case)["regime"] == "us-va"
    assert {shown(f"IP-2026-{n:04d}")["state"] for n in (8, 9)} == {"answered"}, "nobody decides these"


def test_a_case_is_given_extended_noted_and_approved_by_who_may(session: Session, ana: Somebody) -> None:
    case = opened("access", "--country", "FR")
    assert run("assign", case, "--as", ALI, "--to", MEI).exit_code == 0
    refused = run("extend", case, "--as", ALI, "--reason", "Many pictures have to be looked at by hand.")
    assert (refused.exit_code, refused.stderr) == (1, "imgpilot: That is not yours to decide.\n")
    before = shown(case)["due"]
    assert run("extend", case, "--as", MEI, "--reason", "Many pictures have to be looked at by hand.").exit_code == 0
    assert shown(case)["due"] > before
    assert run("comment", case, "--as", ALI, "--text", "@mei it is ready").exit_code == 0
    assert session.scalars(select(Comment.text).where(Comment.text.contains("it is ready"))).one()
    plan = shown(case)["plan"]["digest"]
    assert run("approve", case, "--as", MEI, "--plan", plan).exit_code == 0
    run("run", case)
    assert shown(case)["state"] == "answered"


def test_p18_a_deletion_that_was_not_asked_signed_in_takes_two(session: Session, ana: Somebody) -> None:
    case = opened("deletion")
    plan = shown(case)["plan"]["digest"]
    assert "second  " in run("approve", case, "--as", MEI, "--plan", plan).stdout
    again = run("approve", case, "--as", MEI, "--plan", plan)
    assert again.stderr == "imgpilot: You proposed this yourself. Somebody else has to agree.\n"
    assert "running" in run("approve", case, "--as", NOOR, "--plan", plan).stdout
    run("run", case)
    assert shown(case)["state"] == "answered"


def test_a_refusal_can_be_appealed_and_is_judged_by_somebody_else(session: Session, ana: Somebody) -> None:
    case = opened("access")
    assert (
        run("refuse", case, "--as", MEI, "--ground", "excessive", "--reason", "The third time this week.").exit_code
        == 0
    )
    assert "appealed" in run("appeal", case, "--as", ALI, "--words", "It was the first time.").stdout
    own = run("judge", case, "--as", MEI, "--uphold")
    assert own.exit_code == 1
    assert "Somebody else has to judge" in own.stderr
    assert "received" in run("judge", case, "--as", NOOR, "--uphold").stdout
    run("run", case)
    assert shown(case)["state"] == "review"
    again = run("approve", case, "--as", MEI, "--plan", shown(case)["plan"]["digest"])
    assert (again.exit_code, "An appeal overturned your decision" in again.stderr) == (1, True)


def test_what_came_by_post_is_entered_with_its_own_date_and_waits_for_the_proof(
    session: Session, ana: Somebody
) -> None:
    done = run(
        *("enter", "--as", ALI, "--contact", "ana@example.com", "--kind", "access", "--channel", "post"),
        *("--received", "2026-11-16", "--country", "DE", "--json"),
    )
    assert done.exit_code == 0, done.output
    row = json.loads(done.stdout)
    assert (row["state"], row["due"], row["proof"]) == ("proving", "2026-12-16", "none")
    made = session.scalars(select(PrivacyRequest).where(PrivacyRequest.channel == "post")).one()
    assert made.account_id is None
    steps = session.scalars(select(Step.name).where(Step.request_id == made.id)).all()
    assert steps == ["tell confirm"]


def test_bad_usage_exits_2_and_what_is_not_there_exits_1(ana: Somebody) -> None:
    assert run("open", "--email", "ana@example.com", "--kind", "everything").exit_code == 2
    assert run("open", "--email", "ana@example.com", "--kind", "restriction").exit_code == 2
    missing = run("show", "IP-2026-0999")
    assert (missing.exit_code, missing.stderr) == (1, "imgpilot: There is no request IP-2026-0999.\n")
    nobody = run("resume", "IP-2026-0001", "--as", "eve@imgpilot.example")
    assert (nobody.exit_code, nobody.stderr) == (1, "imgpilot: There is no member of staff with this address.\n")
