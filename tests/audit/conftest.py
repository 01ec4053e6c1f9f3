"""A log to append to, to seal, to prove, and to tamper with as the owner of the database could."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine, Text, cast, select, text
from sqlalchemy.orm import Session

import config
from compliance.audit import segments
from compliance.audit.actions import Action
from compliance.audit.append import record
from compliance.audit.leaf import leaf_of_row, without_era, written_by_database
from compliance.audit.merkle import root_of
from compliance.audit.models import Entry, Segment
from compliance.audit.seal import seal
from compliance.audit.sealed import NO_ROOT, Seal, pack
from compliance.audit.verify import Proof, verify
from compliance.errors import AuditBroken
from imgpilot.parts import Parts
from tests.conftest import Clock, empty

ANA = "a" * 32
BOB = "b" * 32


class Log:
    """The log of one test."""

    def __init__(self, parts: Parts, clock: Clock) -> None:
        self.parts, self.clock = parts, clock

    def append(self, count: int = 1, **facts: object) -> list[int]:
        """So many entries, each in its own transaction."""
        return [self.one(number=i, **facts) for i in range(count)]

    def one(self, **facts: object) -> int:
        """One committed entry."""
        with self.parts.sessions.begin() as session:
            return self.record(session, **facts)

    def record(self, session: Session, **facts: object) -> int:
        """One entry in somebody's transaction."""
        return record(
            session,
            at=self.clock.tick(microseconds=1),
            actor="staff:3",
            action=Action.REQUEST_APPROVED,
            subject=ANA,
            facts=facts,
        )

    def gap(self) -> None:
        """A number that is never used, because its transaction was rolled back."""
        with self.parts.sessions() as session:
            self.record(session)

    def seal(self) -> int:
        """Seal what is settled."""
        return seal(self.parts, self.clock.tick(seconds=10))

    def verify(self, session: Session | None = None) -> Proof:
        """Prove the log."""
        key = self.parts.settings.signing.public_key()
        if session is not None:
            return verify(session, self.parts.storage, key)
        with self.parts.sessions() as fresh:
            return verify(fresh, self.parts.storage, key)

    def said(self, session: Session | None = None) -> str:
        """What the proof says is broken."""
        with pytest.raises(AuditBroken) as caught:
            self.verify(session)
        return str(caught.value)

    @contextmanager
    def tampering(self) -> Iterator["Forger"]:
        """A superuser's transaction in which the triggers are off."""
        with self.parts.sessions.begin() as session:
            yield Forger(session, self.parts)


class Forger:
    """Somebody who owns the database, but not the signing key and not the object store."""

    def __init__(self, session: Session, parts: Parts) -> None:
        self.session, self.parts = session, parts
        session.execute(text("SET LOCAL session_replication_role = replica"))

    def said(self) -> str:
        """What the proof says is broken, before this transaction is over."""
        self.session.flush()
        with self.session.no_autoflush, pytest.raises(AuditBroken) as caught:
            verify(self.session, self.parts.storage, self.parts.settings.signing.public_key())
        return str(caught.value)

    def sql(self, statement: str, **values: Any) -> None:
        """Any statement."""
        self.session.execute(text(statement), values)

    def fix_leaves(self) -> None:
        """Make every entry hash to its own leaf again, where it can."""
        columns = Entry.seq, _AT.label("at"), Entry.actor, Entry.action, Entry.subject
        for row in self.session.execute(select(*columns, cast(Entry.facts, Text).label("facts"))).all():
            leaf = leaf_of_row(**{**row._mapping, "at": without_era(row.at)})
            if leaf is not None:
                self.sql("UPDATE audit_entry SET leaf = :leaf WHERE seq = :seq", leaf=leaf, seq=row.seq)

    def fix_seals(self, key: Ed25519PrivateKey | None = None) -> None:
        """Make every seal fit the entries as they are now; signed with `key`, or not signed again."""
        previous, last = NO_ROOT, None
        for number in self.session.scalars(select(Segment.number).order_by(Segment.number)).all():
            old = segments.numbered(self.session, number)
            assert old is not None
            lines = self.session.execute(
                text("SELECT seq, leaf FROM audit_entry WHERE seq > :after AND seq <= :to ORDER BY seq"),
                {"after": -(10**9) if last is None else last, "to": old.last},
            ).all()
            last = old.last
            if not lines:
                continue
            new = Seal(
                number=number,
                at=old.at,
                first=lines[0].seq,
                last=lines[-1].seq,
                leaves=pack((line.seq, line.leaf) for line in lines),
                root=root_of(line.leaf for line in lines),
                previous=previous,
                signature=old.signature,
            )
            new = new.signed(key) if key else new
            previous = new.root
            self.sql("DELETE FROM audit_segment WHERE number = :n", n=number)
            segments.add(self.session, new)
            self.session.flush()


_AT = written_by_database(Entry.at)


@pytest.fixture
def log(parts: Parts, clock: Clock) -> Log:
    """An empty log."""
    return Log(parts, clock)


@pytest.fixture
def sealed(log: Log) -> Log:
    """Twelve entries in three seals of four, numbers 1 to 13 (6 was rolled back), and two not sealed yet."""
    return _fill(log)


@pytest.fixture(scope="module")
def standing(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Log:
    """The same log, made once for many tests: each tampers in a transaction that is rolled back."""
    home = tmp_path_factory.mktemp("standing")
    made = config.read_settings(imgpilot_env="test", imgpilot_home=home, database_url=engine.url.render_as_string())
    clock = Clock()
    empty(engine)
    return _fill(Log(Parts(made, engine, clock), clock))


@pytest.fixture
def forger(standing: Log) -> Iterator[Forger]:
    """Somebody who tampers with the standing log."""
    with standing.parts.sessions() as session:
        yield Forger(session, standing.parts)
        session.rollback()


def _fill(log: Log) -> Log:
    log.append(4)
    log.seal()
    log.one()
    log.gap()
    log.append(3)
    log.seal()
    log.append(4)
    log.seal()
    log.append(2)
    return log
