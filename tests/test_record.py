"""The Article 30 record against the golden file: every privacy change is a diff that an officer reviews."""

import json
from pathlib import Path

from click.testing import CliRunner

from compliance import record
from imgpilot.cli import main

GOLDEN = Path(__file__).parent / "golden" / "record.txt"
ANEW = "python -m imgpilot record --format text > tests/golden/record.txt"


def test_p09_the_record_is_the_one_that_was_reviewed() -> None:
    assert record.as_text() == GOLDEN.read_text(), f"review the difference, then: {ANEW}"


def test_the_record_as_json_names_every_purpose_processor_and_table() -> None:
    made = json.loads(CliRunner().invoke(main, ["record", "--format", "json"]).output)
    assert {a["table"] for a in made["activities"]} >= {"account", "image", "disclosure", "ab_user"}
    assert all(a["legal_basis"] and a["kept"] for a in made["activities"])
    assert {p["key"] for p in made["processors"]} >= {"openai", "cloudflare", "mail"}


def test_the_record_as_csv_has_a_row_for_each_table() -> None:
    lines = CliRunner().invoke(main, ["record", "--format", "csv"]).output.strip().splitlines()
    assert lines[0].startswith("table,holds,")
    assert len(lines) == 1 + len(record.activities())
