"""`imgpilot audit verify`, as people and scripts meet it."""

import json

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

import config
from compliance.audit import outside
from imgpilot.cli import main
from tests.audit.conftest import Log


@pytest.fixture(autouse=True)
def _these_settings(settings: config.Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config, "settings", lambda: settings)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["audit", "verify", *arguments])


def test_a_whole_log(sealed: Log) -> None:
    done = run()
    assert (done.exit_code, done.stdout, done.stderr) == (
        0,
        "The log is whole: 12 entries in 3 seals, newest 23 Nov 2026 14:40 UTC; 2 entries not sealed yet.\n",
        "",
    )


def test_a_log_with_one_entry(log: Log) -> None:
    assert run().stdout == "The log is whole: 0 entries in 0 seals.\n"
    log.one()
    log.seal()
    assert run().stdout == "The log is whole: 1 entry in 1 seal, newest 23 Nov 2026 14:40 UTC.\n"


def test_a_seal_without_copy_is_said(sealed: Log) -> None:
    sealed.parts.storage.remove([outside.key_of(3)])
    assert run().stdout.endswith("the newest seal has no copy outside the database yet.\n")


def test_a_broken_log_is_one_line_and_exit_1(sealed: Log) -> None:
    with sealed.tampering() as forger:
        forger.sql("UPDATE audit_entry SET actor = 'system' WHERE seq = 8")
    done = run()
    line = "Entry 8 (request approved, 23 Nov 2026 14:40 UTC) was changed after it was written."
    assert (done.exit_code, done.stdout, done.stderr) == (1, "", f"imgpilot: {line}\n")
    done = run("--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout) == {"whole": False, "said": line}


def test_json(sealed: Log) -> None:
    done = run("--json")
    assert done.exit_code == 0
    said = json.loads(done.stdout)
    assert said.pop("newest").startswith("2026-11-23")
    assert said == {"whole": True, "entries": 12, "segments": 3, "unsealed": 2, "checked_outside": 3}


def test_help_has_an_example() -> None:
    done = run("--help")
    assert done.exit_code == 0
    assert "imgpilot audit verify --json" in done.stdout


def test_bad_usage_is_exit_2() -> None:
    assert run("--wat").exit_code == 2


def test_a_database_without_the_tables_is_one_line(sealed: Log) -> None:
    with sealed.parts.sessions.begin() as session:
        session.execute(text("ALTER TABLE audit_segment RENAME TO elsewhere"))
    try:
        done = run()
    finally:
        with sealed.parts.sessions.begin() as session:
            session.execute(text("ALTER TABLE elsewhere RENAME TO audit_segment"))
    assert done.exit_code == 1
    assert done.stderr.startswith("imgpilot: The tables of the audit log are not as they should be")
    assert done.stderr.count("\n") == 1
