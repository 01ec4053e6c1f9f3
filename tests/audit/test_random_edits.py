"""Whatever is done to the tables, the proof says what an honest comparison of before and after says."""

from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, event, example, given, settings
from hypothesis import strategies as some
from sqlalchemy import text

from compliance.audit.entries import count_whole
from compliance.errors import AuditBroken
from tests.audit.conftest import Forger, Log

LAST_SEALED = 13
ANOTHER_KEY = Ed25519PrivateKey.generate()

seqs = some.sampled_from([1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15])
free = some.sampled_from([-7, 0, 6, 16, 99])

changes = some.sampled_from(
    [
        "at = at - interval '1 second'",
        "at = 'infinity'",
        "actor = 'system'",
        "action = 'request refused'",
        "subject = repeat('c', 32)",
        "subject = NULL",
        """facts = '{"number": 77}'""",
        """facts = jsonb_build_object('number', 0.0)""",
        "leaf = sha256(leaf)",
    ]
)
seal_changes = some.sampled_from(
    [
        "at = at + interval '1 second'",
        "first_seq = first_seq - 1",
        "last_seq = last_seq + 1",
        "leaves = leaves || leaves",
        "leaves = set_byte(leaves, 20, 1 - get_byte(leaves, 20) % 2)",
        "leaves = set_byte(leaves, 7, 3)",
        "root = sha256(root)",
        "previous = sha256(previous)",
        "signature = sha512(signature)",
        "number = number + 100",
        "number = -number",
    ]
)
edits = some.one_of(
    some.tuples(some.just("change"), seqs, changes),
    some.tuples(some.just("delete"), seqs, some.none()),
    some.tuples(some.just("copy to"), seqs, free),
    some.tuples(some.just("swap"), seqs, seqs),
    some.tuples(some.just("seal"), some.integers(1, 3), seal_changes),
    some.tuples(some.just("unseal"), some.integers(1, 3), some.none()),
)
covers = some.sampled_from(["", "leaves", "seals", "signed by another"])


def edit(forger: Forger, kind: str, one: int, other: Any) -> None:
    if kind == "change":
        forger.sql(f"UPDATE audit_entry SET {other} WHERE seq = :one", one=one)
    elif kind == "delete":
        forger.sql("DELETE FROM audit_entry WHERE seq = :one", one=one)
    elif kind == "copy to":
        forger.sql("DELETE FROM audit_entry WHERE seq = :other", other=other)
        forger.sql(
            "INSERT INTO audit_entry OVERRIDING SYSTEM VALUE "
            "SELECT :other, at, actor, action, subject, facts, leaf FROM audit_entry WHERE seq = :one",
            one=one,
            other=other,
        )
    elif kind == "swap":
        forger.sql(
            "UPDATE audit_entry a SET at = b.at, facts = b.facts, leaf = b.leaf FROM audit_entry b "
            "WHERE (a.seq = :one AND b.seq = :other) OR (a.seq = :other AND b.seq = :one)",
            one=one,
            other=other,
        )
    elif kind == "seal":
        forger.sql(f"UPDATE audit_segment SET {other} WHERE number = :one", one=one)
    elif kind == "unseal":
        forger.sql("DELETE FROM audit_segment WHERE number = :one", one=one)


def picture(forger: Forger, table: str, key: str) -> dict[int, str]:
    """Every row as text, by its number."""
    rows = forger.session.execute(text(f"SELECT {key} AS number, t::text AS said FROM {table} t"))
    return {row.number: row.said for row in rows}


def differing(before: dict[int, str], after: dict[int, str]) -> set[int]:
    return {n for n in before.keys() | after.keys() if before.get(n) != after.get(n)}


def first_broken_in_the_tail(forger: Forger) -> bool:
    try:
        count_whole(forger.session, LAST_SEALED, lambda more: None)
    except AuditBroken:
        return True
    return False


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(done=some.lists(edits, min_size=1, max_size=4), cover=covers)
@example(done=[("change", 14, "actor = 'system'")], cover="")
@example(done=[("change", 14, "actor = 'system'")], cover="leaves")
def test_the_proof_finds_every_edit(standing: Log, done: list[tuple[str, int, Any]], cover: str) -> None:
    with standing.parts.sessions() as session:
        forger = Forger(session, standing.parts)
        entries, seals = (picture(forger, *table) for table in (ENTRIES, SEALS))
        for one in done:
            edit(forger, *one)
        if cover:
            forger.fix_leaves()
        if cover.startswith("s"):
            forger.fix_seals(ANOTHER_KEY if cover == "signed by another" else None)
        session.flush()
        altered = {seq for seq in differing(entries, picture(forger, *ENTRIES)) if seq <= LAST_SEALED}
        reseal = differing(seals, picture(forger, *SEALS))
        if altered:
            event("a sealed entry")
            assert forger.said().startswith(f"Entry {min(altered)} ")
        elif first_broken_in_the_tail(forger):
            event("an entry that is not sealed")
            assert forger.said().startswith("Entry ")
        elif reseal:
            event("a seal")
            assert forger.said().startswith(("Seal ", "A seal "))
        else:
            event("nothing that can be known")
            assert standing.verify(session).entries == 12


ENTRIES = ("audit_entry", "seq")
SEALS = ("audit_segment", "number")
