"""Staff change the texts: versioned, audited, and never so that a letter goes out with a hole."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance import letters
from compliance.audit.models import Entry
from compliance.errors import MoveRefused
from imgpilot.parts import Parts
from tests.letters.conftest import Written

REASONED = ("About {case}", "We say no to {what}.\n\n{ground}\n\n{reason}")


def test_a_changed_text_is_what_goes_out_from_then_on(session: Session, parts: Parts, written: Written) -> None:
    before = letters.history(session, "refusal", "en")
    made = letters.change_text(session, "refusal", "en", *REASONED, 7, parts.clock())
    session.commit()
    request = written(refused_for="excessive", refusal="Four times this week.")
    letter = letters.draft(session, parts.settings, request, "refusal")
    assert letter.subject == f"About {request.case}"
    assert letter.body.startswith("We say no to a copy of your data.\n\nThe request is manifestly")
    assert letter.body.endswith("Four times this week.")
    assert "www.bfdi.bund.de" in letter.text()
    assert before == []
    assert made
    entry = session.scalars(select(Entry).order_by(Entry.seq.desc()).limit(1)).one()
    assert (entry.action, entry.actor) == ("letter text changed", "staff:7")
    assert entry.facts == {"letter": "refusal", "language": "en", "version": str(made.id)}


def test_the_other_language_keeps_our_text(session: Session, parts: Parts, written: Written) -> None:
    letters.change_text(session, "refusal", "en", *REASONED, 7, parts.clock())
    other = written(language="zh_Hans", refused_for="excessive", refusal="x")
    assert not letters.draft(session, parts.settings, other, "refusal").subject.startswith("About")


def test_every_version_stays_and_saving_the_same_adds_none(session: Session, parts: Parts) -> None:
    for subject in ("First {case}", "Second {case}", "Second  {case} "):
        letters.change_text(session, "refusal", "en", subject, REASONED[1], 7, parts.clock())
    assert [one.subject for one in letters.history(session, "refusal", "en")] == ["Second {case}", "First {case}"]
    assert letters.change_text(session, "ready", "en", *letters.ours("ready", "en"), 7, parts.clock()) is None
    assert letters.history(session, "ready", "en") == []


@pytest.mark.parametrize(
    ("kind", "language", "subject", "body", "said"),
    [
        ("refusal", "en", "Hello", "{ground} {reason} {parts}", "{parts}"),
        ("refusal", "en", "Hello", "{ground} {reason} {contact.email}", "{contact.email}"),
        ("refusal", "en", "Hello", "{ground} {reason} {}", "{}"),
        ("refusal", "en", "{reason}", "{ground} {reason}", "{reason}"),
        ("refusal", "en", "Hello", "{ground}", "has to say {reason}"),
        ("extension", "en", "Hello", "{reason}", "has to say {due}"),
        ("ready in part", "en", "Hello", "Take it.", "has to say {parts}"),
        ("refusal", "en", " ", "{ground} {reason}", "needs a subject"),
        ("refusal", "en", "Hello", "\n", "needs a subject"),
        ("refusal", "en", "x" * 301, "{ground} {reason}", "too long"),
        ("refusal", "en", "Hello", "{ground} {reason}" + "x" * 10_000, "too long"),
        ("refusal", "de", "Hallo", "{ground} {reason}", "no letters in this language"),
        ("hello", "en", "Hello", "Hello", "no such letter"),
    ],
)
def test_a_text_that_would_leave_a_hole_is_refused(
    session: Session, parts: Parts, kind: str, language: str, subject: str, body: str, said: str
) -> None:
    with pytest.raises(MoveRefused) as refused:
        letters.change_text(session, kind, language, subject, body, 7, parts.clock())
    assert said in str(refused.value)
    assert letters.history(session, kind, language) == []


def test_words_in_braces_that_mean_nothing_are_just_words_in_one_persons_letter() -> None:
    letters.check_letter("refusal", "Hello", "Your prompt “{a|b}” is yours.")
    with pytest.raises(MoveRefused, match="reason"):
        letters.check_letter("refusal", "Hello", "We refuse: {reason}")
