"""The benchmarks: what our way costs beside the plainest way over the same rows, as ratios measured in turn.

Each pair runs alternately on the same embedded PostgreSQL, so that a busy machine slows both. A table goes to the
screen and the figures to var/bench/. Nothing here is a test: a ratio is something to watch, not to pass.
"""

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.orm import Session
from tqdm import tqdm

import config
from compliance import erasure, plans
from compliance.console import queue
from compliance.export import package
from compliance.export.asked import Asked
from compliance.reach import Person
from compliance.requests.kinds import Kind
from imgpilot import db
from imgpilot.accounts.models import Account
from imgpilot.gallery import pictures
from imgpilot.parts import Parts
from imgpilot.postgres import Embedded

ROUNDS = 5
NOW = datetime(2026, 11, 23, 14, 40, tzinfo=UTC)
OUT = Path("var/bench")


@dataclass(frozen=True)
class Pair:
    """Two ways to the same end: medians in seconds, and how many times as long ours takes."""

    name: str
    ours: float
    beside: str
    theirs: float

    @property
    def ratio(self) -> float:
        """Ours over theirs."""
        return self.ours / self.theirs


def measured(name: str, ours: Callable[[], object], beside: str, theirs: Callable[[], object], bar: tqdm) -> Pair:
    """Run both in turn; the medians."""
    took: tuple[list[float], list[float]] = ([], [])
    for _round in range(ROUNDS):
        for way, times in zip((ours, theirs), took, strict=True):
            began = time.perf_counter()
            way()
            times.append(time.perf_counter() - began)
        bar.update()
    return Pair(name, statistics.median(took[0]), beside, statistics.median(took[1]))


def person(parts: Parts, rows: int) -> UUID:
    """Somebody with that many prompts."""
    with parts.sessions.begin() as session:
        account = Account(email=f"{uuid4()}@example.com", language="en", theme="system", created_at=NOW)
        session.add(account)
        session.flush()
        session.execute(
            text(
                "INSERT INTO generation "
                "(id, account_id, prompt, model, ratio, width, height, credits_each, created_at) "
                "SELECT gen_random_uuid(), :who, 'Ridges at first light ' || n, 'aster', '3:2', 96, 64, 6, :at "
                "FROM generate_series(1, :rows) AS n"
            ),
            {"who": account.id, "at": NOW, "rows": rows},
        )
    return account.id


def copies(parts: Parts, account_id: UUID, rows: int, bar: tqdm) -> Pair:
    """The whole package beside reading the same rows with a server-side cursor and writing them as JSON."""

    def ours() -> None:
        asked = Asked(uuid4(), account_id, "IP-2026-0001", "gdpr", NOW, date(2026, 12, 23), "en", NOW)
        package.build(parts, asked, bytes(range(32)), lambda: None)

    def floor() -> None:
        with parts.engine.connect().execution_options(yield_per=500) as connection:
            wanted = text("SELECT * FROM generation WHERE account_id = :who ORDER BY id")
            for row in connection.execute(wanted, {"who": account_id}).mappings():
                json.dumps(dict(row), default=str)

    return measured(f"package of {rows:,} prompts", ours, "rows as JSON", floor, bar)


def erasures(parts: Parts, rows: int, bar: tqdm) -> Pair:
    """An erasure by its plan beside one DELETE of the same rows; both are rolled back."""
    account_id = person(parts, rows)
    with parts.sessions.begin() as session:
        request_id = uuid4()
        session.execute(
            text(
                "INSERT INTO privacy_request (id, account_id, subject, language, kind, about, regime, zone, channel, "
                "state, proof, received_at, due_on, cooling, set_aside) VALUES (:id, :who, :subject, 'en', 'deletion', "
                "'', 'gdpr', 'UTC', 'centre', 'running', 'signed-in', :at, :due, false, '{}')"
            ),
            {"id": request_id, "who": account_id, "subject": "0" * 32, "at": NOW, "due": date(2026, 12, 23)},
        )
    who = Person(account_id, request_id)

    def ours() -> None:
        with parts.sessions() as session:
            erasure.erase(session, who, plans.draw(session, Kind.DELETION, who))

    def floor() -> None:
        with parts.sessions() as session:
            session.execute(text("DELETE FROM generation WHERE account_id = :who"), {"who": account_id})

    return measured(f"erasure of {rows:,} prompts", ours, "one DELETE", floor, bar)


def queues(parts: Parts, many: int, bar: tqdm) -> Pair:
    """The first page of the queue and its counts with many open cases, beside the same with ten."""

    def page(session: Session) -> None:
        look = queue.Look(NOW, 1)
        session.scalars(queue.rows_of("open", look, (), queue.usual_order("open")).limit(25)).all()
        queue.waiting(session, look)

    took: dict[int, list[float]] = {10: [], many: []}
    for size, times in took.items():
        with parts.sessions.begin() as session:
            session.execute(text("DELETE FROM privacy_request WHERE account_id IS NULL"))
            session.execute(
                text(
                    "INSERT INTO privacy_request (id, subject, language, kind, about, regime, zone, channel, state, "
                    "proof, received_at, due_on, cooling, set_aside) SELECT gen_random_uuid(), md5(n::text), 'en', "
                    "'access', '', 'gdpr', 'UTC', 'centre', 'review', 'signed-in', CAST(:at AS timestamptz), "
                    "CAST(:due AS date) + (n % 30)::int, false, '{}' FROM generate_series(1, :size) AS n"
                ),
                {"at": NOW, "due": date(2026, 12, 1), "size": size},
            )
        with parts.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE privacy_request"))
        for _round in range(ROUNDS * 4):
            with parts.sessions() as session:
                began = time.perf_counter()
                page(session)
                times.append(time.perf_counter() - began)
        bar.update(ROUNDS // 2)
    name = f"queue with {many:,} open cases"
    return Pair(name, statistics.median(took[many]), "with 10", statistics.median(took[10]))


def galleries(parts: Parts, many: int, bar: tqdm) -> Pair:
    """The first page of a gallery with that many pictures, beside one that they just fill."""
    whose = {size: person(parts, size) for size in (60, many)}
    with parts.sessions.begin() as session:
        for account_id in whose.values():
            session.execute(
                text(
                    "UPDATE generation SET created_at = created_at - n * interval '5 hours' FROM (SELECT id AS one, "
                    "row_number() OVER (ORDER BY id) AS n FROM generation WHERE account_id = :who) AS counted "
                    "WHERE id = one"
                ),
                {"who": account_id},
            )
            session.execute(
                text(
                    "INSERT INTO image (id, generation_id, position, state, attempts, polls, object_key, "
                    "thumbnail_key, media_type, width, height, bytes, sha256, finished_at) "
                    "SELECT gen_random_uuid(), id, 0, 'finished', 1, 0, id || '.png', id || '.webp', 'image/png', 96, "
                    "64, 4, repeat('a', 64), created_at FROM generation WHERE account_id = :who"
                ),
                {"who": account_id},
            )
    with parts.sessions.begin() as session:
        session.execute(text("ANALYZE generation, image"))

    def first_page(account_id: UUID) -> object:
        with parts.sessions() as session:
            return pictures.page(session, account_id)

    name = f"gallery with {many:,} pictures"
    return measured(name, lambda: first_page(whose[many]), "with 60", lambda: first_page(whose[60]), bar)


def main() -> None:
    """Measure everything, show it, keep it."""
    with tempfile.TemporaryDirectory() as folder, Embedded(Path(folder) / "postgres") as server:
        db.upgrade(server.url)
        db.every_metadata()
        settings = config.read_settings(
            imgpilot_env="test", imgpilot_home=Path(folder) / "var", database_url=server.url
        )
        parts = Parts(settings, db.connect(server.url), lambda: NOW)
        sizes = (1_000, 10_000)
        with tqdm(total=ROUNDS * 2 * len(sizes) + 2 * ROUNDS, file=sys.stderr, disable=not sys.stderr.isatty()) as bar:
            pairs = [copies(parts, person(parts, rows), rows, bar) for rows in sizes]
            pairs += [erasures(parts, rows, bar) for rows in sizes]
            pairs.append(queues(parts, 10_000, bar))
            pairs.append(galleries(parts, 10_000, bar))
        parts.close()
    OUT.mkdir(parents=True, exist_ok=True)
    print(f"{'what':<32} {'ours':>9}   {'beside':<14} {'theirs':>9}   times as long")
    for pair in pairs:
        print(
            f"{pair.name:<32} {pair.ours:>8.3f}s   {pair.beside:<14} {pair.theirs:>8.3f}s   {pair.ratio:>6.1f}",
        )
        said = asdict(pair) | {"ratio": pair.ratio}
        (OUT / f"{pair.name.replace(' ', '-').replace(',', '')}.json").write_text(json.dumps(said, indent=2))


if __name__ == "__main__":
    main()
