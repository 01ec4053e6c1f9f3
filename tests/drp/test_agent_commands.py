"""`imgpilot agent …`, against the database of the test."""

import json

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text
from sqlalchemy.orm import Session

import config
from compliance import command_parts
from imgpilot.cli import main
from imgpilot.parts import Parts
from tests.drp.agent import written
from tests.drp.signing import KEY, OTHER_KEY


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["agent", *arguments])


@pytest.fixture(autouse=True)
def _here(parts: Parts, settings: config.Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config, "settings", lambda: settings)


def listed() -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(run("list", "--json").stdout)
    return found


def test_an_agent_is_added_rotated_disabled_and_enabled(session: Session) -> None:
    assert run("list").stdout.strip() == "No agents."
    added = run("add", "CR_AA", "--name", "Consumer Reports", "--key", written(KEY))
    assert added.exit_code == 0 and added.stdout.strip() == "CR_AA  Consumer Reports  waits for its set-up"
    assert run("add", "PAPER", "--name", "Letters").stdout.strip() == "PAPER  Letters  by letter only"
    assert [each["id"] for each in listed()] == ["CR_AA", "PAPER"]
    assert run("rotate", "CR_AA", "--key", written(OTHER_KEY)).exit_code == 0
    assert listed()[0]["key"] == written(OTHER_KEY)
    assert "disabled" in run("disable", "CR_AA").stdout and listed()[0]["active"] is False
    assert "waits" in run("enable", "CR_AA").stdout
    logged = session.execute(text("SELECT action, facts->>'what' FROM audit_entry ORDER BY seq")).all()
    assert [tuple(each) for each in logged] == [
        ("agent added", "added"),
        ("agent added", "added"),
        ("agent changed", "key"),
        ("agent changed", "disabled"),
        ("agent changed", "enabled"),
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        ("add", "CR_AA", "--name", "A", "--key", "zzz"),
        ("add", "a b", "--name", "A"),
        ("rotate", "NOBODY", "--key", written(KEY)),
        ("disable", "NOBODY"),
        ("enable", "NOBODY"),
    ],
)
def test_what_is_wrong_is_one_line(arguments: tuple[str, ...]) -> None:
    answer = run(*arguments)
    assert answer.exit_code == 1 and answer.stderr.startswith("imgpilot: ") and answer.stderr.count("\n") == 1
    assert listed() == []


def test_the_commands_share_the_parts_of_every_command() -> None:
    assert command_parts.parts.__doc__
