"""Builds one package in a process of its own, and prints how much memory that took at most, in kilobytes."""

import sys
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID, uuid4

import config
from compliance.export import package
from compliance.export.asked import Asked
from imgpilot import db
from imgpilot.parts import Parts


def peak() -> int:
    """The most memory this program ever had. `getrusage` would count what its parent had when it was forked."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(status["VmHWM"].split()[0])


def main(url: str, home: str, account_id: str) -> None:
    """Build it."""
    db.every_metadata()
    settings = config.read_settings(imgpilot_env="test", imgpilot_home=Path(home), database_url=url)
    now = datetime(2026, 11, 23, 14, 40, tzinfo=UTC)
    beats: list[int] = []
    asked = Asked(uuid4(), UUID(account_id), "IP-2026-0001", "gdpr", now, date(2026, 12, 23), "en", now)
    stored = package.build(Parts(settings, db.connect(url)), asked, bytes(range(32)), lambda: beats.append(1))
    sys.stdout.write(f"{peak()} {stored.bytes} {len(beats)} {stored.key}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
