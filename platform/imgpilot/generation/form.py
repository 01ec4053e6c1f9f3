"""The studio's form: what was typed, kept as it was, and the order in it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from werkzeug.datastructures import MultiDict

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
    reference_ids: tuple[UUID, ...] = ()
    acknowledged: bool = False

    @property
    def number(self) -> int:
        """How many pictures; 0 if no number was sent."""
        return int(self.count) if self.count.isascii() and self.count.isdigit() and len(self.count) < 4 else 0

    @property
    def shown_number(self) -> int:
        """A number that the form can show."""
        return min(max(self.number, 1), MOST)

    def with_references(self, references: Sequence[Reference]) -> "Form":
        """The same with these reference pictures."""
        return replace(self, reference_ids=tuple(each.id for each in references))

    def wish(self) -> Wish:
        """What the form asks for, not checked yet."""
        return Wish(
            id=self.id,
            prompt=self.prompt,
            model=self.model,
            ratio=self.ratio,
            count=self.number,
            reference_ids=self.reference_ids,
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
    return form.with_references(batch.references)


def read(sent: "MultiDict[str, str]") -> Form:
    """The form as a browser sent it. Nothing is refused here: what is wrong is said beside its field."""
    return Form(
        id=same_id(sent.get("id", "")) or uuid4(),
        model=sent.get("model", ""),
        ratio=sent.get("ratio", ""),
        prompt=sent.get("prompt", ""),
        count=sent.get("count", "").strip(),
        reference_ids=tuple(filter(None, (same_id(each) for each in sent.getlist("reference_id")))),
        acknowledged=sent.get("acknowledged") == "1",
    )


def shown(settings: config.Settings, form: Form) -> tuple[Form, Model]:
    """The form as a page can show it, something chosen in every row, and the model that is."""
    offered = catalogue.offered(settings)
    model = next((model for model in offered if model.key == form.model), offered[0])
    ratio = form.ratio if form.ratio in catalogue.RATIOS else model.shapes[0].ratio
    return replace(form, model=model.key, ratio=ratio), model
