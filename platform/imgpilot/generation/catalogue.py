"""The models a person can choose from: what each makes, in which shapes, for how many credits."""

from dataclasses import dataclass
from typing import ClassVar

import config
from imgpilot.errors import PersonalError
from imgpilot.language import marked as _
from imgpilot.processors import OPENAI, SANDBOX, Processor, image_provider


class NoSuchModel(PersonalError):
    """The form named a model that is not offered here."""

    field: ClassVar[str] = "model"

    def __init__(self) -> None:
        super().__init__(_("That model is not offered here. Choose one of those listed."))


class NoSuchShape(PersonalError):
    """The form named a shape that the model does not make."""

    field: ClassVar[str] = "ratio"

    def __init__(self, model: "Model") -> None:
        shapes = ", ".join(shape.ratio for shape in model.shapes)
        super().__init__(_("%(model)s makes these shapes: %(shapes)s. Choose one."), model=model.name, shapes=shapes)


@dataclass(frozen=True, slots=True)
class Shape:
    """A ratio of sides and the size it is made in, in pixels. The provider wants sides divisible by 16."""

    ratio: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Model:
    """One model. `key` is the provider's own name for it."""

    key: str
    name: str
    #: What it is good at, in one line.
    sentence: str
    processor: Processor
    credits: int
    #: How long a picture usually takes, in seconds.
    seconds: int
    shapes: tuple[Shape, ...]
    takes_reference: bool = True

    def shape(self, ratio: str) -> Shape:
        """The shape of that ratio. Raises NoSuchShape."""
        for shape in self.shapes:
            if shape.ratio == ratio:
                return shape
        raise NoSuchShape(self)


_FULL = (
    Shape("1:1", 1024, 1024),
    Shape("3:2", 1536, 1024),
    Shape("2:3", 1024, 1536),
    Shape("16:9", 1536, 864),
    Shape("9:16", 864, 1536),
)
_SMALL = (
    Shape("1:1", 768, 768),
    Shape("3:2", 960, 640),
    Shape("2:3", 640, 960),
    Shape("16:9", 1024, 576),
    Shape("9:16", 576, 1024),
)

#: Every model there is or was, so that older pictures can name theirs; the first of a provider is the default.
MODELS = (
    Model("gpt-image-2", "GPT Image 2", _("Fine detail and legible lettering"), OPENAI, 6, 40, _FULL),
    # The small model knows three sizes only.
    Model("gpt-image-1-mini", "GPT Image 1 mini", _("Quick and simple"), OPENAI, 1, 20, _FULL[:3]),
    Model("sandbox-painter", "Sandbox painter", _("Small painted scenes"), SANDBOX, 6, 4, _FULL),
    Model("sandbox-draft", "Sandbox draft", _("Loose and smaller"), SANDBOX, 1, 2, _SMALL),
)

#: The shapes in the order in which the form shows them.
RATIOS = tuple(shape.ratio for shape in _FULL)


def offered(settings: config.Settings) -> tuple[Model, ...]:
    """The models of the provider that this installation uses."""
    provider = image_provider(settings)
    return tuple(model for model in MODELS if model.processor == provider)


def find(settings: config.Settings, key: str) -> Model:
    """The offered model of that name. Raises NoSuchModel."""
    for model in offered(settings):
        if model.key == key:
            return model
    raise NoSuchModel


def known(key: str) -> Model | None:
    """The model of that name, offered or not; None if it left the catalogue."""
    return next((model for model in MODELS if model.key == key), None)
