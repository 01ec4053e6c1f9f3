"""Steps that look again after an erasure, independently of what planned and did it."""

import json
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from compliance import inventory, rescan
from compliance.errors import StepFailed
from compliance.requests.casework import Attachment, Comment, CommentMention, IdentityCheck, RequestLetter
from compliance.requests.deleting import approved, erased, folder, kept_objects
from compliance.requests.models import Happening, PrivacyRequest, Removal, Step
from compliance.requests.queueing import LETTER
from compliance.requests.steps import Evidence, Finish, Job
from imgpilot.accounts.models import SignInLink
from imgpilot.disclosures import Disclosure


def look_again(job: Job) -> Finish:
    """Search everything for the person, independently of what planned and erased."""
    with job.parts.sessions() as session:
        kept = erased(session, job.request.id)["kept"]
        named = kept_objects(session, UUID(folder(session, job.request.id).rstrip("/")), kept)
        found = rescan.scan(
            session,
            job.parts.storage,
            UUID(folder(session, job.request.id).rstrip("/")),
            job.request.contact or "",
            job.beat,
            _at_the_door(session, job.request),
        )
        new = _since_approval(session, job.request)
    # These two are still needed, and go in the last step: where to send the letter, and what to search for.
    expected = {"privacy_request.contact": 1, "removal.object_key": 1, **new}
    may_stay = _May(expected, new, kept, len(named))
    return _nothing_left(found, may_stay, "Erase it, then try this step again.")


@dataclass(frozen=True)
class _May:
    """What a search may find: what is still needed, what came since, and what is kept on a ground."""

    expected: rescan.Places
    new: rescan.Places
    kept: dict[str, int]
    objects: int


def _nothing_left(found: rescan.Found, may: _May, advice: str) -> Finish:
    """The evidence of a search that found no more than what may be there."""
    new = may.new
    left = {
        place: rows
        for place, rows in found.left.items()
        # A kept row hangs on others that are kept, and requests about it stay hers while it does.
        if may.expected.get(place) != rows and place.partition(".")[0] not in may.kept and not _is_ours(place, may)
    }
    strange = found.objects - may.objects
    if left or strange > 0:
        raise StepFailed(f"Something is left: {json.dumps(left)}, {strange} objects. {advice}")
    return lambda _session: {
        "tables": found.tables,
        "columns": found.columns,
        "found": sum(left.values()),
        "objects": max(strange, 0),
        "kept": sum(may.kept.values()),
        "new": {**new, **found.returned},
        "elsewhere": found.elsewhere,
    }


def _is_ours(place: str, may: _May) -> bool:
    """The request's own key to an account that has to stay."""
    return place == "privacy_request.account_id" and inventory.PERSON in may.kept


def _at_the_door(session: Session, request: PrivacyRequest) -> list[UUID]:
    """Requests that anybody sent since the approval, of which nobody proved anything: the erasure left none of them."""
    opened = select(Happening.request_id).where(
        Happening.what == "opened", Happening.at >= approved(session, request.id).approved_at
    )
    door = select(PrivacyRequest.id).where(
        PrivacyRequest.id.in_(opened), PrivacyRequest.account_id.is_(None), PrivacyRequest.id != request.id
    )
    return list(session.scalars(door))


def _since_approval(session: Session, request: PrivacyRequest) -> rescan.Places:
    """Links asked for at the door since the approval, by place: nothing that the erasure left behind.

    What hangs on an account made since is told apart by the search itself.
    """
    since = approved(session, request.id).approved_at
    links = select(func.count()).where(SignInLink.email == request.contact, SignInLink.created_at >= since)
    rows = session.scalar(links) or 0
    return ({"sign_in_link.email": rows} if rows else {}) | _letters_since(session, request)


def _letters_since(session: Session, request: PrivacyRequest) -> rescan.Places:
    """Where the account has to stay, our letters after the erasure stand in its disclosure log; how many."""
    if request.account_id is None:
        return {}
    done = select(Step.done_at).where(Step.request_id == request.id, Step.name == "erase rows").scalar_subquery()
    letters = select(func.count()).where(Disclosure.account_id == request.account_id, Disclosure.at >= done)
    rows = session.scalar(letters) or 0
    return {"disclosure.account_id": rows} if rows else {}


def close(job: Job) -> Finish:
    """Clear the contact address, what was written about the case and what was searched for; search one last time.

    Now nothing may be left.
    """
    with job.parts.sessions() as session:
        files = session.scalars(select(Attachment.object_key).where(Attachment.request_id == job.request.id)).all()
    job.parts.storage.remove(files)

    def finish(session: Session) -> Evidence:
        if set(session.scalars(select(Attachment.object_key).where(Attachment.request_id == job.request.id))) - {
            *files
        }:
            raise StepFailed("A file was added to the case just now; it is tried again in a moment.")
        account_id = UUID(folder(session, job.request.id).rstrip("/"))
        kept = erased(session, job.request.id)["kept"]
        named = kept_objects(session, account_id, kept)
        session.execute(delete(Removal).where(Removal.request_id == job.request.id))
        _clear(session, job.request.id)
        session.flush()  # the search below must see it
        # No beat: this transaction holds the step's row, so nobody can take it over, and renewing would wait for us.
        door = _at_the_door(session, job.request)
        found = rescan.scan(session, job.parts.storage, account_id, job.request.contact or "", at_the_door=door)
        new = _since_approval(session, job.request)
        may_stay = _May(new, new, kept, len(named))
        return _nothing_left(found, may_stay, "Look where it comes from, then try this step again.")(session)

    return finish


def _clear(session: Session, request_id: UUID) -> None:
    """Take out of the request's own record whatever is about the person: the case and its figures stay."""
    session.execute(
        update(PrivacyRequest)
        .where(PrivacyRequest.id == request_id)
        .values(contact=None, details=None, proposed=None, refusal=None, appeal=None)
    )
    session.execute(update(RequestLetter).where(RequestLetter.request_id == request_id).values(subject=None, body=None))
    notes = select(Comment.id).where(Comment.request_id == request_id)
    session.execute(delete(CommentMention).where(CommentMention.comment_id.in_(notes)))
    session.execute(delete(Comment).where(Comment.request_id == request_id))
    session.execute(delete(Attachment).where(Attachment.request_id == request_id))
    session.execute(update(IdentityCheck).where(IdentityCheck.request_id == request_id).values(digest=None))
    # A letter that was not sent yet has nowhere to go any more.
    session.execute(
        update(Step)
        .where(Step.request_id == request_id, Step.phase == LETTER, Step.state.in_(("ready", "waiting", "failed")))
        .values(state="dropped", lease=None, lease_until=None)
    )
