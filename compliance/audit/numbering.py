"""The numbers of entries: who may still be writing one, and below which number all of them are known.

A number is taken before its entry is visible, so an entry with a lower number can appear after one with a higher.
To seal a run of numbers for good, the sealer must know that nobody is still writing below its end. Nobody waits
for anybody here: whoever appends announces the lowest number it can get, as an advisory lock that PostgreSQL drops
when the transaction ends (after its rows have become visible), and the sealer stays below the lowest announced.
"""

from sqlalchemy import text
from sqlalchemy.orm import Session

#: Our corner of the 64 bits of advisory locks; the number announced stands in the lower 48.
CORNER = 0x4155
#: The lock of whoever seals; no announcement is that high.
SEALING = (CORNER << 48) | (2**48 - 1)

# Once a transaction. The mark is a local setting because savepoints take it back together with the lock.
_ANNOUNCE = text(
    """
    SELECT pg_advisory_xact_lock_shared(:corner + last_value + is_called::int),
           set_config('imgpilot.appending', 'yes', true)
    FROM audit_entry_seq_seq
    WHERE coalesce(current_setting('imgpilot.appending', true), '') <> 'yes'
    """
).bindparams(corner=CORNER << 48)
_TAKE = text("SELECT nextval('audit_entry_seq_seq')")

_NEXT = text("SELECT last_value + is_called::int FROM audit_entry_seq_seq")
# A bigint advisory lock shows its upper half as classid and its lower as objid (documentation of pg_locks).
_LOWEST_ANNOUNCED = text(
    """
    SELECT min(((classid::bigint & 65535) << 32) | objid::bigint)
    FROM pg_locks
    WHERE locktype = 'advisory' AND objsubid = 1 AND mode = 'ShareLock' AND classid::bigint >> 16 = :corner
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    """
).bindparams(corner=CORNER)
_SEAL_ALONE = text("SELECT pg_try_advisory_xact_lock(:key)").bindparams(key=SEALING)


def take(session: Session) -> int:
    """A number for an entry that this transaction is about to write."""
    session.execute(_ANNOUNCE)
    return int(session.execute(_TAKE).scalar_one())


def settled_below(session: Session) -> int:
    """Every entry with a smaller number is visible to the next statement, or was rolled back and never will be.

    First the next number, then the announcements: whoever took a number before the first question had announced
    itself before, and is either still there at the second or has finished. The transaction must be READ COMMITTED,
    or the next statement would look at an older picture.
    """
    upcoming = int(session.execute(_NEXT).scalar_one())
    announced = session.execute(_LOWEST_ANNOUNCED).scalar_one()
    return upcoming if announced is None else min(upcoming, int(announced))


def seals_alone(session: Session) -> bool:
    """Whether this transaction is the only one that seals; False if another does."""
    return bool(session.execute(_SEAL_ALONE).scalar_one())
