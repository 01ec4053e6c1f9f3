"""A person's rows of one table as JSON and as CSV, written piece by piece."""

from collections.abc import Generator, Sequence
from contextlib import closing

import pandas as pd

from compliance.export.snapshot import Row
from compliance.export.values import as_json, cell, plain

Batches = Generator[list[Row], None, None]


def json_array(batches: Batches) -> Generator[bytes, None, None]:
    """One JSON array, a row a line."""
    before = "[\n"
    with closing(batches):
        for batch in batches:
            lines = []
            for row in batch:
                lines.append(before + as_json({name: plain(value) for name, value in row.items()}))
                before = ",\n"
            yield "".join(lines).encode()
    yield b"[]\n" if before == "[\n" else b"\n]\n"


def csv(names: Sequence[str], batches: Batches) -> Generator[bytes, None, None]:
    """The same rows as CSV (RFC 4180, UTF-8). Values stay what they are: no column is guessed to be of a type."""
    header = True
    with closing(batches):
        for batch in batches:
            cells = [[cell(row[name]) for name in names] for row in batch]
            frame = pd.DataFrame(cells, columns=list(names), dtype=object)
            text: str = frame.to_csv(index=False, header=header, lineterminator="\r\n")
            yield text.encode()
            header = False
    if header:
        yield (",".join(names) + "\r\n").encode()
