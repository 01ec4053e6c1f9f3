"""What each step of a request does. A function does the outside work and returns what the transaction is to do."""

from collections.abc import Callable
from functools import partial

from sqlalchemy.orm import Session

from compliance.drp import calling
from compliance.drp.calls import CALL
from compliance.identity import evidence, notices
from compliance.requests import (
    carrying,
    copying,
    decisions,
    deleting,
    notifying,
    searching,
    telling,
    tombstones,
)
from compliance.requests.models import PrivacyRequest
from compliance.requests.queueing import done_name
from compliance.requests.steps import Evidence, Finish, Job

Do = Callable[[Job], Finish]


def count(job: Job) -> Finish:
    """Count what answering would touch."""

    def finish(session: Session) -> Evidence:
        plan = decisions.count(session, session.get_one(PrivacyRequest, job.request.id), job.now)
        return {"plan": plan.digest}

    return finish


WORK: dict[str, Do] = {
    "count": count,
    "cool off": carrying.cool_off,
    "build package": copying.build_package,
    "build portable package": copying.build_portable_package,
    "erase rows": deleting.erase_rows,
    "keep tombstone": tombstones.keep,
    "remove objects": deleting.remove_objects,
    "purge copies": notifying.purge_copies,
    "note recipients": notifying.note_recipients,
    "look again": searching.look_again,
    "certify": deleting.certify,
    "close": searching.close,
    "correct": carrying.correct,
    "restrict": carrying.restrict,
    "stop": carrying.stop,
    "withdraw consent": carrying.withdraw_consent,
    "opt out": carrying.opt_out,
    "confirm new address": notices.confirm_new_address,
    "warn owner": notices.warn_owner,
    "destroy evidence": evidence.destroy,
}


def of(name: str) -> Do:
    """What the step of this name does. Letters and notices are named after their kind and their recipient."""
    plain = done_name(name)
    if plain.startswith("tell "):
        return partial(telling.tell, name=name, kind=plain.removeprefix("tell "))
    if plain.startswith("notify "):
        return partial(notifying.notify, processor=plain.removeprefix("notify "))
    if plain == CALL:
        return partial(calling.call_agent, name=name)
    return WORK[plain]
