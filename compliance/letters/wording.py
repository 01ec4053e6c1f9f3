"""The texts of letters as staff change them: versioned, checked when they are saved, never when a letter goes out."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

import config
from compliance.audit.append import record
from compliance.errors import MoveRefused
from compliance.letters.filling import check_text, one_line
from compliance.letters.texts import ours
from compliance.managed import LetterTemplate
from imgpilot.language import marked as _


def text_of(session: Session, kind: str, language: str) -> tuple[str, str]:
    """The subject and body that count, with their placeholders: the newest of staff, else ours."""
    found = newest(session, kind, language)
    return (found.subject, found.body) if found else ours(kind, language)


def newest(session: Session, kind: str, language: str) -> LetterTemplate | None:
    """The newest text of staff; None if it is ours."""
    return next(iter(history(session, kind, language, 1)), None)


def changed(session: Session) -> dict[tuple[str, str], LetterTemplate]:
    """The newest text of staff by kind and language; what is not in it is ours. In one query."""
    found = session.scalars(
        select(LetterTemplate)
        .ext(distinct_on(LetterTemplate.kind, LetterTemplate.language))
        .order_by(LetterTemplate.kind, LetterTemplate.language, LetterTemplate.at.desc(), LetterTemplate.id)
    )
    return {(one.kind, one.language): one for one in found}


def history(session: Session, kind: str, language: str, limit: int = 100) -> list[LetterTemplate]:
    """Every text that staff gave this kind in this language, the newest first."""
    return list(
        session.scalars(
            select(LetterTemplate)
            .where(LetterTemplate.kind == kind, LetterTemplate.language == language)
            .order_by(LetterTemplate.at.desc(), LetterTemplate.id)
            .limit(limit)
        )
    )


def change_text(
    session: Session, kind: str, language: str, subject: str, body: str, staff: int, now: datetime
) -> LetterTemplate | None:
    """Give a kind of letter another text from now on; the new version comes back. The caller commits.

    Saving what counts already writes nothing: then the version that counts comes back, None if that is ours. Raises
    MoveRefused for a placeholder that this kind does not know, and without one that it needs.
    """
    if language not in config.LANGUAGES:
        raise MoveRefused(_("We write no letters in this language."))
    subject, body = one_line(subject), body.replace("\r\n", "\n").strip()
    check_text(kind, subject, body)
    before = newest(session, kind, language)
    if (subject, body) == text_of(session, kind, language):
        return before
    made = LetterTemplate(
        kind=kind,
        language=language,
        subject=subject,
        body=body,
        # Two in one instant would have no order.
        at=max(now, before.at + timedelta(microseconds=1)) if before else now,
        by=staff,
    )
    session.add(made)
    session.flush()
    facts = {"letter": kind, "language": language, "version": str(made.id)}
    record(session, at=now, actor=f"staff:{staff}", action="letter text changed", facts=facts)
    return made
