"""The models a person can choose from: what each makes, in which shapes, for how many credits."""

from dataclasses import dataclass
from typing import ClassVar

import config
from imgpilot.errors import PersonalError
from imgpilot.language import marked as _
from imgpilot.processors import BFL, FAL, GEMINI, OPENAI, REPLICATE, SANDBOX, Processor, image_providers


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
    """A ratio of sides and the size it is made in, in pixels; the sides can be divided by 16, as providers want.

    Some providers are told the ratio alone and choose the pixels themselves: then these are about right, and the
    picture's own row says what came.
    """

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
    #: Which way leads to it: a key of generation/engines and of processors.image_providers.
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

#: A square, 3:2 and 16:9 lying and standing, of about one megapixel.
_ONE = (
    Shape("1:1", 1024, 1024),
    Shape("3:2", 1248, 832),
    Shape("2:3", 832, 1248),
    Shape("16:9", 1280, 720),
    Shape("9:16", 720, 1280),
)
_HALF = (Shape("1:1", 512, 512), Shape("3:2", 624, 416), Shape("2:3", 416, 624))
#: Up to four megapixels, which is the most that some take.
_LARGE = (
    Shape("3:2", 2448, 1632),
    Shape("2:3", 1632, 2448),
    Shape("16:9", 2560, 1440),
    Shape("9:16", 1440, 2560),
)


def _times(factor: int) -> tuple[Shape, ...]:
    return tuple(Shape(each.ratio, each.width * factor, each.height * factor) for each in _ONE)


#: Every model there is or was, so that older pictures can name theirs; the first of a provider is the default.
#: What is not told to a provider it is not offered here, though it may know it.
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
    Model(
        "gemini-3.1-flash-image",
        "Gemini 3.1 Flash Image",
        _("Good at changing your own pictures"),
        GEMINI,
        "gemini",
        15,
        (Size("1K", 3, _ONE), Size("512", 2, _HALF), Size("2K", 5, _times(2)), Size("4K", 8, _times(4))),
        references=14,
    ),
    Model(
        "gemini-3-pro-image",
        "Gemini 3 Pro Image",
        _("Follows long prompts and writes well"),
        GEMINI,
        "gemini",
        30,
        (Size("1K", 7, _ONE), Size("2K", 7, _times(2)), Size("4K", 12, _times(4))),
        references=14,
    ),
    Model(
        "flux-2-pro",
        "FLUX.2 pro",
        _("Photographs that look taken"),
        BFL,
        "bfl",
        12,
        (Size("1K", 2, _ONE), Size("2K", 5, _times(2)[:1] + _LARGE)),
        references=8,
        seed=True,
    ),
    Model(
        "flux-2-klein-9b",
        "FLUX.2 klein",
        _("Quick sketches of an idea"),
        BFL,
        "bfl",
        4,
        (Size("", 1, _ONE),),
        references=4,
        seed=True,
    ),
    Model(
        "flux-1-schnell",
        "FLUX.1 schnell",
        _("The quickest, for trying things out"),
        FAL,
        "fal",
        3,
        (Size("", 1, _ONE),),
        references=0,
        seed=True,
        called="fal-ai/flux/schnell",
    ),
    Model(
        "flux-1-dev",
        "FLUX.1 dev",
        _("Keeps as much of your picture as you say"),
        FAL,
        "fal",
        8,
        (Size("", 2, _ONE),),
        references=1,
        seed=True,
        strength=True,
        called="fal-ai/flux/dev",
    ),
    Model(
        "qwen-image-2512",
        "Qwen Image",
        _("Lettering, also Chinese"),
        REPLICATE,
        "replicate",
        20,
        (Size("", 2, _ONE),),
        references=0,
        seed=True,
        negative=True,
        called="qwen/qwen-image-2512",
    ),
    Model(
        "stable-diffusion-3.5-large-turbo",
        "Stable Diffusion 3.5 Large Turbo",
        _("Painterly styles"),
        REPLICATE,
        "replicate",
        10,
        (Size("", 3, _ONE),),
        references=0,
        seed=True,
        negative=True,
        called="stability-ai/stable-diffusion-3.5-large-turbo",
    ),
)

#: The shapes in the order in which the form shows them.
RATIOS = tuple(shape.ratio for shape in _FULL)


def offered(settings: config.Settings) -> tuple[Model, ...]:
    """The models that this installation has a way to: of the OpenAI-compatible provider, and of each with a key."""
    there = image_providers(settings)
    return tuple(
        model
        for model in MODELS
        if model.engine in there and (model.engine != "openai" or model.processor == there["openai"])
    )


def goes_to(settings: config.Settings, model: Model) -> Processor:
    """Who gets the prompt: the model's provider, or in development the sandbox in its place."""
    return image_providers(settings).get(model.engine, model.processor)


def find(settings: config.Settings, key: str) -> Model:
    """The offered model of that name. Raises NoSuchModel."""
    for model in offered(settings):
        if model.key == key:
            return model
    raise NoSuchModel


def known(key: str) -> Model | None:
    """The model of that name, offered or not; None if it left the catalogue."""
    return next((model for model in MODELS if model.key == key), None)
