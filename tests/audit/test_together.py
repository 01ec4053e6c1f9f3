"""Many append, some seal and somebody proves, all at once: nothing is lost, left out, or called broken."""

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from sqlalchemy import func, select

from compliance.audit.models import Entry
from tests.audit.conftest import Log

THREADS = 8
EACH = 30


class Undone(Exception):
    """A transaction that is rolled back."""


def busy(log: Log, seed: int) -> int:
    """Transactions of all kinds; returns how many entries were committed."""
    chance, count = random.Random(seed), 0
    for _ in range(EACH):
        with suppress(Undone), log.parts.sessions.begin() as session:
            written = 0
            for _ in range(chance.randint(1, 3)):
                undo = chance.random() < 0.15
                with suppress(Undone), session.begin_nested():
                    log.record(session, number=seed)
                    time.sleep(chance.random() * 0.004)
                    if undo:
                        raise Undone
                written += not undo
            if chance.random() < 0.15:
                raise Undone
            # Counted before the commit: a commit that fails fails the test.
            count += written
    return count


def until(stop: threading.Event, deed: object) -> int:
    times = 0
    while not (times and stop.is_set()):
        deed()  # type: ignore[operator]
        times += 1
    return times


def test_eight_append_while_two_seal_and_one_proves(log: Log) -> None:
    assert log.parts.settings.signing and log.parts.storage
    stop = threading.Event()
    with ThreadPoolExecutor(THREADS + 3) as pool:
        sealers = [pool.submit(until, stop, log.seal) for _ in range(2)]
        prover = pool.submit(until, stop, log.verify)
        appenders = [pool.submit(busy, log, seed) for seed in range(THREADS)]
        try:
            committed = sum(appender.result(300) for appender in appenders)
        finally:
            stop.set()
        assert all(sealer.result(120) for sealer in sealers)
        assert prover.result(120)
    with log.parts.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Entry)) == committed
    log.seal()
    proof = log.verify()
    assert (proof.entries, proof.unsealed) == (committed, 0)
    assert proof.segments == proof.checked_outside > 1
