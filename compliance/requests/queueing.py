"""Puts steps on a request: the work of its procedure, and the letters that tell the person."""

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from compliance.requests.models import PrivacyRequest, Step
from imgpilot.worker import wake

PREPARE, CARRY_OUT, LETTER = "prepare", "carry out", "letter"


def add(
    session: Session, request: PrivacyRequest, phase: str, name: str, after: Iterable[str] = (), waits: bool = False
) -> Step:
    """Add a step. One that waits for none is ready and a worker is woken for it when this is committed.

    A name that is there already gets a number: "tell more 2". `waits`: not ready even if it waits for none.
    """
    last, same = session.execute(
        select(
            func.max(Step.position),
            func.count().filter((Step.name == name) | Step.name.regexp_match(f"^{name} [0-9]+$")),
        ).where(Step.request_id == request.id)
    ).one()
    before = list(after)
    step = Step(
        request_id=request.id,
        position=0 if last is None else last + 1,
        phase=phase,
        name=f"{name} {same + 1}" if same else name,
        after=before,
        state="waiting" if before or waits else "ready",
        attempts=0,
        evidence={},
    )
    session.add(step)
    session.flush()  # the step's id goes into the wake-up
    if step.state == "ready":
        wake(session, "requests.run", str(step.id))
    return step


def tell(session: Session, request: PrivacyRequest, letter: str) -> Step:
    """Set a letter of this kind going. It holds no work up, and no work holds it up."""
    return add(session, request, LETTER, f"tell {letter}")


def done_name(name: str) -> str:
    """The name of a step without its number: what it does."""
    words = name.rsplit(" ", 1)
    return words[0] if len(words) == 2 and words[1].isdecimal() else name


def free(session: Session, request: PrivacyRequest) -> None:
    """Make ready whatever waited for steps that are done now. Call it when a step was done or left out."""
    session.flush()
    steps = list(session.scalars(select(Step).where(Step.request_id == request.id)))
    over = [step.name for step in steps if step.state in ("done", "skipped")]
    pending = [step.name for step in steps if step.state not in ("done", "skipped", "dropped")]
    for step in steps:
        if step.state == "waiting" and step.after and all(_met(each, over, pending) for each in step.after):
            step.state = "ready"
            wake(session, "requests.run", str(step.id))


def _met(needed: str, over: list[str], pending: list[str]) -> bool:
    if needed.endswith("*"):  # all that begin so, however many there are, even none
        return not any(name.startswith(needed[:-1]) for name in pending)
    return needed in over
