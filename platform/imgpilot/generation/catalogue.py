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


class NoSuchSize(PersonalError):
    """The form named a size that the model does not make."""

    field: ClassVar[str] = "size"

    def __init__(self, model: "Model") -> None:
        sizes = ", ".join(size.key for size in model.sizes)
        super().__init__(_("%(model)s makes these sizes: %(sizes)s. Choose one."), model=model.name, sizes=sizes)


@dataclass(frozen=True, slots=True)
class Shape:
    """A ratio of sides and the size it is made in, in pixels. The provider wants sides divisible by 16."""

    ratio: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Size:
    """How large a model makes its pictures, in which shapes, and what one costs. `key` is "" for an only size."""

    key: str
    credits: int
    shapes: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """One model. `key` is our name for it: unique, and kept with what was made with it."""

    key: str
    name: str
    #: What it is good at, in one line.
    sentence: str
    processor: Processor
    #: Which way leads to it: a key of generation/engines.
    engine: str
    #: How long a picture usually takes, in seconds.
    seconds: int
    #: The first is the default.
    sizes: tuple[Size, ...]
    #: How many reference pictures it takes; 0: text only.
    references: int = 1
    #: What else it can be told.
    seed: bool = False
    negative: bool = False
    strength: bool = False
    #: The provider's own name for it, where that is another.
    called: str = ""

    @property
    def name_there(self) -> str:
        """What the provider calls it."""
        return self.called or self.key

    @property
    def credits(self) -> int:
        """What one picture costs in its first size."""
        return self.sizes[0].credits

    @property
    def shapes(self) -> tuple[Shape, ...]:
        """The shapes of its first size."""
        return self.sizes[0].shapes

    def size(self, key: str) -> Size:
        """The size of that key; the first for "". Raises NoSuchSize."""
        if not key:
            return self.sizes[0]
        for size in self.sizes:
            if size.key == key:
                return size
        raise NoSuchSize(self)

    def shape(self, ratio: str, size: str = "") -> Shape:
        """The shape of that ratio. Raises NoSuchSize, NoSuchShape."""
        for shape in self.size(size).shapes:
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
    Model(
        "gpt-image-2",
        "GPT Image 2",
        _("Fine detail and legible lettering"),
        OPENAI,
        "openai",
        40,
        (Size("", 6, _FULL),),
        references=16,
    ),
    # The small model knows three sizes only.
    Model(
        "gpt-image-1-mini", "GPT Image 1 mini", _("Quick and simple"), OPENAI, "openai", 20, (Size("", 1, _FULL[:3]),)
    ),
    Model(
        "sandbox-painter",
        "Sandbox painter",
        _("Small painted scenes"),
        SANDBOX,
        "openai",
        4,
        (Size("", 6, _FULL),),
        references=4,
        seed=True,
    ),
    Model("sandbox-draft", "Sandbox draft", _("Loose and smaller"), SANDBOX, "openai", 2, (Size("", 1, _SMALL),)),
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
