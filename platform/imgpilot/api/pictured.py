"""Pictures and orders as they are answered, for lists of any length with the same few queries."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from imgpilot.api import shapes
from imgpilot.api.operations import Call
from imgpilot.billing import ledger
from imgpilot.generation.engines.protocol import sentence_for
from imgpilot.generation.models import OPEN, Generation, GenerationReference, Image, State


def jobs(call: Call, orders: Sequence[Generation]) -> list[shapes.Job]:
    """These orders with their pictures, but the removed ones."""
    ids = [order.id for order in orders]
    there = select(Image).where(Image.generation_id.in_(ids), Image.removed_at.is_(None)).order_by(Image.position)
    of: dict[UUID, list[Image]] = {id_: [] for id_ in ids}
    images = call.session.scalars(there, execution_options={"populate_existing": True}).all()
    for image in images:
        of[image.generation_id].append(image)
    used: dict[UUID, list[UUID]] = {id_: [] for id_ in ids}
    references = (
        select(GenerationReference.generation_id, GenerationReference.reference_id)
        .where(GenerationReference.generation_id.in_(ids), GenerationReference.reference_id.is_not(None))
        .order_by(GenerationReference.position)
    )
    for id_, reference in call.session.execute(references):
        if reference is not None:
            used[id_].append(reference)
    back = ledger.refunds(call.session, [image.id for image in images])
    return [_job(call, order, of[order.id], used[order.id], back) for order in orders]


def whole(call: Call, found: Sequence[tuple[Image, Generation]]) -> list[shapes.Image]:
    """These finished pictures with what they were made from."""
    return [
        shapes.Image(
            **picture(call, image, {}).model_dump(),
            prompt=order.prompt,
            negative=order.negative,
            model=order.model,
            ratio=order.ratio,
            created_at=order.created_at,
        )
        for image, order in found
    ]


def picture(call: Call, image: Image, back: Mapping[UUID, int]) -> shapes.Picture:
    """One picture."""
    finished = image.state == State.FINISHED
    return shapes.Picture(
        id=image.id,
        job_id=image.generation_id,
        url=call.url(f"/images/{image.id}"),
        position=image.position,
        state=State(image.state),
        failure=image.failure,
        said=sentence_for(image.failure) if image.failure else None,
        credits_back=back.get(image.id, 0),
        width=image.width,
        height=image.height,
        media_type=image.media_type,
        bytes=image.bytes,
        sha256=image.sha256,
        seed=image.seed,
        marked_by=image.marked_by,
        favourite=image.favourite_at is not None,
        finished_at=image.finished_at,
        file_url=call.url(f"/images/{image.id}/file") if finished else None,
        page_url=f"{call.parts.settings.site_url}/images/{image.id}" if finished else None,
    )


def _job(
    call: Call, order: Generation, images: Sequence[Image], used: Sequence[UUID], back: Mapping[UUID, int]
) -> shapes.Job:
    return shapes.Job(
        id=order.id,
        url=call.url(f"/jobs/{order.id}"),
        state="working" if any(image.state in OPEN for image in images) else "done",
        prompt=order.prompt,
        negative=order.negative,
        model=order.model,
        ratio=order.ratio,
        size=order.size,
        width=order.width,
        height=order.height,
        seed=order.seed,
        strength=order.strength,
        credits_each=order.credits_each,
        via=order.via,
        references=list(used),
        created_at=order.created_at,
        images=[picture(call, image, back) for image in images],
    )
