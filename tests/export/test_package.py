"""The package holds all of Ana's data and none of Bob's, each row the same as JSON, CSV and in the database."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import jsonschema
import pytest
from fideslang.default_taxonomy import DEFAULT_TAXONOMY
from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from compliance import inventory, reach
from compliance.errors import StepFailed
from compliance.export import pictures
from compliance.export.headings import HEADINGS
from compliance.export.values import as_json, plain
from compliance.reach import Person
from imgpilot.errors import StorageError
from imgpilot.generation.models import Generation
from imgpilot.parts import Parts
from imgpilot.storage import Folder
from tests.export.conftest import contents, readable
from tests.world import Somebody, stands_in

Pack = Callable[..., Path]

pytestmark = pytest.mark.usefixtures("unprinted")

FORMULAS = [
    '=HYPERLINK("http://x.example")',
    "+1",
    "-2+3",
    "@SUM(A1)",
    "\tx",
    "'quoted",
    'plain, with "quotes"\nand a line',
]


def hers(session: Session, somebody: Somebody) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Her rows in the database, as JSON has them."""
    for table in reach.held():
        rows = session.execute(reach.her_rows(table, Person(somebody.account.id))).mappings()
        yield table.name, [{name: plain(value) for name, value in row.items()} for row in rows]


def test_p16_the_package_is_machine_readable_and_json_csv_and_database_agree(
    session: Session, ana: Somebody, packed: Pack
) -> None:
    session.execute(
        insert(Generation),
        [
            {
                "account_id": ana.account.id,
                "prompt": prompt,
                "model": "m",
                "ratio": "1:1",
                "width": 1,
                "height": 1,
                "credits_each": 1,
                "created_at": ana.account.created_at,
            }
            for prompt in FORMULAS
        ],
    )
    session.commit()
    files = contents(packed(ana))
    for name, rows in hers(session, ana):
        assert json.loads(files[f"data/{name}.json"]) == rows
        table = list(csv.DictReader(io.StringIO(files[f"data/{name}.csv"].decode(), newline="")))
        assert [{key: _unguarded(value) for key, value in row.items()} for row in table] == [
            {key: _written(value) for key, value in row.items()} for row in rows
        ]
    assert {row["prompt"] for row in json.loads(files["data/generation.json"])} >= set(FORMULAS)
    assert not re.search(rb'(^|,)"?[=@\t]', files["data/generation.csv"])


def _unguarded(cell: str) -> str:
    """What a cell says: one apostrophe at its beginning is not part of it."""
    return cell.removeprefix("'")


def _written(value: object) -> str:
    match value:
        case None:
            return ""
        case bool() | dict() | list():
            return as_json(value)
    return str(value)


def test_the_package_holds_every_mark_of_ana_that_is_not_secret_and_none_of_bob(
    session: Session, ana: Somebody, bob: Somebody, packed: Pack
) -> None:
    files = contents(packed(ana))
    everything = b"\n".join(files.values()) + "\n".join(files).encode()
    for name, rows in hers(session, ana):
        shown = json.loads(files[f"data/{name}.json"])
        assert shown == rows and rows
        for column in inventory.withheld(next(t for t in reach.held() if t.name == name)):
            assert all(column not in row for row in shown)
    assert not stands_in("BOB", readable(files))
    for mark in ("bob@example.com", str(bob.account.id), str(bob.image.id)):
        assert mark.encode() not in everything
    secret = session.scalar(text("SELECT digest FROM sign_in WHERE account_id = :id"), {"id": ana.account.id})
    assert secret and secret.encode() not in everything


def test_every_picture_is_in_it_as_it_was_stored_and_nobody_elses(
    ana: Somebody, bob: Somebody, parts: Parts, packed: Pack
) -> None:
    files = contents(packed(ana))
    wanted = {
        f"files/images/{ana.image.id}.png": ana.image.object_key,
        f"files/thumbnails/{ana.image.id}.webp": ana.image.thumbnail_key,
        f"files/references/{ana.reference.id}.png": ana.reference.object_key,
        f"files/cards/{ana.share.id}.jpg": ana.share.card_key,
        f"files/pictures/{ana.account.id}.webp": ana.account.picture_key,
    }
    assert {name for name in files if name.startswith("files/")} == set(wanted)
    for name, key in wanted.items():
        assert key and files[name] == b"".join(parts.storage.open(key))


def test_every_time_carries_its_zone(ana: Somebody, packed: Pack) -> None:
    files = contents(packed(ana))
    times = 0
    for table in reach.held():
        form = json.loads(files[f"schema/{table.name}.json"])["items"]["properties"]
        for row in json.loads(files[f"data/{table.name}.json"]):
            for name, said in form.items():
                if said.get("format") == "date-time" and row[name] is not None:
                    assert datetime.fromisoformat(row[name]).utcoffset() is not None
                    times += 1
    assert times > 10


def test_the_schemas_hold_and_say_category_purpose_and_origin_of_each_field(ana: Somebody, packed: Pack) -> None:
    files = contents(packed(ana))
    known = {category.fides_key for category in DEFAULT_TAXONOMY.data_category}
    for table in reach.held():
        said = json.loads(files[f"schema/{table.name}.json"])
        jsonschema.Draft202012Validator.check_schema(said)
        validator = jsonschema.Draft202012Validator(said, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)
        validator.validate(json.loads(files[f"data/{table.name}.json"]))
        for field in said["items"]["properties"].values():
            assert field["x-category"] in known
            assert field["x-origin"] in ("provided", "observed", "derived")
            assert field["x-purpose"] == said["x-purpose"]["key"]
        assert said["x-held-back"] == inventory.withheld(table)


def test_the_order_is_the_same_each_time(ana: Somebody, packed: Pack) -> None:
    first, again = contents(packed(ana)), contents(packed(ana))
    assert list(first) == list(again)
    for name in first:
        if name.startswith(("data/", "schema/", "files/")):
            assert first[name] == again[name]


def test_empty_tables_are_named_on_the_page_and_have_no_files(session: Session, ana: Somebody, packed: Pack) -> None:
    session.execute(text("DELETE FROM credit_entry"))
    session.commit()
    files = contents(packed(ana))
    assert "data/credit_entry.json" not in files
    assert "(credit_entry)" in files["index.html"].decode().split('id="held-back"')[1]


def test_an_account_that_is_gone_is_said_and_nothing_is_written(
    ana: Somebody, parts: Parts, build: Callable[..., object]
) -> None:
    before = set(parts.storage.keys())
    with pytest.raises(StepFailed, match="account of this request is gone"):
        build(ana, account_id=uuid4())
    assert set(parts.storage.keys()) == before


class Refusing(Folder):
    """A store whose disk is full after so many bytes of a ZIP."""

    def put(self, key: str, pieces: Any, media_type: str, **about: Any) -> Any:
        def until_full() -> Iterator[bytes]:
            written = 0
            for piece in pieces:
                written += len(piece)
                if written > 2_000:
                    raise OSError(28, "No space left on device")
                yield piece

        return super().put(key, until_full(), media_type, **about)


def test_a_store_that_refuses_the_write_leaves_nothing_and_says_so(
    ana: Somebody, parts: Parts, build: Callable[..., Any]
) -> None:
    request_id = uuid4()
    key = build(ana, request_id=request_id).key  # an attempt that died before it could say it was done
    assert key in set(parts.storage.keys())
    parts.__dict__["storage"] = Refusing(parts.settings.home / "objects")
    with pytest.raises(StorageError, match="refused the write: No space left on device") as refused:
        build(ana, request_id=request_id)
    assert "ana" not in str(refused.value).lower()
    assert key not in set(parts.storage.keys())
    assert not [path for path in (parts.settings.home / "objects").rglob(".*") if path.is_file()]


def test_a_picture_that_is_missing_stops_the_package(ana: Somebody, parts: Parts, build: Callable[..., object]) -> None:
    assert ana.image.object_key
    parts.storage.remove([ana.image.object_key])
    before = set(parts.storage.keys())
    with pytest.raises(StorageError, match="no such object"):
        build(ana)
    assert set(parts.storage.keys()) == before


def test_whoever_lost_the_lease_stops_and_leaves_nothing(
    ana: Somebody, parts: Parts, build: Callable[..., object]
) -> None:
    class LostError(Exception):
        """Somebody else took over."""

    def lost() -> None:
        raise LostError

    before = set(parts.storage.keys())
    with pytest.raises(LostError):
        build(ana, beat=lost)
    assert set(parts.storage.keys()) == before


def test_nothing_of_what_happens_meanwhile_is_in_it(session: Session, ana: Somebody, packed: Pack) -> None:
    done = []

    def meanwhile() -> None:
        if not done:
            done.append(session.execute(text("UPDATE generation SET prompt = 'LATER'")))
            session.commit()

    files = contents(packed(ana, beat=meanwhile))
    assert done and b"LATER" not in b"".join(files.values())
    assert session.scalar(select(Generation.prompt)) == "LATER"


def test_every_column_she_sees_has_a_heading_in_plain_words() -> None:
    silent = {column.name for table in reach.held() for column in inventory.shown(table)} - HEADINGS.keys()
    assert not silent, f"add {sorted(silent)} to compliance/export/headings.py"


def test_names_of_files_hold_no_word_of_hers(session: Session, ana: Somebody) -> None:
    for table in pictures.tables():
        for row in session.execute(reach.her_rows(table, Person(ana.account.id))).mappings():
            for file in pictures.of(table, dict(row)):
                assert re.fullmatch(r"files/[a-z_]+/([0-9a-f-]{36}|[0-9A-Za-z]{22})\.[a-z0-9]+", file.path)
