"""Writes an entry into the audit log, in the transaction of the deed, so that both happen or neither."""

import re
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import DateTime, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from compliance.audit import numbering
from compliance.audit.actions import Action
from compliance.audit.facts import NotForTheLog, checked
from compliance.audit.leaf import leaf_of, written

NO_FACTS: Mapping[str, object] = MappingProxyType({})

_ACTOR = re.compile(r"person|system|staff:[1-9][0-9]{0,9}")
_SUBJECT = re.compile(r"[0-9a-f]{32}")  # imgpilot.digests.of_subject

# The column stays GENERATED ALWAYS, so that nobody chooses a number by accident. Only this statement brings its
# own, because the leaf covers the number: entries that change places are found.
_INSERT = text(
    """
    INSERT INTO audit_entry (seq, at, actor, action, subject, facts, leaf) OVERRIDING SYSTEM VALUE
    VALUES (:seq, :at, :actor, :action, :subject, :facts, :leaf)
    """
).bindparams(bindparam("at", type_=DateTime(timezone=True)), bindparam("facts", type_=JSONB))


def record(
    session: Session,
    *,
    at: datetime,
    actor: str,
    action: Action | str,
    subject: str | None = None,
    facts: Mapping[str, object] = NO_FACTS,
) -> int:
    """Log one deed; returns the entry's number. The caller commits.

    `actor` is "person", "system" or "staff:<number>"; `subject` comes from imgpilot.digests.of_subject. Raises
    NotForTheLog for anything that could be about a person, ValueError for an action that is not in the vocabulary.
    """
    if not _ACTOR.fullmatch(actor):
        raise NotForTheLog("an actor is person, system or staff:<number>")
    if subject is not None and not _SUBJECT.fullmatch(subject):
        raise NotForTheLog("a subject is a keyed digest, see imgpilot.digests.of_subject")
    name, when, clean = Action(action).value, written(at), checked(facts)
    seq = numbering.take(session)
    leaf = leaf_of(seq=seq, at=when, actor=actor, action=name, subject=subject, facts=clean)
    session.execute(
        _INSERT,
        {
            "seq": seq,
            "at": at,
            "actor": actor,
            "action": name,
            "subject": subject,
            "facts": clean,
            "leaf": leaf,
        },
    )
    return seq
