"""A person with a hundred thousand rows and large pictures costs the same memory as one with a hundred."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from compliance import vault
from compliance.export.check import check
from imgpilot.parts import Parts
from imgpilot.purposes import STORAGE
from tests.export.conftest import KEY
from tests.world import Somebody

ROOT = Path(__file__).parents[2]
#: What a hundred thousand rows and 120 MB of pictures may cost more than a hundred rows.
MAY_GROW = 80_000


def built(parts: Parts, somebody: Somebody) -> tuple[int, int, str]:
    """Peak memory in kB, signs of life, and the package's key."""
    done = subprocess.run(
        [
            sys.executable,
            str(Path(__file__).parent / "one_build.py"),
            parts.engine.url.render_as_string(hide_password=False),
            str(parts.settings.home),
            str(somebody.account.id),
        ],
        env=os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    peak, _bytes, beats, key = done.stdout.split()
    return int(peak), int(beats), key


def add_rows(session: Session, somebody: Somebody, rows: int) -> None:
    """Lines in the credit ledger, made by the database itself."""
    session.execute(
        text(
            "INSERT INTO credit_entry (id, account_id, kind, amount, why, at) "
            "SELECT gen_random_uuid(), :who, 'grant', 1, 'row ' || n || repeat(' and so on', 10), "
            "now() - n * interval '1 second' FROM generate_series(1, :rows) n"
        ),
        {"who": somebody.account.id, "rows": rows},
    )
    session.commit()


def large(megabytes: int) -> Iterator[bytes]:
    """An object of that size."""
    for number in range(megabytes):
        yield bytes([number % 251]) * 2**20


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads Linux's own account of memory")
def test_memory_stays_flat(session: Session, parts: Parts, ana: Somebody, bob: Somebody, tmp_path: Path) -> None:
    add_rows(session, bob, 100)
    small, _beats, _key = built(parts, bob)
    add_rows(session, ana, 100_000)
    for key in (ana.image.object_key, ana.reference.object_key):
        assert key
        parts.storage.put(key, large(60), "image/png", subject=ana.account.id, purpose=STORAGE)
    big, beats, key = built(parts, ana)
    assert big - small < MAY_GROW, f"{small} kB for a hundred rows, {big} kB for a hundred thousand"
    assert beats > 100_000 / 500 + 120
    path = tmp_path / "package.zip"
    with path.open("wb") as file:
        file.writelines(vault.opened(parts.storage.open(key), KEY))
    assert check(path, parts.settings.signing.public_key()).good
