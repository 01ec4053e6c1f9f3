"""Steps that carry out what is asked, other than copies and erasure. Each works in the transaction that notes it."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance import corrections, objections, optouts, restrictions
from compliance.errors import StepFailed
from compliance.requests import decisions, moves
from compliance.requests.models import PrivacyRequest
from compliance.requests.moves import Move
from compliance.requests.steps import Evidence, Finish, Job
from imgpilot.accounts.models import Account

GONE = "The account of this request is gone."


def _account(session: Session, job: Job) -> Account:
    account = session.scalar(select(Account).where(Account.id == job.request.account_id).with_for_update())
    if account is None:
        raise StepFailed(GONE, again=False)
    return account


def _request(session: Session, job: Job) -> PrivacyRequest:
    return session.get_one(PrivacyRequest, job.request.id)


def cool_off(job: Job) -> Finish:
    """The time to take it back is over: from now on nobody signs in."""

    def finish(session: Session) -> Evidence:
        request, account = _request(session, job), _account(session, job)
        copy = decisions.copy_asked_for(session, request)
        if copy is not None:
            # Asked for since the approval, which looks for the same: the erasure would end it unanswered.
            said = f"Answer {copy.case} first: after the deletion nothing can be copied. It is tried again tomorrow."
            raise StepFailed(said, until=job.now + timedelta(days=1))
        moves.move(session, request, Move.START, moves.SYSTEM, job.now)
        request.cooling = False  # they had their time; a recount gives no second one
        decisions.freeze(session, account, job.now)
        return {"until": str(request.cool_until)}

    return finish


def correct(job: Job) -> Finish:
    """Change the fact everywhere it lies."""
    return lambda session: corrections.correct(
        session, job.parts.settings, _request(session, job), _account(session, job), job.now
    )


def restrict(job: Job) -> Finish:
    """Store the data and do nothing else with it from now on."""
    return lambda session: restrictions.restrict(
        session, job.parts.settings, _request(session, job), _account(session, job), job.now
    )


def stop(job: Job) -> Finish:
    """Stop the processing that is objected to."""
    return lambda session: objections.stop(session, _request(session, job), job.now)


def withdraw_consent(job: Job) -> Finish:
    """The consent does not count any more."""
    return lambda session: optouts.withdraw_consent(session, _request(session, job), job.now)


def opt_out(job: Job) -> Finish:
    """Keep the choice, with the account or, where there is none, with a digest of the address."""
    return lambda session: optouts.opt_out(session, job.parts.settings, _request(session, job), job.now)
