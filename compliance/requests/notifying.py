"""Steps that tell the companies which received data (GDPR Art. 19) and purge the copies of the delivery network."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance import corrections, inventory, processors
from compliance.errors import StepFailed
from compliance.processors import cloudflare
from compliance.processors.notice import WITHIN, Notice
from compliance.processors.received import Received, received
from compliance.requests import queueing
from compliance.requests.deleting import erased, folder
from compliance.requests.kinds import Kind
from compliance.requests.models import PrivacyRequest, Step
from compliance.requests.steps import Evidence, Finish, Job
from imgpilot.language import marked as _
from imgpilot.processors import OWN, PROCESSORS

#: Beginning of the name of a notice's step; the processor's key follows.
NOTIFY = "notify "
#: What a recipient gets, in words for people; the codes stand in the evidence of "note recipients".
DUE = "due"
SPARED = {
    "removed": _("not told: we removed what it stored for us"),
    "stored only": _("not told: it only stores what we hold, and that goes on"),
    "own": _("not told: it is your own program, at the address that you gave"),
    "told us": _("not told: it told us who you are, and we keep none of its tokens, so nothing there is ours to end"),
}
#: What became of a notice.
_OUTCOMES = {
    "done": _("told"),
    "skipped": _("not told: it could not be, or only out of proportion (GDPR 19)"),
}
_WAITING = _("being told")


def note_recipients(job: Job) -> Finish:
    """Write down everyone who received data, and give each that gets a notice a step of its own."""

    def finish(session: Session) -> Evidence:
        listed = []
        for key, got in concerned(session, job.request).items():
            known, adapter = PROCESSORS.get(key), processors.of(key)
            spared = adapter.spared(Kind(job.request.kind)) if adapter else ""
            if key == OWN.key:
                spared = "own"
            if not spared:
                queueing.add(session, job.request, queueing.CARRY_OUT, f"{NOTIFY}{key}")
            listed.append(
                {
                    "processor": key,
                    "times": got["times"],
                    "keeps": known.keeps if known else "",
                    "notice": spared or DUE,
                }
            )
        return {"recipients": listed}

    return finish


def concerned(session: Session, request: PrivacyRequest) -> Mapping[str, Received]:
    """What each company received of what the request is about, by its key.

    Of a deletion as the erasing transaction saw it: afterwards the log does not say any more about whom it is.
    """
    if request.kind == Kind.DELETION:
        before: dict[str, Received] = erased(session, request.id)["recipients"]
        return before
    if request.account_id is None:
        raise StepFailed("The account of this request is gone.", again=False)
    return received(session, request.account_id, category(request))


def category(request: PrivacyRequest) -> str:
    """The Fideslang category of the one fact that the request is about; "" where it is about more."""
    if request.kind != Kind.CORRECTION or request.about not in corrections.FACTS:
        return ""
    table, column = corrections.FACTS[request.about]
    return inventory.what(inventory.person_table().metadata.tables[table].c[column]).category


def notify(job: Job, processor: str) -> Finish:
    """Tell one company. A worker that dies between sending and noting sends it twice, under one number."""
    known, adapter = PROCESSORS.get(processor), processors.of(processor)
    if known is None or adapter is None:
        raise StepFailed(
            f"{processor[:40]} is not in the register any more. Tell it by hand, or put it back and try again; "
            "or leave this step out, with the reason.",
            again=False,
        )
    with job.parts.sessions() as session:
        got = concerned(session, job.request).get(processor)
    if got is None:
        raise StepFailed("The disclosure log names nothing that this company received.", again=False)
    notice = Notice(
        case=job.request.case,
        kind=Kind(job.request.kind),
        processor=known,
        received=got,
        by=(job.now + timedelta(days=WITHIN)).date(),
        category=category(job.request),
    )
    # After an erasure nothing leads to the person any more, the log of this mail neither.
    subject = None if job.request.kind == Kind.DELETION else job.request.account_id
    evidence = adapter.notify(job.parts, notice, subject)
    return lambda _session: evidence


def purge_copies(job: Job) -> Finish:
    """Purge what the delivery network still serves: her folder, and the folders of her requests' files."""
    with job.parts.sessions() as session:
        cases = session.scalars(
            select(PrivacyRequest.id).where(PrivacyRequest.subject == job.request.subject).order_by(PrivacyRequest.id)
        ).all()
        hers = folder(session, job.request.id)
    evidence = cloudflare.purge(job.parts, [hers, *(f"requests/{case}/files/" for case in cases)])
    return lambda _session: evidence


@dataclass(frozen=True)
class Told:
    """What became of one recipient: `company` and `what` are marked for translation. For letters and pages."""

    company: str
    times: int
    what: str


def told(session: Session, request_id: UUID) -> list[Told]:
    """Who received data and whether each was told (GDPR 19: the person may ask who). Empty before that is known."""
    steps = {step.name: step for step in session.scalars(select(Step).where(Step.request_id == request_id))}
    noted = steps.get("note recipients")
    states = {name: step.state for name, step in steps.items()}
    return [_told(each, states) for each in (noted.evidence.get("recipients", ()) if noted else ())]


def _told(each: Mapping[str, Any], states: Mapping[str, str]) -> Told:
    known = OWN if each["processor"] == OWN.key else PROCESSORS.get(each["processor"])
    what = SPARED.get(each["notice"]) or _OUTCOMES.get(states.get(f"{NOTIFY}{each['processor']}", ""), _WAITING)
    return Told(known.name if known else each["processor"], each["times"], what)
