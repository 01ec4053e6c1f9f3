"""The models the provider says it has."""

from dataclasses import dataclass
from typing import Any

from imgpilot.sandbox.openai.refusal import Refusal


@dataclass(frozen=True)
class Model:
    """A name to paint under."""

    id: str
    about: str
    draft: bool = False
    #: Its share of the sandbox's latency.
    pace: float = 1.0

    def as_json(self) -> dict[str, Any]:
        """Its entry in the catalogue."""
        return {
            "id": self.id,
            "object": "model",
            "created": 1_790_000_000,
            "owned_by": "imgpilot-sandbox",
            "description": self.about,
        }


PAINTER = Model("sandbox-painter", "Little scenes drawn by arithmetic. Standard.")
DRAFT = Model("sandbox-draft", "The same scenes, quick and loose.", draft=True, pace=0.3)
CATALOGUE = {model.id: model for model in (PAINTER, DRAFT)}

#: Real models that the sandbox answers for, so that a production catalogue can be tried; others are unknown.
STANDS_IN_FOR = ("gpt-image-1.5", "gpt-image-1-mini", "gpt-image-2", "chatgpt-image")


def model_named(name: str) -> Model:
    """The model of this name; raises Refusal if there is none."""
    if name in CATALOGUE:
        return CATALOGUE[name]
    if name.startswith(STANDS_IN_FOR):
        return DRAFT if name.endswith("-mini") else PAINTER
    raise Refusal(
        f"The model '{name}' does not exist or you do not have access to it.",
        status=404,
        param="model",
        code="model_not_found",
    )
