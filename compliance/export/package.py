"""The export package: one ZIP with everything held about a person, built while it is written (GDPR Art. 15, 20).

Nothing of it is ever whole in memory or on a disk of ours: rows come in batches from one snapshot of the database,
pictures in pieces from the object store, and the ZIP goes in pieces to where it will lie.
"""

from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from datetime import date, datetime
from uuid import UUID

import rfc8785
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from compliance import inventory
from compliance.errors import StepFailed
from compliance.export import index, pictures, report, tabular
from compliance.export.archive import Archive
from compliance.export.asked import SCHEMA_VERSION, Asked
from compliance.export.contents import Contents, contents
from compliance.export.schema import schema
from compliance.export.snapshot import rows, snapshot
from compliance.export.values import as_json, moment
from compliance.reach import Person
from imgpilot.accounts.models import Account
from imgpilot.parts import Parts
from imgpilot.purposes import RIGHTS
from imgpilot.storage import Stored, key_for

Beat = Callable[[], None]


def build(
    parts: Parts,
    *,
    request_id: UUID,
    account_id: UUID,
    case: str,
    regime: str,
    received_at: datetime,
    due_on: date,
    language: str,
    now: datetime,
    beat: Beat,
) -> Stored:
    """Build the package into the object store. If anything fails, it raises and nothing lies under the key.

    `beat` is called about every 500 rows and every megabyte. Raises StepFailed if the account is gone,
    StorageError if the object store refuses a read or the write; whatever `beat` raises comes through.
    """
    asked = Asked(request_id, account_id, case, regime, received_at, due_on, language, now)
    key = key_for(account_id, "packages", f"{request_id}.zip")
    # An earlier attempt may have written it and died before saying so; what fails now must not leave that behind.
    parts.storage.remove([key])
    with snapshot(parts.engine) as connection, closing(_pieces(parts, connection, asked, beat)) as pieces:
        return parts.storage.put(key, pieces, "application/zip", subject=account_id, purpose=RIGHTS)


def _pieces(parts: Parts, connection: Connection, asked: Asked, beat: Beat) -> Generator[bytes, None, None]:
    """The bytes of the ZIP: data, then pictures, then the two documents that speak of them, the manifest last."""
    with Session(connection) as session:
        if session.get(Account, asked.account_id) is None:
            raise StepFailed("The account of this request is gone.", again=False)
        held = contents(session, asked)
        archive = Archive(beat)
        yield from _data(archive, connection, held, beat)
        yield from _pictures(archive, parts, connection, held, beat)
        beat()
        printed = report.access_report(parts, session, connection, held)
        beat()
        yield from archive.file("report.pdf", "application/pdf", [printed])
        pages = index.pages(connection, held, archive.files, parts.settings)
        yield from archive.file("index.html", "text/html", pages)
        yield from _manifest(archive, parts, asked)
        yield from archive.end()


def _data(archive: Archive, connection: Connection, held: Contents, beat: Beat) -> Iterator[bytes]:
    person = Person(held.asked.account_id)
    for holding in held.holdings:
        table = holding.table
        names = [column.name for column in inventory.shown(table)]
        as_array = tabular.json_array(rows(connection, table, person, beat))
        yield from archive.file(f"data/{table.name}.json", "application/json", as_array)
        as_csv = tabular.csv(names, rows(connection, table, person, beat))
        yield from archive.file(f"data/{table.name}.csv", "text/csv", as_csv)
        said = as_json(schema(table)).encode()
        yield from archive.file(f"schema/{table.name}.json", "application/schema+json", [said])


def _pictures(archive: Archive, parts: Parts, connection: Connection, held: Contents, beat: Beat) -> Iterator[bytes]:
    for table in pictures.tables():
        with closing(rows(connection, table, Person(held.asked.account_id), beat)) as batches:
            for file in (file for batch in batches for row in batch for file in pictures.of(table, row)):
                yield from archive.file(file.path, file.media_type, parts.storage.open(file.key))


def _manifest(archive: Archive, parts: Parts, asked: Asked) -> Iterator[bytes]:
    """The list of every file before it, in canonical JSON (RFC 8785), and the signature over its bytes."""
    canonical = rfc8785.dumps(
        {
            "request": str(asked.request_id),
            "case": asked.case,
            "schema_version": SCHEMA_VERSION,
            "made_at": moment(asked.now),
            "files": [packed.line() for packed in archive.files],
        }
    )
    yield from archive.file("manifest.json", "application/json", [canonical])
    signature = parts.settings.signing.sign(canonical)
    yield from archive.file("manifest.sig", "application/octet-stream", [signature])
