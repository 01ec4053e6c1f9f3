"""As many cases as wanted, of every kind, law and state, in a few statements: nobody's, so no account is needed."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

_OPEN = text(
    """
    INSERT INTO privacy_request (
        id, contact, subject, language, kind, about, regime, country, zone, channel, state, proof,
        received_at, due_on, acknowledge_by, acknowledged_at, extended_at, paused_on, cooling, cool_until,
        set_aside, assigned_to)
    SELECT gen_random_uuid(), 'person' || n || '@example.com', md5('crowd' || n), 'en',
        (ARRAY['deletion','access','deletion','correction','access','objection','portability','restriction'])[n%8+1],
        (ARRAY['','','','email','','statistics','','accuracy'])[n % 8 + 1],
        (ARRAY['gdpr','gdpr','ccpa','uk-gdpr','gdpr','lgpd'])[n % 6 + 1],
        (ARRAY['NL','DE','US','GB','FR','BR'])[n % 6 + 1],
        (ARRAY['UTC','Europe/Berlin','America/Los_Angeles','Pacific/Auckland','Nowhere/Atlantis'])[n % 5 + 1],
        (ARRAY['centre','form','email','centre','agent'])[n % 5 + 1],
        (ARRAY['review','running','received','review','second','proving','cooling','running','appealed'])[n % 9 + 1],
        'signed-in', at, CAST(at AS date) + 30, CASE WHEN n % 6 = 2 THEN CAST(at AS date) + 14 END,
        CASE WHEN n % 6 <> 2 THEN at END, CASE WHEN n % 17 = 3 THEN at + interval '3 days' END,
        CASE WHEN n % 13 = 5 THEN CAST(at AS date) + 4 END, n % 9 = 6,
        CASE WHEN n % 9 = 6 THEN at + interval '20 days' END, '{}', CASE n % 4 WHEN 0 THEN 2 WHEN 1 THEN 3 END
    FROM (SELECT n, CAST(:now AS timestamptz) - make_interval(hours => CAST(n * :span / :count AS int)) AS at
          FROM generate_series(1, :count) n) made
    """
)
_CLOSED = text(
    """
    INSERT INTO privacy_request (
        id, subject, language, kind, about, regime, country, zone, channel, state, outcome, proof,
        received_at, due_on, cooling, closed_at, answered_at, set_aside)
    SELECT gen_random_uuid(), md5('gone' || n), 'en', (ARRAY['deletion','access','correction'])[n % 3 + 1], '',
        (ARRAY['gdpr','gdpr','ccpa'])[n % 3 + 1], 'NL', 'UTC', 'centre',
        (ARRAY['answered','answered','refused'])[n % 3 + 1], (ARRAY['granted','partial','refused'])[n % 3 + 1],
        'signed-in', at, CAST(at AS date) + 30, false, closed, closed, '{}'
    FROM (SELECT n, at, at + make_interval(days => 2 + (n * 7) % 29) AS closed
          FROM (SELECT n, CAST(:now AS timestamptz) - make_interval(hours => 800 + n * 1700 / :count) AS at
                FROM generate_series(1, :count) n) b) made
    """
)
#: One open case in fifty has a step that failed, the others one that is ready.
_STEPS = text(
    """
    INSERT INTO request_step (id, request_id, position, phase, name, after, state, attempts, evidence, failure)
    SELECT gen_random_uuid(), id, 0, 'prepare', 'count', '{}',
        CASE WHEN closed_at IS NOT NULL THEN 'done' WHEN number % 50 = 7 THEN 'failed' ELSE 'ready' END, 0, '{}',
        CASE WHEN closed_at IS NULL AND number % 50 = 7 THEN 'The object store refused.' END
    FROM privacy_request
    ON CONFLICT DO NOTHING
    """
)


def crowd(session: Session, now: datetime, count: int, *, closed: int = 0, days: int = 34) -> None:
    """So many open cases, received within so many days, and so many closed ones; each with a step. Commits."""
    if count:
        session.execute(_OPEN, {"now": now, "count": count, "span": days * 24})
    if closed:
        session.execute(_CLOSED, {"now": now, "count": closed})
    session.execute(_STEPS)
    session.commit()
    for table in ("privacy_request", "request_step"):
        session.execute(text(f"ANALYZE {table}"))
    session.commit()
