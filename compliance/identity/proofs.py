"""Proof of who asks: what the person answers to a link, and what an officer accepts (GDPR 12(6), 11 CCR 7060-7063)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

import config
from compliance import letters, objections
from compliance.errors import MoveRefused
from compliance.identity import evidence, links, notices
from compliance.identity.facts import Question, compare, facts_to_ask, most_matches
from compliance.identity.links import ADDRESS, FURTHER, NEW_ADDRESS, PERMISSION
from compliance.requests import clock_moves, clocks, decisions, identity_levels, laws, moves, queueing
from compliance.requests.casework import Attachment, IdentityCheck
from compliance.requests.kinds import Channel, Kind, Proof, State
from compliance.requests.models import PrivacyRequest, Step
from compliance.requests.moves import Actor, Move, Who, Written
from compliance.requests.opening import begin
from compliance.requests.regimes import Pause
from imgpilot import digests
from imgpilot.accounts.models import Account
from imgpilot.disclosures import Disclosure
from imgpilot.language import marked as _
from imgpilot.language import translate

__all__ = [
    "ASKS",
    "CHECKED",
    "Question",
    "accept_further",
    "answer_no",
    "answer_yes",
    "ask_more",
    "asked_for",
    "compare",
    "facts_to_ask",
    "reject",
]

#: What an officer can have checked, as it is stored, and its words.
CHECKED = {
    "two facts match": _("Two facts about the account match"),
    "three facts match and declaration": _("Three facts match, and a signed declaration is there"),
    "document seen": _("A document was seen"),
    "known from correspondence": _("Known from correspondence at the account's address"),
    "power of attorney": _("A power of attorney was seen"),
}
#: How many answers must have been compared for it. Two are enough for nothing that gives data out or destroys it
#: (11 CCR 7062(c)-(d)).
_FACTS = {"two facts match": 2, "three facts match and declaration": 3}
_MORE_THAN_TWO = (Kind.ACCESS, Kind.PORTABILITY, Kind.DELETION)
#: What can be asked for, and what the letter says of it. Never more than is needed.
ASKS = {
    "two facts": _("Two facts about the account that only its owner knows."),
    "three facts and declaration": _(
        "Three facts about the account that only its owner knows, and a signed sentence that you are its owner."
    ),
    "which account": _("The address with which the account was made."),
    "permission": _("The signed permission of the person for whom you ask."),
    "document": _("Something that shows that you are the person. Black out whatever does not show that."),
}


def answer_yes(session: Session, settings: config.Settings, token: str, now: datetime) -> PrivacyRequest:
    """ "Yes, I asked for this": use the link up. The request goes on if that is proof enough; the caller commits.

    Raises LinkDead, and MoveRefused if the account is being deleted.
    """
    link = links.take(session, settings, token, now)
    check, request = link.check, link.request
    check.passed_at, check.digest = now, None
    if check.method == NEW_ADDRESS:
        moves.note(session, request, moves.PERSON, "proved", now, {"method": check.method})
        return request
    proof = Proof.PERMISSION if check.method == PERMISSION else Proof.ADDRESS
    request.proof = identity_levels.stronger(Proof(request.proof), proof)
    account = session.scalar(select(Account).where(Account.email == link.address))
    facts = {"method": check.method, "proof": request.proof}
    waits = _waits(session, request, account)
    if account is None or waits:
        moves.note(session, request, moves.PERSON, "proved", now, facts | {"waits for": waits})
    else:
        _settle(session, settings, request, account, moves.PERSON, now, facts)
    return request


def answer_no(session: Session, settings: config.Settings, token: str, now: datetime) -> PrivacyRequest:
    """ "It was not me": end the request, and forget the address of somebody who never asked. The caller commits.

    Of a new address only that is forgotten: the person with the account did ask. Raises LinkDead.
    """
    link = links.take(session, settings, token, now)
    check, request = link.check, link.request
    check.failed_at, check.digest = now, None
    if check.method == NEW_ADDRESS:
        request.proposed = None
        moves.note(session, request, moves.PERSON, "proof failed", now, {"method": check.method})
        return request
    moves.move(session, request, Move.DISOWN, moves.PERSON, now, {"method": check.method})
    request.contact = request.details = request.proposed = request.claimed_id = None
    decisions.stop(session, request)
    _drop_letters(session, request)
    evidence.due(session, request)
    return request


def accept_further(
    session: Session,
    settings: config.Settings,
    request_id: UUID,
    account_id: UUID,
    checked: str,
    staff: Actor,
    now: datetime,
) -> PrivacyRequest:
    """An officer is satisfied that who asks owns this account, or was sent by its owner. `checked` is in CHECKED.

    Raises MoveRefused: if that is not enough for what is asked, if the facts were not compared, if the account is
    being deleted or the same is being worked on for it, and to who is no officer.
    """
    request = moves.locked(session, request_id)
    if Who.OFFICER not in staff.hats:
        raise MoveRefused(_("That is not yours to decide."))
    account = session.get(Account, account_id)
    if account is None:
        raise MoveRefused(_("There is no such account."))
    if request.account_id not in (None, account.id):
        # What was asked and proved for one account is never done to another.
        raise MoveRefused(_("This request is about another account already. Nothing was changed."))
    _enough(session, settings, request, account, checked)
    check = _open_check(session, request, FURTHER) or IdentityCheck(request_id=request.id, method=FURTHER, asked_at=now)
    check.passed_at, check.checked, check.decided_by = now, checked, staff.staff
    session.add(check)
    proof = Proof.PERMISSION if checked == "power of attorney" else Proof.FURTHER
    request.proof = identity_levels.stronger(Proof(request.proof), proof)
    for method in (ADDRESS, PERMISSION):
        links.end(session, request, method, now)
    _settle(session, settings, request, account, staff, now, {"method": FURTHER, "checked": checked})
    _drop_letters(session, request, "^tell (confirm|more)( [0-9]+)?$")
    if request.contact != account.email:
        queueing.add(session, request, queueing.LETTER, notices.WARN)
    evidence.due(session, request)
    return request


def reject(session: Session, request_id: UUID, checked: str, staff: Actor, now: datetime) -> PrivacyRequest:
    """What was shown does not prove it (`checked`: in CHECKED). The request goes on waiting; its evidence is destroyed.

    An officer may then refuse it on the ground "not-proved". Raises MoveRefused.
    """
    request = moves.locked(session, request_id)
    _is_for(staff)
    if checked not in CHECKED:
        raise MoveRefused(_("Say what was checked."))
    if request.state != State.PROVING:
        raise MoveRefused(_("This request does not wait for proof."))
    check = _open_check(session, request, FURTHER) or IdentityCheck(request_id=request.id, method=FURTHER, asked_at=now)
    check.failed_at, check.checked, check.decided_by = now, checked, staff.staff
    session.add(check)
    moves.note(session, request, staff, "proof failed", now, {"method": FURTHER, "checked": checked})
    evidence.due(session, request)
    return request


def ask_more(
    session: Session, request_id: UUID, what: str, staff: Actor, now: datetime, letter: Written | None = None
) -> PrivacyRequest:
    """Ask for more proof (`what`: in ASKS): by letter, with the clock stopped where the law lets it.

    From here on a link to the address is not enough: an officer decides. Raises MoveRefused.
    """
    if what not in ASKS:
        raise MoveRefused(_("Say what you need. No more than that is asked."))
    request = moves.locked(session, request_id)
    moves.move(session, request, Move.ASK_PROOF, staff, now, {"what": what}, letter)
    decisions.stop(session, request)
    before = _open_check(session, request, FURTHER)
    if before is not None:
        before.checked = what
    else:
        session.add(IdentityCheck(request_id=request.id, method=FURTHER, asked_at=now, checked=what))
    law = laws.in_force(session, request.regime)
    in_time = laws.today(request, now) <= request.due_on
    if request.paused_on is None and in_time and clocks.may_pause(law, Pause.IDENTITY, request.kind):
        clock_moves.pause(session, request.id, Pause.IDENTITY, staff, now)
    if letter is None:
        _write_what(session, request, what, staff, now)
    return request


def _write_what(session: Session, request: PrivacyRequest, what: str, staff: Actor, now: datetime) -> None:
    """The usual letter, with what is asked for: nobody wrote another."""
    step = session.scalar(
        select(Step.name)
        .where(Step.request_id == request.id, Step.name.regexp_match("^tell more( [0-9]+)?$"))
        .order_by(Step.position.desc())
        .limit(1)
    )
    if step is None:
        return  # there is no address to write to: staff ask by post
    needed = translate(request.language, ASKS[what])
    words = letters.worded(session, request, "more", now, needed=needed)
    letters.edited(session, request, step, words.subject, words.body, staff, now)


def asked_for(session: Session, request: PrivacyRequest) -> str:
    """What more was asked for, as a key of ASKS; "" if nothing is."""
    check = _open_check(session, request, FURTHER)
    return (check.checked or "") if check else ""


def _waits(session: Session, request: PrivacyRequest, account: Account | None) -> str:
    """Why a proved address is not the end of it; "" if it is."""
    if account is None:
        return "account"
    if _open_check(session, request, FURTHER):
        return "further proof"
    if request.claimed_id not in (None, account.id):
        # It is about another account than the address is: to link this one would do to it what was meant for that.
        return "claimed account"
    if request.account_id not in (None, account.id):
        return "known account"
    if request.channel == Channel.AGENT and not _permitted(session, request):
        return "permission"
    return ""


def _permitted(session: Session, request: PrivacyRequest) -> bool:
    file = select(Attachment.id).where(Attachment.request_id == request.id, Attachment.role == evidence.PERMISSION)
    return session.scalar(file.limit(1)) is not None


def _settle(
    session: Session,
    settings: config.Settings,
    request: PrivacyRequest,
    account: Account,
    actor: Actor,
    now: datetime,
    facts: dict[str, str],
) -> None:
    """It is about this account now: work on it begins, or it joins the one that is open already."""
    account_id, subject = account.id, digests.of_subject(settings, account.id)
    other = _the_same(session, request, account_id)
    if other is None:
        try:
            with session.begin_nested():
                if account.frozen_at is not None:
                    raise MoveRefused(_("This account is being deleted. Nothing new can be asked for it."))
                request.account_id, request.subject = account_id, subject
        except IntegrityError:
            # Asked for at the same moment somewhere else; the database lets one through.
            session.refresh(request)
            other = _the_same(session, request, account_id)
            if other is None:
                raise
    _theirs_too(session, request, account_id)
    if other is not None:
        _join(session, request, other, facts, now)
        request.account_id, request.subject = account_id, subject
        return
    moves.move(session, request, Move.PROVE, actor, now, facts)
    if request.paused_on is not None and request.paused_for == Pause.IDENTITY:
        clock_moves.let_run(session, request, actor, now)
    if request.kind == Kind.OBJECTION:
        objections.suspend(session, request, now)
    begin(session, request, now)


def _theirs_too(session: Session, request: PrivacyRequest, account_id: UUID) -> None:
    """Letters that went out before it was known whose request this is: they are lines of that person's log, too."""
    sent = select(Step.evidence["disclosure"].astext).where(
        Step.request_id == request.id, Step.phase == queueing.LETTER, Step.state == "done"
    )
    lines = [UUID(line) for line in session.scalars(sent) if line]
    session.execute(
        update(Disclosure)
        .where(Disclosure.id.in_(lines), Disclosure.account_id.is_(None))
        .values(account_id=account_id)
        .execution_options(synchronize_session=False)
    )


def _the_same(session: Session, request: PrivacyRequest, account_id: UUID) -> PrivacyRequest | None:
    return session.scalar(
        select(PrivacyRequest).where(
            PrivacyRequest.account_id == account_id,
            PrivacyRequest.kind == request.kind,
            PrivacyRequest.about == request.about,
            PrivacyRequest.id != request.id,
            PrivacyRequest.closed_at.is_(None),
            PrivacyRequest.state != State.APPEALED,
        )
    )


def _join(
    session: Session, request: PrivacyRequest, other: PrivacyRequest, facts: dict[str, str], now: datetime
) -> None:
    if request.contact != other.contact:
        said = _("The same is asked for this account in %(case)s. Work on that one; refuse or withdraw this.")
        raise MoveRefused(said, case=other.case)
    moves.note(session, request, moves.PERSON, "proved", now, facts)
    decisions.merge(session, request.id, other.id, moves.SYSTEM, now)
    evidence.due(session, request)


def _enough(
    session: Session, settings: config.Settings, request: PrivacyRequest, account: Account, checked: str
) -> None:
    if checked not in CHECKED:
        raise MoveRefused(_("Say what was checked."))
    needed = _FACTS.get(checked, 0)
    if needed == 2 and request.kind in _MORE_THAN_TWO:
        raise MoveRefused(_("Two facts are not enough to give data out or delete it. Ask for three and a declaration."))
    if needed and most_matches(session, settings, request, account.id) < needed:
        raise MoveRefused(_("So many facts were not found to match. Compare the answers first."))


def _open_check(session: Session, request: PrivacyRequest, method: str) -> IdentityCheck | None:
    return session.scalar(
        select(IdentityCheck)
        .where(
            IdentityCheck.request_id == request.id,
            IdentityCheck.method == method,
            IdentityCheck.passed_at.is_(None),
            IdentityCheck.failed_at.is_(None),
        )
        .order_by(IdentityCheck.asked_at.desc(), IdentityCheck.id)
        .limit(1)
    )


def _is_for(staff: Actor) -> None:
    if not staff.hats & {Who.CLERK, Who.OFFICER}:
        raise MoveRefused(_("That is not yours to decide."))


def _drop_letters(session: Session, request: PrivacyRequest, names: str = "") -> None:
    """Letters that are not on their way yet do not go: all, or those with such names (a regular expression)."""
    session.execute(
        update(Step)
        .where(
            Step.request_id == request.id,
            Step.phase == queueing.LETTER,
            Step.name != evidence.STEP,
            Step.name.not_like("call agent%"),
            Step.name.regexp_match(names),
            Step.state.in_(("ready", "waiting", "failed")),
        )
        .values(state="dropped", lease=None, lease_until=None)
    )
