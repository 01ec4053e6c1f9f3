"""What is done in a case besides deciding it: the clock, assigning, merging, withdrawing, appeals, proof, entry."""

import io
from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from compliance.audit.models import Entry
from compliance.console.file_views import handed_out
from compliance.requests import decisions, moves
from compliance.requests.casework import Attachment, Comment, CommentMention, IdentityCheck, RequestLetter
from compliance.requests.kinds import Channel, Kind, Proof
from compliance.requests.models import PrivacyRequest
from compliance.requests.opening import Asked, open_unproved
from compliance.standing import Restriction
from imgpilot.accounts.models import Account
from imgpilot.parts import Parts
from tests.accounts.browser import Browser
from tests.conftest import Clock
from tests.console.conftest import FORM, Enter
from tests.console.test_case import REASON, digest_on, do, entries, written
from tests.console.test_rest import System
from tests.portal.test_centre import text_of
from tests.requests.conftest import look, work_off
from tests.world import Somebody, person


@pytest.fixture
def stranger(session: Session, parts: Parts, ana: Somebody) -> UUID:
    """A request for a copy by somebody of whom only an address is known."""
    asked = Asked(channel=Channel.FORM, country="DE", zone="Europe/Berlin")
    made = open_unproved(
        session, parts.settings, "who@example.org", Kind.ACCESS, "gdpr", parts.clock(), moves.PERSON, asked
    )
    session.commit()
    work_off(parts)
    return made.id


def letters(session: Session, case: UUID, kind: str) -> list[RequestLetter]:
    """The letters of this kind, oldest first."""
    session.rollback()
    found = select(RequestLetter).where(RequestLetter.request_id == case, RequestLetter.kind == kind)
    return list(session.scalars(found.order_by(RequestLetter.written_at)))


def test_p17_an_extension_is_told_with_its_reason(session: Session, parts: Parts, officer: Browser, case: UUID) -> None:
    before = look(session, case).due_on
    why = "Your pictures lie in an archive that takes six weeks to search."
    letter = written(officer, case, "decide/extend", reason=why)
    assert why in letter["body"]
    assert "Extended." in do(officer, case, "decide/extend", reason=why, **letter)
    assert look(session, case).due_on > before
    work_off(parts)
    (sent,) = letters(session, case, "extension")
    assert sent.sent_at is not None
    assert why in (sent.body or "")
    page = text_of(officer.get(f"/requests/{case}").text)
    assert "It cannot be extended again." in page
    assert "Extend the deadline" not in page
    read = officer.get(f"/requests/{case}/letters/{sent.id}")
    assert why in text_of(read.text)
    assert entries(session, "staff read case")[-1].facts["letter"] == "extension"


def test_a_letter_of_another_case_is_not_there(session: Session, officer: Browser, case: UUID, stranger: UUID) -> None:
    (letter,) = letters(session, stranger, "confirm")
    assert officer.get(f"/requests/{case}/letters/{letter.id}").status_code == 404


def test_the_clock_stands_and_runs_again(session: Session, officer: Browser, case: UUID, clock: Clock) -> None:
    before = look(session, case).due_on
    assert "The clock stands." in do(officer, case, "work/pause", reason="identity")
    clock.tick(days=4)
    page = text_of(officer.get(f"/requests/{case}").text)
    assert "The clock stands since" in page
    assert "we wait for proof of who asks" in page
    assert "The clock runs again." in do(officer, case, "work/resume")
    assert (look(session, case).due_on - before).days >= 4


def test_a_reason_that_the_law_does_not_know_stops_no_clock(session: Session, officer: Browser, case: UUID) -> None:
    assert "This law does not let the clock stop" in do(officer, case, "work/pause", reason="holidays")
    assert look(session, case).paused_on is None


def test_a_case_is_taken_given_and_given_to_nobody(session: Session, signed_in: Enter, case: UUID) -> None:
    agent = signed_in("Privacy Agent")
    assert "Given to Privacy Agent." in do(agent, case, "assign", me="1")
    me = look(session, case).assigned_to
    assert me
    do(agent, case, "assign", staff=str(me + 1))
    assert look(session, case).assigned_to == me + 1
    assert "There is no such colleague." in do(agent, case, "assign", staff="4711")
    assert "Nobody has this case now." in do(agent, case, "assign", staff="")
    assert look(session, case).assigned_to is None


def test_p18_who_is_called_in_a_comment_is_called_until_they_look(
    session: Session, signed_in: Enter, case: UUID
) -> None:
    agent, approver = signed_in("Privacy Agent"), signed_in("Approver")
    do(agent, case, "comments", text="@approver can you look? <b>Her</b> invoice is disputed. ana@example.com says so.")
    mine = (
        select(CommentMention).join(Comment, Comment.id == CommentMention.comment_id).where(Comment.request_id == case)
    )
    (mention,) = session.scalars(mine)
    assert mention.seen_at is None
    page = approver.get(f"/requests/{case}").text
    assert "<b>Her</b>" not in page
    assert "Her" in text_of(page)
    session.expire_all()
    assert session.scalars(mine).one().seen_at is not None
    (entry,) = entries(session, "request commented")
    assert entry.facts == {"case": "IP-2026-0002", "kind": "deletion", "called": 1}


@pytest.mark.parametrize(("text", "said"), [("  ", "no words"), ("x" * 5001, "at most 5,000")])
def test_a_comment_without_words_or_with_too_many_is_not_added(
    session: Session, officer: Browser, case: UUID, text: str, said: str
) -> None:
    before = len(session.scalars(select(Comment.id)).all())
    assert said in do(officer, case, "comments", text=text)
    assert len(session.scalars(select(Comment.id)).all()) == before


def test_merging_needs_a_case_of_the_same_person(
    session: Session, parts: Parts, officer: Browser, case: UUID, asked: Callable[..., UUID]
) -> None:
    bobs = asked(person(session, parts, "bob").account.id)
    assert "There is no case with this number." in do(officer, case, "work/merge", into="IP-2026-9999")
    into = {"csrf_token": officer.csrf(FORM), "do": "act", "into": look(session, bobs).case}
    page = officer.send(f"/requests/{case}/work/merge", into)
    assert "of another person" in text_of(page.text)
    assert f'value="{into["into"]}"' in page.text  # what was typed is still there
    assert look(session, case).state == "review"


def test_merging_lets_the_other_go_on(session: Session, parts: Parts, officer: Browser, stranger: UUID) -> None:
    again = open_unproved(
        session, parts.settings, "who@example.org", Kind.ACCESS, "gdpr", parts.clock(), moves.PERSON, Asked()
    )
    session.commit()
    said = do(officer, again.id, "work/merge", into=look(session, stranger).case)
    assert "it goes on in " + look(session, stranger).case in said
    assert look(session, again.id).merged_into == stranger


def test_withdrawing_for_the_person_keeps_how_they_said_so(session: Session, officer: Browser, case: UUID) -> None:
    assert "nobody else can know" in do(officer, case, "work/withdraw", reason="")
    said = do(officer, case, "work/withdraw", reason="She called on Monday and changed her mind.")
    assert "Done: withdrawn on" in said
    assert "She called on Monday" in said
    assert look(session, case).state == "withdrawn"


def refuse(officer: Browser, case: UUID) -> None:
    """Refuse it, with the letter as it is drafted."""
    fields = {"ground": "legal-duty", "reason": REASON}
    do(officer, case, "decide/refuse", **fields, **written(officer, case, "decide/refuse", **fields))


def test_p17_an_appeal_is_judged_by_somebody_else(
    session: Session, parts: Parts, officer: Browser, signed_in: Enter, case: UUID
) -> None:
    refuse(officer, case)
    words = "The court has lifted its order, I can show you that."
    said = do(signed_in("Privacy Agent"), case, "work/appeal", words=words)
    assert words in said
    page = officer.get(f"/requests/{case}").text
    assert "Somebody else judges the appeal" in text_of(page)
    assert "second/deny" not in page
    approver = signed_in("Approver")
    assert "Judge the appeal by" in text_of(approver.get(f"/requests/{case}").text)
    why = "The court has confirmed to us that the order still stands."
    letter = written(approver, case, "second/deny", reason=why)
    assert "The appeal failed." in do(approver, case, "second/deny", reason=why, **letter)
    assert (look(session, case).state, look(session, case).refusal) == ("refused", why)
    assert "and the appeal too" in text_of(officer.get(f"/requests/{case}").text)


def test_an_appeal_that_is_right_is_worked_on_again(
    session: Session, parts: Parts, officer: Browser, signed_in: Enter, case: UUID
) -> None:
    refuse(officer, case)
    do(officer, case, "work/appeal", words="The court has lifted its order.")
    approver = signed_in("Approver")
    do(approver, case, "second/uphold", **written(approver, case, "second/uphold"))
    work_off(parts)
    assert look(session, case).state == "review"
    (sent,) = letters(session, case, "appeal upheld")
    assert sent.sent_at is not None


def test_after_an_appeal_that_was_right_somebody_else_decides(
    session: Session, parts: Parts, console: Flask, officer: Browser, signed_in: Enter, case: UUID
) -> None:
    do(officer, case, "assign", me="1")
    refuse(officer, case)
    do(officer, case, "work/appeal", words="The court has lifted its order.")
    approver = signed_in("Approver")
    do(approver, case, "second/uphold", **written(approver, case, "second/uphold"))
    work_off(parts)
    assert look(session, case).assigned_to is None, "nobody would see that it waits"
    page = officer.get(f"/requests/{case}").text
    assert "Somebody else decides by" in text_of(page)
    assert not [deed for deed in ("approve", "propose", "refuse", "set-aside") if f"decide/{deed}" in page]
    overturned = "An appeal overturned your decision of this request. Give it to somebody else, who decides it now."
    plan = decisions.newest_plan(session, case)
    assert plan
    for deed, sent in (("approve", {"digest": plan.digest}), ("refuse", {"ground": "legal-duty", "reason": REASON})):
        answer = System(console, "Privacy Officer").post(f"{case}/{deed}", sent)
        assert (answer.status_code, answer.get_json()["message"]) == (409, overturned)
    assert "Plan approved." in do(signed_in("Admin"), case, "decide/approve", digest=plan.digest)


def test_a_closed_case_is_opened_again_with_a_reason(
    session: Session, parts: Parts, officer: Browser, case: UUID
) -> None:
    refuse(officer, case)
    assert "Say why it is opened again." in do(officer, case, "decide/reopen", reason="no")
    assert "Opened again." in do(officer, case, "decide/reopen", reason="We had mixed up two people.")
    work_off(parts)
    assert look(session, case).state == "review"


def test_p17_a_part_is_set_aside_on_its_ground(session: Session, officer: Browser, case: UUID) -> None:
    assert "Choose a ground of the law" in do(officer, case, "decide/set-aside", **{"ground:credit_entry": "whim"})
    said = do(
        officer, case, "decide/set-aside", **{"ground:credit_entry": "legal-duty", "until:credit_entry": "2036-12-31"}
    )
    assert "A law obliges us to keep it." in said
    assert look(session, case).set_aside == {"credit_entry": {"ground": "legal-duty", "until": "2036-12-31"}}
    do(officer, case, "decide/set-aside", **{"ground:credit_entry": ""})
    assert look(session, case).set_aside == {}


def test_a_deed_that_does_not_fit_leads_back_to_the_case(officer: Browser, case: UUID) -> None:
    answer = officer.get(f"/requests/{case}/work/resume")
    assert answer.location == f"/requests/{case}"
    assert "This cannot be done in this case now." in text_of(officer.get(answer.location).text)


def test_p16_a_stranger_is_asked_for_more_and_the_clock_stands(
    session: Session, parts: Parts, signed_in: Enter, stranger: UUID
) -> None:
    agent = signed_in("Privacy Agent")
    assert "Waiting for the person until" in text_of(agent.get(f"/requests/{stranger}").text)
    letter = written(agent, stranger, "work/ask", what="which account")
    assert "stands still until we hear from you" in letter["body"]
    assert "Asked. The letter is on its way." in do(agent, stranger, "work/ask", what="which account", **letter)
    assert look(session, stranger).paused_for == "identity"
    assert session.scalars(select(IdentityCheck.checked).where(IdentityCheck.method == "further")).one()


def test_p16_answers_are_compared_without_showing_what_is_right(
    session: Session, officer: Browser, ana: Somebody, stranger: UUID
) -> None:
    made = session.get_one(Account, ana.account.id).created_at
    said = do(
        officer, stranger, "work/compare", made=f"{made:%Y-%m}", model="", pictures="1-9", account="ana@example.com"
    )
    assert "Answers compared: 2 of 3 match" in said
    assert "ana@example.com" not in said
    said = do(officer, stranger, "decide/accept", checked="document seen", account="nobody@example.com")
    assert "No account was found." in said
    assert "Accepted." in do(officer, stranger, "decide/accept", checked="document seen", account="ana@example.com")
    assert (look(session, stranger).account_id, look(session, stranger).proof) == (ana.account.id, Proof.FURTHER)


def test_a_proof_that_does_not_hold_is_rejected(session: Session, officer: Browser, stranger: UUID) -> None:
    do(officer, stranger, "work/ask", what="document", **written(officer, stranger, "work/ask", what="document"))
    assert "Rejected." in do(officer, stranger, "decide/reject", checked="document seen")
    assert look(session, stranger).state == "proving"


def test_p18_a_file_is_never_shown_and_fetching_it_asks_why(
    session: Session, officer: Browser, case: UUID, ana: Somebody
) -> None:
    page = f"<html><script>alert('{'x' * 10}')</script>".encode()
    sent = {"csrf_token": officer.csrf(FORM), "role": "original", "file": (io.BytesIO(page), "../a letter.html")}
    officer.client.post(f"/requests/{case}/files", data=sent, base_url=officer.base)
    file = session.scalars(select(Attachment).where(Attachment.request_id == case)).one()
    assert file.name in text_of(officer.get(f"/requests/{case}").text)
    path, token = f"/requests/{case}/files/{file.id}", officer.csrf(FORM)
    assert officer.send(path, {"csrf_token": token}).status_code == 302
    assert not entries(session, "request file downloaded")
    answer = officer.send(path, {"csrf_token": token, "reason": "answering a request"})
    assert answer.data == page
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    (entry,) = entries(session, "request file downloaded")
    assert entry.facts == {"case": "IP-2026-0002", "role": "original", "reason": "answering a request"}
    other = officer.send(f"/requests/{ana.request.id}/files/{file.id}", {"csrf_token": token, "reason": "complaint"})
    assert other.status_code == 404


def test_a_file_name_breaks_no_header() -> None:
    answer = handed_out('a"\r\nX-Evil: 1;é.pdf', iter([b"x"]))
    assert "X-Evil" not in answer.headers
    assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''a%22%0D%0AX-Evil%3A%201%3B%C3%A9.pdf"


@pytest.mark.parametrize(
    ("fields", "said"), [({}, "Choose a file first"), ({"role": "portrait"}, "Say what the file is")]
)
def test_no_file_or_no_role_adds_nothing(
    session: Session, officer: Browser, case: UUID, fields: dict[str, str], said: str
) -> None:
    file = {"file": (io.BytesIO(b"x"), "x.txt")} if fields else {}
    form = {"csrf_token": officer.csrf(FORM), **fields, **file}
    officer.client.post(f"/requests/{case}/files", data=form, base_url=officer.base)
    assert said in text_of(officer.get(f"/requests/{case}").text)


def test_p18_a_restriction_ends_only_after_the_person_was_told(
    session: Session, parts: Parts, officer: Browser, ana: Somebody, asked: Callable[..., UUID]
) -> None:
    made = asked_about(session, parts, ana, Kind.RESTRICTION, "accuracy")
    work_off(parts)
    do(officer, made, "decide/approve", digest=digest_on(officer, made))
    work_off(parts)
    assert "decide/lift" not in officer.get(f"/requests/{made}").text
    why = "What you doubted was checked, and put right."
    letter = written(officer, made, "decide/announce", reason=why)
    body = letter["body"].replace("{reason}", why)
    said = do(officer, made, "decide/announce", reason=why, subject=letter["subject"], body=body)
    assert "The letter is on its way." in said
    assert "not out yet" in do(officer, made, "decide/lift")
    work_off(parts)
    assert "The restriction is lifted." in do(officer, made, "decide/lift")
    of_this = select(Restriction.lifted_at).where(Restriction.request_id == made)
    assert session.scalars(of_this).one() is not None


def asked_about(session: Session, parts: Parts, who: Somebody, kind: Kind, about: str) -> UUID:
    """Ask for something about one thing; the request's id."""
    from compliance.requests.opening import open_request

    account = session.get_one(Account, who.account.id)
    made = open_request(session, parts.settings, account, kind, "gdpr", parts.clock(), asked=Asked(about=about))
    session.commit()
    return made.id


NEW = {"channel": "post", "received": "2026-11-20", "kind": "access", "contact": "who@example.org", "country": "NL"}


def test_p17_a_request_that_came_by_post_has_the_clock_of_its_original(
    session: Session, signed_in: Enter, case: UUID
) -> None:
    agent = signed_in("Privacy Agent")
    answer = agent.post("/requests/new", NEW)
    assert answer.status_code == 302
    made = session.scalars(select(PrivacyRequest).where(PrivacyRequest.channel == "post")).one()
    assert answer.location == f"/requests/{made.id}"
    assert f"{made.received_at:%Y-%m-%d}" in ("2026-11-19", "2026-11-20")
    assert (made.state, made.country, made.regime) == ("proving", "NL", "gdpr")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"received": "2026-12-24"}, "in the future"),
        ({"received": "yesterday"}, "A day is written like"),
        ({"country": ""}, "Say where they live"),
        ({"kind": "everything"}, "Choose what is asked for"),
        ({"contact": "who@"}, "This is no e-mail address"),
        ({"about": "correction:email"}, "belongs to another right"),
        ({"checked": "document seen", "account": "nobody@example.com"}, "No account was found"),
    ],
)
def test_what_is_wrong_in_a_new_request_is_said_and_nothing_typed_is_lost(
    session: Session, officer: Browser, case: UUID, wrong: dict[str, str], said: str
) -> None:
    answer = officer.post("/requests/new", NEW | {"details": "All of it, please."} | wrong)
    assert answer.status_code == 409
    assert said in text_of(answer.text)
    assert "All of it, please." in answer.text
    session.rollback()
    assert not session.scalars(select(PrivacyRequest).where(PrivacyRequest.channel == "post")).all()


def test_an_officer_who_knows_who_asks_says_how(session: Session, officer: Browser, ana: Somebody, case: UUID) -> None:
    fields = NEW | {"contact": "ana@example.com", "checked": "known from correspondence"}
    assert officer.post("/requests/new", fields).status_code == 302
    made = session.scalars(select(PrivacyRequest).where(PrivacyRequest.channel == "post")).one()
    assert (made.account_id, made.proof) == (ana.account.id, "further")


def test_p18_nothing_personal_is_in_an_address_or_the_log(session: Session, officer: Browser, case: UUID) -> None:
    page = officer.get(f"/requests/{case}").text
    assert "ana" not in "".join(part for part in page.split('"') if part.startswith("/requests/"))
    for entry in session.scalars(select(Entry)):
        assert "@" not in str(entry.facts)


def test_a_paused_review_says_what_is_waited_for(session: Session, officer: Browser, case: UUID) -> None:
    session.execute(update(PrivacyRequest).where(PrivacyRequest.id == case).values(proof=Proof.NONE))
    session.commit()
    assert "Check first who asks" in text_of(officer.get(f"/requests/{case}").text)
