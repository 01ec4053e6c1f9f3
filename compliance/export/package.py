"""The export package: one ZIP with everything held about a person, built while it is written (GDPR Art. 15, 20).

Nothing of it is ever whole in memory or on a disk of ours: rows come in batches from one snapshot of the database,
pictures in pieces from the object store, and the ZIP goes in pieces to where it will lie.
"""

from collections.abc import Callable, Generator, Iterator
from contextlib import closing

import rfc8785
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from compliance import vault
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
#: What the object is called in the store: locked, it is no ZIP.
MEDIA_TYPE = "application/octet-stream"


def build(parts: Parts, asked: Asked, key: bytes, beat: Beat) -> Stored:
    """Build the package into the object store, encrypted with `key` (compliance.vault). `bytes` and `sha256` of what
    comes back are those of the plain ZIP. If anything fails, it raises and nothing lies under the object's key.

    `beat` is called about every 500 rows and every megabyte. Raises Locked if there is no key, StepFailed if the
    account is gone, StorageError if the object store refuses a read or the write; whatever `beat` raises comes through.
    """
    lies = key_for(asked.account_id, "packages", f"{asked.request_id}.zip")
    with snapshot(parts.engine) as connection, closing(_pieces(parts, connection, asked, beat)) as pieces:
        plain = vault.Measured(pieces)
        locked = vault.locked(plain, key)
        # An earlier attempt may have written it and died before saying so; what fails now must not leave that behind.
        parts.storage.remove([lies])
        with closing(locked):
            parts.storage.put(lies, locked, MEDIA_TYPE, subject=asked.account_id, purpose=RIGHTS)
        return Stored(lies, plain.bytes, plain.sha256)


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
        if not asked.portable:
            # What is taken along is for another service to read; the report answers Art. 15.
            printed = report.access_report(parts, session, connection, held)
            beat()
            yield from archive.file("report.pdf", "application/pdf", [printed])
        pages = index.pages(connection, held, archive.files, parts.settings)
        yield from archive.file("index.html", "text/html", pages)
        yield from _manifest(archive, parts, held)
        yield from archive.end()


def _data(archive: Archive, connection: Connection, held: Contents, beat: Beat) -> Iterator[bytes]:
    person = Person(held.asked.account_id)
    for holding in held.holdings:
        table = holding.table
        columns = held.columns(table)
        as_array = tabular.json_array(rows(connection, columns, person, beat))
        yield from archive.file(f"data/{table.name}.json", "application/json", as_array)
        as_csv = tabular.csv([column.name for column in columns], rows(connection, columns, person, beat))
        yield from archive.file(f"data/{table.name}.csv", "text/csv", as_csv)
        said = as_json(schema(table, columns, held.left_out(table))).encode()
        yield from archive.file(f"schema/{table.name}.json", "application/schema+json", [said])


def _pictures(archive: Archive, parts: Parts, connection: Connection, held: Contents, beat: Beat) -> Iterator[bytes]:
    for table in pictures.tables():
        if not held.has(table.name):
            continue
        with closing(rows(connection, held.columns(table), Person(held.asked.account_id), beat)) as batches:
            for file in (file for batch in batches for row in batch for file in pictures.of(table, row)):
                yield from archive.file(file.path, file.media_type, parts.storage.open(file.key))


def _manifest(archive: Archive, parts: Parts, held: Contents) -> Iterator[bytes]:
    """The list of every file before it, in canonical JSON (RFC 8785), and the signature over its bytes."""
    asked = held.asked
    canonical = rfc8785.dumps(
        {
            "request": str(asked.request_id),
            "case": asked.case,
            "kind": "portable" if asked.portable else "export",
            "withheld": [{"table": each.holding.table.name, "law": each.law} for each in held.withheld],
            "schema_version": SCHEMA_VERSION,
            "made_at": moment(asked.now),
            "files": [packed.line() for packed in archive.files],
        }
    )
    yield from archive.file("manifest.json", "application/json", [canonical])
    signature = parts.settings.signing.sign(canonical)
    yield from archive.file("manifest.sig", "application/octet-stream", [signature])
