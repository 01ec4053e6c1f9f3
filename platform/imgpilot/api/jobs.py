"""Orders of pictures: placed, read, called off."""

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import exists, select, tuple_

from imgpilot.api import cursors, pictured, shapes
from imgpilot.api.operations import Answer, Call, operation
from imgpilot.api.problems import BAD_CURSOR, FOUND_PERSONAL, NOT_ENOUGH, NOT_FOUND, NOT_MADE, STANDING
from imgpilot.errors import NotYours
from imgpilot.generation import catalogue, stopping
from imgpilot.generation.models import Generation, Image
from imgpilot.generation.order import Wish, order

_HERE: dict[str, Any] = {"tag": "Jobs"}
#: As long as one of its pictures was not removed.
_SHOWN = exists().where(Image.generation_id == Generation.id, Image.removed_at.is_(None))


def _answer(call: Call, id_: UUID) -> Answer:
    mine = select(Generation).where(Generation.id == id_, Generation.account_id == call.account.id, _SHOWN)
    found = call.session.scalar(mine)
    if found is None:
        raise NotYours
    (job,) = pictured.jobs(call, [found])
    return Answer(job)


def _again(call: Call, made: str) -> Answer:
    answer = _answer(call, UUID(made))
    return Answer(answer.body, {"Location": call.url(f"/jobs/{made}")})


@operation(
    "POST",
    "/jobs",
    summary="Order pictures",
    scope="images:write",
    body=shapes.NewJob,
    answer=shapes.Job,
    status=201,
    problems=(NOT_ENOUGH, STANDING, NOT_MADE, FOUND_PERSONAL),
    again=_again,
    has_location=True,
    **_HERE,
)
def create_job(call: Call) -> Answer:
    """Order one to four pictures. Their credits are held at once, kept for each picture that is finished and given
    back for each that is not. Look at the job now and then, or let a webhook tell you when it is done."""
    asked: shapes.NewJob = call.body
    settings = call.parts.settings
    model = catalogue.offered(settings)[0] if asked.model is None else catalogue.find(settings, asked.model)
    wish = Wish(
        id=uuid4(),
        prompt=asked.prompt,
        model=model.key,
        ratio=model.size(asked.size).shapes[0].ratio if asked.ratio is None else asked.ratio,
        count=asked.count,
        size=asked.size,
        negative=asked.negative,
        seed=asked.seed,
        strength=asked.strength,
        reference_ids=tuple(asked.references),
        acknowledged=asked.acknowledged,
        knowing=frozenset(asked.knowing),
        via="api",
    )
    placed = order(call.session, settings, call.account, wish, call.now)
    call.made(str(placed.id))
    return _again(call, str(placed.id))


@operation(
    "GET",
    "/jobs",
    summary="List jobs",
    scope="images:read",
    query=shapes.Page,
    answer=shapes.Jobs,
    problems=(BAD_CURSOR,),
    **_HERE,
)
def list_jobs(call: Call) -> Answer:
    """Your orders, wherever they were placed, newest first."""
    of, limit = call.account.id, call.query.limit
    wanted = select(Generation).where(Generation.account_id == of, _SHOWN)
    if call.query.cursor:
        place = cursors.read_id(call.parts.settings, "jobs", of, call.query.cursor)
        # The first condition is the one that the index knows.
        wanted = wanted.where(Generation.created_at <= place[0], tuple_(Generation.created_at, Generation.id) < place)
    newest = wanted.order_by(Generation.created_at.desc(), Generation.id.desc()).limit(limit + 1)
    found = list(call.session.scalars(newest))
    last = found[limit - 1] if len(found) > limit else None
    following = cursors.make(call.parts.settings, "jobs", of, (last.created_at, str(last.id))) if last else None
    return Answer(shapes.Jobs(data=pictured.jobs(call, found[:limit]), next=following))


@operation(
    "GET", "/jobs/{id}", summary="Read a job", scope="images:read", answer=shapes.Job, problems=(NOT_FOUND,), **_HERE
)
def read_job(call: Call) -> Answer:
    """One order and how each of its pictures is going."""
    return _answer(call, call.id)


@operation(
    "POST",
    "/jobs/{id}/cancel",
    summary="Call a job off",
    scope="images:write",
    answer=shapes.Job,
    problems=(NOT_FOUND,),
    **_HERE,
)
def cancel_job(call: Call) -> Answer:
    """Cancel the pictures that have not begun; their credits come back at once. Those that are being made go on.
    Calling it again changes nothing."""
    stopping.stop_waiting(call.session, call.account.id, call.id, call.now)
    call.session.flush()
    return _answer(call, call.id)
