"""A person's rows of one table as JSON and as CSV, written piece by piece."""

from collections.abc import Iterable, Iterator, Sequence

import pandas as pd

from compliance.export.snapshot import Row
from compliance.export.values import as_json, cell, plain


def json_array(batches: Iterable[Sequence[Row]]) -> Iterator[bytes]:
    """One JSON array, a row a line."""
    before = "[\n"
    for batch in batches:
        for_now = []
        for row in batch:
            for_now.append(before + as_json({name: plain(value) for name, value in row.items()}))
            before = ",\n"
        yield "".join(for_now).encode()
    yield b"[]\n" if before == "[\n" else b"\n]\n"


def csv(names: Sequence[str], batches: Iterable[Sequence[Row]]) -> Iterator[bytes]:
    """The same rows as CSV (RFC 4180, UTF-8). Values stay what they are: no column is guessed to be of a type."""
    header = True
    for batch in batches:
        frame = pd.DataFrame(
            [[cell(row[name]) for name in names] for row in batch], columns=list(names), dtype=object
        )
        text: str = frame.to_csv(index=False, header=header, lineterminator="\r\n")
        yield text.encode()
        header = False
    if header:
        yield (",".join(names) + "\r\n").encode()
