"""Real backups: pg_dump and pg_restore, a copy of the object folder; and the command as people run it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from pydantic import SecretStr
from sqlalchemy import text

from imgpilot import db
from imgpilot.parts import Parts
from imgpilot.postgres.programs import run
from tests.conftest import ROOT, Clock

NAME = "restored"


def url_of(parts: Parts) -> str:
    """The address of the database of these parts."""
    url = parts.settings.database_url
    assert url
    return url.get_secret_value()


def _where(url: str) -> list[str]:
    said = parse_qs(urlsplit(url).query)
    return ["-h", said["host"][0], "-p", said.get("port", ["5432"])[0], "-U", "imgpilot"]


class Backup:
    """A dump of the database and a copy of the objects, taken now."""

    def __init__(self, parts: Parts, folder: Path) -> None:
        self._parts, self._folder = parts, folder
        folder.mkdir(mode=0o777)
        folder.chmod(0o777)  # pg_dump runs as nobody
        self._dump = folder / "database.dump"
        _done(run("pg_dump", *_where(url_of(parts)), "-Fc", "-f", str(self._dump), "imgpilot"))
        shutil.copytree(parts.settings.home / "objects", folder / "objects")

    @contextmanager
    def restored(self, clock: Clock, *, keep_newer: bool = True) -> Iterator[Parts]:
        """The backup in a database of its own, beside today's objects (`keep_newer`) or instead of them."""
        old = url_of(self._parts)
        admin = db.connect(old, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)"))
            connection.execute(text(f"CREATE DATABASE {NAME}"))
        admin.dispose()
        _done(run("pg_restore", *_where(old), "--no-owner", "--exit-on-error", "-d", NAME, str(self._dump)))
        objects = self._parts.settings.home / "objects"
        if not keep_newer:
            shutil.rmtree(objects)
        shutil.copytree(self._folder / "objects", objects, dirs_exist_ok=True)
        new = old.replace("@/imgpilot?", f"@/{NAME}?")
        assert new != old
        settings = self._parts.settings.model_copy(update={"database_url": SecretStr(new)})
        made = Parts(settings, db.connect(new), clock)
        try:
            yield made
        finally:
            made.close()


def _done(ended: "subprocess.CompletedProcess[str]") -> None:
    assert ended.returncode == 0, ended.stdout


def command(parts: Parts, *words: str) -> tuple[int, str, str]:
    """Run `imgpilot …` in a process of its own; exit status, standard output and error."""
    settings = parts.settings
    given = {
        "IMGPILOT_ENV": "test",
        "IMGPILOT_HOME": str(settings.home),
        "DATABASE_URL": url_of(parts),
        "SANDBOX_URL": settings.sandbox_url,
        "SMTP_URL": settings.smtp_address,
        "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
    }
    mine = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LANG", "TMPDIR")}
    ended = subprocess.run(
        [sys.executable, "-m", "imgpilot", *words],
        env=mine | given,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return ended.returncode, ended.stdout, ended.stderr


def replay(parts: Parts, *more: str) -> tuple[int, dict[str, Any]]:
    """`imgpilot erasures replay --json`: exit status and what it said."""
    status, out, err = command(parts, "erasures", "replay", "--json", *more)
    assert out, err
    said: dict[str, Any] = json.loads(out)
    return status, said
