"""The studio's form: what was typed, kept as it was, and the order in it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

import config
from imgpilot.db import same_id
from imgpilot.generation import catalogue
from imgpilot.generation.batches import Batch
from imgpilot.generation.catalogue import Model
from imgpilot.generation.models import Reference
from imgpilot.generation.order import MOST, Wish


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of the form. `id` is the form's own: sent twice, it makes one order."""

    id: UUID
    model: str
    ratio: str
    prompt: str = ""
    count: str = "1"
    reference_id: UUID | None = None
    acknowledged: bool = False

    @property
    def number(self) -> int:
        """How many pictures; 0 if no number was sent."""
        return int(self.count) if self.count.isascii() and self.count.isdigit() and len(self.count) < 4 else 0

    @property
    def shown_number(self) -> int:
        """A number that the form can show."""
        return min(max(self.number, 1), MOST)

    def with_reference(self, reference: Reference | None) -> "Form":
        """The same with this reference picture, or without any."""
        return replace(self, reference_id=reference.id if reference else None)

    def wish(self) -> Wish:
        """What the form asks for, not checked yet."""
        return Wish(
            id=self.id,
            prompt=self.prompt,
            model=self.model,
            ratio=self.ratio,
            count=self.number,
            reference_id=self.reference_id,
            acknowledged=self.acknowledged,
        )


def empty(settings: config.Settings, like: Batch | None = None) -> Form:
    """A form to begin with; with a batch it has that one's model, shape and number, so that a habit stays."""
    first = catalogue.offered(settings)[0]
    form = Form(id=uuid4(), model=first.key, ratio=first.shapes[0].ratio)
    if like is None or like.model not in catalogue.offered(settings):
        return form
    return replace(form, model=like.generation.model, ratio=like.generation.ratio, count=str(len(like.tiles) or 1))


def again(settings: config.Settings, batch: Batch) -> Form:
    """A form filled with everything that a batch was made from."""
    form = replace(empty(settings, batch), prompt=batch.generation.prompt)
    return form.with_reference(batch.reference)


def read(sent: Mapping[str, str]) -> Form:
    """The form as a browser sent it. Nothing is refused here: what is wrong is said beside its field."""
    return Form(
        id=same_id(sent.get("id", "")) or uuid4(),
        model=sent.get("model", ""),
        ratio=sent.get("ratio", ""),
        prompt=sent.get("prompt", ""),
        count=sent.get("count", "").strip(),
        reference_id=same_id(sent.get("reference_id", "")),
        acknowledged=sent.get("acknowledged") == "1",
    )


def shown(settings: config.Settings, form: Form) -> tuple[Form, Model]:
    """The form as a page can show it, something chosen in every row, and the model that is."""
    offered = catalogue.offered(settings)
    model = next((model for model in offered if model.key == form.model), offered[0])
    ratio = form.ratio if form.ratio in catalogue.RATIOS else model.shapes[0].ratio
    return replace(form, model=model.key, ratio=ratio), model
