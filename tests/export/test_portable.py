"""The package to take along (GDPR 20): what she gave us and what was noted, under contract or consent; nothing else."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from compliance import inventory, portability, reach
from compliance.export.check import check
from compliance.requests.kinds import Kind
from imgpilot.parts import Parts
from imgpilot.privacy import LegalBasis, Origin
from tests.export.conftest import contents, readable
from tests.world import Somebody, stands_in

Pack = Callable[..., Path]


def names(files: dict[str, bytes]) -> set[str]:
    """The tables that are in it."""
    return {
        name.partition("/")[2].removesuffix(".json") for name in files if name.startswith("data/") and "json" in name
    }


def test_nothing_that_was_worked_out_or_kept_for_duties_of_ours_is_in_it(ana: Somebody, packed: Pack) -> None:
    files = contents(packed(ana, kind=Kind.PORTABILITY))
    assert names(files) == {
        *("account", "api_token", "email_change", "identity", "sign_in", "sign_in_link"),
        *("generation", "image", "reference", "collection", "collection_image", "share"),
        *("idempotent_call", "webhook_endpoint"),
    }
    for table in reach.held():
        if table.name not in names(files):
            assert not [name for name in files if f"/{table.name}." in name]
            continue
        assert inventory.why(table).purpose.basis in (LegalBasis.CONTRACT, LegalBasis.CONSENT)
        derived = {c.name for c in table.columns if inventory.what(c).origin is Origin.DERIVED}
        rows = json.loads(files[f"data/{table.name}.json"])
        lines = list(csv.DictReader(io.StringIO(files[f"data/{table.name}.csv"].decode(), newline="")))
        assert rows and len(rows) == len(lines)
        for row in (*rows, *lines):
            assert set(row) == {column.name for column in portability.columns(table)}
            assert not derived & set(row)
        schema = json.loads(files[f"schema/{table.name}.json"])
        jsonschema.Draft202012Validator(schema).validate(rows)
        assert derived <= set(schema["x-held-back"])
    everything = b"".join(files.values())
    assert b"ANA-sha" not in everything, "the digest of a picture was worked out"
    for mark in (b"ANA welcome", b"ANA was refused", b"ANA disputes it", b"ANA sued"):
        assert mark not in everything
    assert not stands_in("BOB", readable(files))


@pytest.mark.usefixtures("unprinted")
def test_access_has_it_all(ana: Somebody, packed: Pack) -> None:
    less, whole = contents(packed(ana, kind=Kind.PORTABILITY)), contents(packed(ana))
    assert names(whole) > names(less)
    assert {name for name in less if name.startswith("files/")} == {name for name in whole if name.startswith("files/")}
    everything = b"".join(whole.values())
    for mark in (b"ANA-sha", b"ANA welcome", b"ANA was refused", b"ANA disputes it"):
        assert mark in everything


@pytest.mark.usefixtures("unprinted")
def test_it_is_the_same_kind_of_document_signed_without_a_report(ana: Somebody, parts: Parts, packed: Pack) -> None:
    path = packed(ana, kind=Kind.PORTABILITY)
    assert check(path, parts.settings.signing.public_key()).good
    files = contents(path)
    assert json.loads(files["manifest.json"])["kind"] == "portable"
    assert json.loads(contents(packed(ana))["manifest.json"])["kind"] == "export"
    files = contents(packed(ana, kind=Kind.PORTABILITY))
    assert "report.pdf" not in files
    assert b"report.pdf" not in files["index.html"]


def test_the_page_says_what_is_not_in_it_and_why(ana: Somebody, packed: Pack) -> None:
    page = contents(packed(ana, kind=Kind.PORTABILITY))["index.html"].decode()
    left = page.partition('id="held-back"')[2]
    for said in (
        "Not to take along",
        "Lines in your disclosure log",
        "We keep it for a duty of our own",
        "It is our own record of what was done",
        "We worked it out from the rest",
    ):
        assert said in left, said
    assert "GDPR 20" in page
    assert "Who received it" not in page


@pytest.mark.parametrize("language", ["zh_Hans"])
def test_it_speaks_the_persons_language(ana: Somebody, packed: Pack, language: str) -> None:
    assert b'<html lang="zh-Hans"' in contents(packed(ana, kind=Kind.PORTABILITY, language=language))["index.html"]


def test_what_was_set_aside_is_not_in_it_either(ana: Somebody, packed: Pack) -> None:
    aside = {"generation": {"ground": "rights-of-others", "until": ""}}
    files = contents(packed(ana, kind=Kind.PORTABILITY, set_aside=aside))
    assert "generation" not in names(files)
    assert b"ANA walks along the shore" not in b"".join(files.values())
    assert b"GDPR 15(4), 20(4)" in files["index.html"]
