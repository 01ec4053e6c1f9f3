"""Every letter says what it has to, in both languages, in both forms, with nothing left open."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

import config
from compliance import letters
from compliance.errors import MoveRefused
from compliance.letters import asked_for, filling, texts
from compliance.requests.kinds import Channel, Kind, Outcome, Proof, State
from compliance.requests.models import Step
from compliance.requests.moves import MOVES
from compliance.requests.opening import ABOUT
from compliance.requests.procedures import PROCEDURE, TITLES
from imgpilot.parts import Parts
from tests.letters.conftest import FITS, SAID, Written

HOSTILE = '</p><script>alert("ana")</script> {case} %(day)s <b>&amp;'


def draft(session: Session, parts: Parts, request: Any, kind: str, **values: object) -> letters.Letter:
    base = kind.removesuffix(" in part")
    said: dict[str, Any] = {**SAID.get(base, {}), **values}
    return letters.draft(session, parts.settings, request, base, now=parts.clock(), **said)


@pytest.mark.parametrize("language", list(config.LANGUAGES))
@pytest.mark.parametrize("kind", list(letters.TEXTS))
def test_a_letter_is_whole_in_both_forms(
    session: Session, parts: Parts, written: Written, kind: str, language: str
) -> None:
    request = written(language=language, **FITS[kind])
    made = draft(session, parts, request, kind)
    assert made.missing == ()
    assert request.case in made.subject
    for form in (made.text(), made.html().partition("</head>")[2]):
        assert "{" not in form, "no placeholder is left"
        assert "%(" not in form
        assert "None" not in form
        assert request.case in form
        assert config.CONTACT in form
        assert "https://www.bfdi.bund.de" in form
    assert f'<html lang="{language.replace("_", "-")}"' in made.html()
    assert "ana@example.com" not in made.body, "an erasure would find it"


@pytest.mark.parametrize("kind", list(letters.TEXTS))
def test_our_own_texts_keep_the_rules_that_staff_have_to_keep(kind: str) -> None:
    letters.check_text(kind, *letters.ours(kind, "en"))
    text = texts.TEXTS[kind]
    assert set(text.knows) <= set(letters.PLACEHOLDERS)
    assert set(text.open) <= set(text.knows)
    assert set(filling.names(letters.ours(kind, "en")[1])) >= set(text.also), "none is known for nothing"


def test_there_is_a_text_for_every_letter_that_is_ever_sent() -> None:
    sent = {rule.tells for rule in MOVES.values() if rule.tells}
    sent |= {work.name.removeprefix("tell ") for steps in PROCEDURE.values() for work in steps if "tell " in work.name}
    sent |= {name.removeprefix("tell ") for name in TITLES if name.startswith("tell ")}
    assert sent == set(texts.TEXTS) - set(texts.IN_PART.values())
    assert set(FITS) == set(texts.TEXTS)


def test_everything_that_can_be_asked_for_has_words() -> None:
    everything = {(kind, about) for kind in Kind for about in ABOUT.get(kind, ("",))}
    assert everything == set(asked_for.WHAT)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("proof", Proof)
def test_receipt_is_confirmed_of_every_kind_however_it_was_proved(
    session: Session, parts: Parts, written: Written, kind: Kind, proof: Proof
) -> None:
    request = written(kind=kind, about=ABOUT.get(kind, ("",))[0], proof=proof)
    body = draft(session, parts, request, "acknowledgement").body
    at_once = kind in (Kind.OPT_OUT, Kind.CONSENT_WITHDRAWAL)
    assert ("Nobody has to decide" in body) is at_once
    assert ("by Wednesday, 23 December 2026" in body) is not at_once
    assert ("proof" in body) is (proof is not Proof.STAFF)


@pytest.mark.parametrize("kind", ["refusal", "extension", "more", "reopened", "appeal denied"])
def test_what_people_write_is_escaped_on_the_page_and_left_alone_in_the_text(
    session: Session, parts: Parts, written: Written, kind: str
) -> None:
    request = written(**FITS[kind])
    made = draft(session, parts, request, kind, reason=HOSTILE, needed=HOSTILE)
    assert HOSTILE in made.text()
    assert "<script" not in made.html()
    assert "</p>&lt;" not in made.html()
    assert "&lt;script&gt;" in made.html()
    assert "&amp;amp;" in made.html()
    assert made.missing == ()


def test_reasons_keep_their_paragraphs_and_lists(session: Session, parts: Parts, written: Written) -> None:
    made = draft(
        session, parts, written(), "refusal", reason="First.\r\n\r\nWe keep:\r\n- the order\n- the <i>bill</i>"
    )
    assert "First.\n\nWe keep:\n\n– the order\n– the <i>bill</i>" in made.text()
    assert made.html().count("<li style=") - len(made.rights) == 2


@pytest.mark.parametrize("kind", ["extension", "more", "reopened"])
def test_a_letter_without_its_reason_says_so(session: Session, parts: Parts, written: Written, kind: str) -> None:
    request = written(**FITS[kind])
    made = letters.draft(session, parts.settings, request, kind)
    assert made.missing == texts.TEXTS[kind].open
    with pytest.raises(MoveRefused, match="in the place of"):
        letters.worded(session, request, kind)


def test_an_extension_is_drafted_with_the_day_it_would_have(session: Session, parts: Parts, written: Written) -> None:
    before = draft(session, parts, written(), "extension").body
    after = draft(session, parts, written(extended_at=parts.clock()), "extension").body
    assert "Tuesday, 23 February 2027" in before
    assert "GDPR 12(3)" in before
    assert "Wednesday, 23 December 2026" in after


@pytest.mark.parametrize("kind", ["ready in part", "portable in part", "erased in part"])
def test_each_part_that_is_not_granted_has_its_ground_and_its_law(
    session: Session, parts: Parts, written: Written, kind: str
) -> None:
    text = draft(session, parts, written(**FITS[kind]), kind).text()
    assert (
        "– Prompts and pictures, until Wednesday, 31 March 2027. It is needed to establish, exercise or defend legal "
        "claims. (GDPR 17(3)(e))\n– Your account. Something that is kept hangs on it." in text
    )
    assert "ign-ins" not in text
    assert "appeal within 60 days" in text


def test_of_two_laws_the_person_reads_their_own(session: Session, parts: Parts, written: Written) -> None:
    facts = {"refused_for": "not-proved", "refusal": "x"}
    california = written(regime="ccpa", country="US", subdivision="CA", **facts)
    assert "(11 CCR 7060)" in draft(session, parts, california, "refusal").body
    assert "(GDPR 12(6))" in draft(session, parts, written(**facts), "refusal").body
    assert "(UK GDPR 12(6))" in draft(session, parts, written(regime="uk-gdpr", country="GB", **facts), "refusal").body
    brazil = written(regime="lgpd", country="BR", **facts)
    assert "(GDPR 12(6); 11 CCR 7060)" in draft(session, parts, brazil, "refusal").body


def test_a_refusal_to_somebody_unknown_does_not_say_whether_there_is_an_account(
    session: Session, parts: Parts, written: Written
) -> None:
    refused = {"kind": Kind.DELETION, "refused_for": "not-proved", "refusal": "Nobody answered."}
    assert "Your account is as it was" in draft(session, parts, written(**refused), "refusal").text()
    unknown = draft(session, parts, written(account_id=None, **refused), "refusal").text()
    assert "Your account" not in unknown
    assert "/privacy/requests/" not in unknown


def test_an_agent_is_named_as_somebody_who_says_so(session: Session, parts: Parts, written: Written) -> None:
    agents = written(**FITS["confirm"], channel=Channel.AGENT)
    assert "Somebody who says that they act for you" in draft(session, parts, agents, "confirm").body


def test_a_letter_of_a_late_request_promises_no_day_that_is_over(
    session: Session, parts: Parts, written: Written
) -> None:
    late = written(due_on=parts.clock().date().replace(day=1))
    assert "The time for our answer is over" in draft(session, parts, late, "reopened").body


def test_a_clock_that_stands_is_said_to_stand(session: Session, parts: Parts, written: Written) -> None:
    facts = FITS["more"] | {"paused_on": parts.clock().date()}
    assert "stands still" in draft(session, parts, written(**facts), "more").body
    assert "goes on" in draft(session, parts, written(**FITS["more"]), "more").body


def test_the_last_moment_to_take_a_deletion_back_is_by_her_own_clock(
    session: Session, parts: Parts, written: Written
) -> None:
    assert (
        "until Sunday, 13 December 2026, 15:40 (CET)"
        in draft(session, parts, written(**FITS["cooling"]), "cooling").body
    )


def test_companies_that_were_told_are_named_and_those_that_were_not(
    session: Session, parts: Parts, written: Written
) -> None:
    request = written(**FITS["erased"])
    for position, (name, state) in enumerate(
        [("notify openai", "done"), ("notify mail 2", "done"), ("notify gone inc", "skipped"), ("notify x", "failed")]
    ):
        session.add(Step(request_id=request.id, position=position, name=name, state=state, evidence={}))
    session.commit()
    body = draft(session, parts, request, "erased").body
    assert "We have told those who received some of it: OpenAI and Mail delivery." in body
    assert "These could not be told: gone inc." in body
    assert "x." not in body.split()


def test_a_correction_says_what_changes(session: Session, parts: Parts, written: Written) -> None:
    address = written(**FITS["changing"])
    assert "become anna@example.com" in draft(session, parts, address, "changing").body
    assert "is anna@example.com now" in draft(session, parts, address, "corrected").body
    words = written(kind=Kind.CORRECTION, about="other", details="It was not me.")
    assert "put beside your data" in draft(session, parts, words, "changing").body
    assert "stands beside your data" in draft(session, parts, words, "corrected").body


def test_a_letter_that_nobody_knows_is_refused(session: Session, parts: Parts, written: Written) -> None:
    for kind in ("hello", "ready in part"):
        with pytest.raises(MoveRefused, match="no such letter"):
            letters.draft(session, parts.settings, written(outcome=Outcome.PARTIAL), kind)


def test_the_button_leads_to_the_request_or_to_what_proves_the_address(
    session: Session, parts: Parts, written: Written
) -> None:
    hers = written()
    assert f"/privacy/requests/{hers.id}" in draft(session, parts, hers, "ready").text()
    proving = written(**FITS["more"])
    assert "/privacy/confirm/…" in draft(session, parts, proving, "more").text()
    asked_more = written(state=State.PROVING)
    assert f"/privacy/requests/{asked_more.id}" in draft(session, parts, asked_more, "more").text()
