"""The studio's form: what was typed, kept as it was, and the order in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

import config
from imgpilot.db import same_id
from imgpilot.generation import catalogue
from imgpilot.generation.batches import Batch
from imgpilot.generation.catalogue import Model
from imgpilot.generation.models import Reference
from imgpilot.generation.order import MOST, Wish, normal
from imgpilot.safety import screen
from imgpilot.safety.found import KINDS

#: What stands for a number that is none: no seed, strength or count is negative.
NONE_SUCH = -1


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of the form. `id` is the form's own: sent twice, it makes one order."""

    id: UUID
    model: str
    ratio: str
    size: str = ""
    prompt: str = ""
    negative: str = ""
    count: str = "1"
    seed: str = ""
    strength: str = ""
    reference_ids: tuple[UUID, ...] = ()
    acknowledged: bool = False
    #: Kinds of private facts that were said to go out all the same.
    knowing: tuple[str, ...] = ()

    @property
    def shown_number(self) -> int:
        """A number of pictures that the form can show."""
        return min(max(_number(self.count) or 0, 1), MOST)

    def with_references(self, references: Sequence[Reference]) -> "Form":
        """The same with these reference pictures."""
        return replace(self, reference_ids=tuple(each.id for each in references))

    def with_reference(self, id_: UUID) -> "Form":
        """The same with one more, if it is not among them."""
        return replace(self, reference_ids=tuple(dict.fromkeys((*self.reference_ids, id_))))

    def earlier(self, id_: UUID | None) -> "Form":
        """The same with that reference one place earlier."""
        return replace(self, reference_ids=_earlier(self.reference_ids, id_))

    def later(self, id_: UUID | None) -> "Form":
        """The same with that reference one place later."""
        return replace(self, reference_ids=_earlier(self.reference_ids[::-1], id_)[::-1])

    def tidy(self) -> "Form":
        """The same without the private facts that are in it."""
        prompt, negative = normal(self.prompt), normal(self.negative)
        return replace(
            self,
            prompt=screen.without(prompt, screen.findings(prompt)),
            negative=screen.without(negative, screen.findings(negative)),
            knowing=(),
        )

    def able(self, model: Model) -> "Form":
        """The same without what the model cannot be told."""
        return replace(
            self,
            negative=self.negative if model.negative else "",
            seed=self.seed if model.seed else "",
            strength=self.strength if model.strength else "",
            reference_ids=self.reference_ids[: model.references],
        )

    def wish(self) -> Wish:
        """What the form asks for, not checked yet."""
        return Wish(
            id=self.id,
            prompt=self.prompt,
            model=self.model,
            ratio=self.ratio,
            count=_number(self.count) or 0,
            size=self.size,
            negative=self.negative,
            seed=_number(self.seed),
            strength=_number(self.strength),
            reference_ids=self.reference_ids,
            acknowledged=self.acknowledged,
            knowing=frozenset(self.knowing),
        )


def empty(settings: config.Settings, like: Batch | None = None) -> Form:
    """A form to begin with; with a batch it has that one's model, size, shape and number, so that a habit stays."""
    first = catalogue.offered(settings)[0]
    form = Form(id=uuid4(), model=first.key, ratio=first.shapes[0].ratio)
    if like is None or like.model not in catalogue.offered(settings):
        return form
    made = like.generation
    return replace(form, model=made.model, ratio=made.ratio, size=made.size, count=str(len(like.tiles) or 1))


def again(settings: config.Settings, batch: Batch) -> Form:
    """A form filled with everything that a batch was made from, as far as the model it names then can be told it."""
    made = batch.generation
    form = replace(
        empty(settings, batch),
        ratio=made.ratio,
        prompt=made.prompt,
        negative=made.negative,
        seed="" if made.seed is None else str(made.seed),
        strength="" if made.strength is None else str(made.strength),
    ).with_references(batch.references)
    return form.able(catalogue.find(settings, form.model))


def for_a_reference(settings: config.Settings, form: Form) -> Form:
    """The same with a model that takes a reference, if its own takes none and there is one."""
    offered = catalogue.offered(settings)
    if any(model.key == form.model and model.references for model in offered):
        return form
    able = next((model for model in offered if model.references), None)
    return replace(form, model=able.key) if able else form


def read(sent: Mapping[str, str], several: Mapping[str, list[str]]) -> Form:
    """The form as a browser sent it; `several` has every value of the fields that may come twice.

    Nothing is refused here: what is wrong is said beside its field.
    """
    ids = filter(None, (same_id(each) for each in several.get("reference_id", [])))
    known = ",".join(several.get("knowing", [])).split(",")
    return Form(
        id=same_id(sent.get("id", "")) or uuid4(),
        model=sent.get("model", ""),
        ratio=sent.get("ratio", ""),
        size=sent.get("size", ""),
        prompt=sent.get("prompt", ""),
        negative=sent.get("negative", ""),
        count=sent.get("count", "").strip(),
        seed=sent.get("seed", "").strip(),
        strength=sent.get("strength", "").strip(),
        reference_ids=tuple(dict.fromkeys(ids)),
        acknowledged=sent.get("acknowledged") == "1",
        knowing=tuple(kind for kind in KINDS if kind in known),
    )


def shown(settings: config.Settings, form: Form) -> tuple[Form, Model]:
    """The form as a page can show it, something chosen in every row, and the model that is."""
    offered = catalogue.offered(settings)
    model = next((model for model in offered if model.key == form.model), offered[0])
    size = next((size for size in model.sizes if size.key == form.size), model.sizes[0])
    ratios = [shape.ratio for shape in size.shapes]
    ratio = form.ratio if form.ratio in ratios else ratios[0]
    return replace(form, model=model.key, size=size.key, ratio=ratio), model


def _earlier(ids: tuple[UUID, ...], id_: UUID | None) -> tuple[UUID, ...]:
    found = list(ids)
    at = found.index(id_) if id_ in found else 0
    if at > 0:
        found[at - 1], found[at] = found[at], found[at - 1]
    return tuple(found)


def _number(text: str) -> int | None:
    """The whole number in a field; None for an empty one, NONE_SUCH for anything else."""
    if not text:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) < 13 else NONE_SUCH
