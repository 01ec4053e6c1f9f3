"""The catalogue: what is offered is what there is a way to, and it says honestly who gets the prompt."""

from typing import Any

import pytest
from pydantic import SecretStr

from imgpilot.errors import StartError
from imgpilot.generation import catalogue
from imgpilot.generation.catalogue import MODELS, NoSuchSize, goes_to, offered
from imgpilot.generation.engines import WAITING
from imgpilot.parts import Parts
from imgpilot.processors import BFL, FAL, GEMINI, REPLICATE, SANDBOX, image_providers, in_use

KEYS = {"gemini": "gemini_api_key", "fal": "fal_key", "bfl": "bfl_api_key", "replicate": "replicate_api_token"}


def test_every_model_has_a_name_of_its_own_and_every_size_its_price() -> None:
    assert len({model.key for model in MODELS}) == len(MODELS)
    for model in MODELS:
        assert len({size.key for size in model.sizes}) == len(model.sizes)
        for size in model.sizes:
            assert size.credits > 0 and size.shapes
            for shape in size.shapes:
                across, down = map(int, shape.ratio.split(":"))
                assert shape.ratio in catalogue.RATIOS
                assert shape.width * down == shape.height * across
                assert shape.width % 16 == shape.height % 16 == 0


def test_what_a_provider_cannot_take_is_not_in_the_catalogue() -> None:
    for model in MODELS:
        if model.engine == "bfl":
            assert all(s.width * s.height <= 2048 * 2048 for size in model.sizes for s in size.shapes)
            assert model.references <= 8 and not model.negative
        if model.engine == "replicate":
            assert model.references == 0, "Replicate takes only the smallest of pictures without keeping them"
        if model.engine in {"gemini", "fal"}:
            assert not model.negative
        assert not model.strength or model.references == 1


@pytest.mark.parametrize("way", KEYS)
def test_a_key_brings_the_models_of_its_provider_and_no_others(parts: Parts, monkeypatch: Any, way: str) -> None:
    before = offered(parts.settings)
    assert {model.processor for model in map(Named, before)} == {Named(before[0]).processor}
    monkeypatch.setattr(parts.settings, KEYS[way], SecretStr("key"))
    more = [model for model in offered(parts.settings) if model not in before]
    assert more and {model.engine for model in more} == {way}
    assert offered(parts.settings)[0] == before[0], "the first stays the default"
    provider = {"gemini": GEMINI, "fal": FAL, "bfl": BFL, "replicate": REPLICATE}[way]
    assert all(goes_to(parts.settings, model) == provider for model in more)
    assert provider.key in [each.key for each in in_use(parts.settings)]


class Named:
    """A model's processor by its key: processors cannot be put into a set."""

    def __init__(self, model: catalogue.Model) -> None:
        self.processor = model.processor.key


def test_in_development_a_key_may_point_at_a_double_and_then_the_page_says_so(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts.settings, "bfl_api_key", SecretStr("key"))
    monkeypatch.setattr(parts.settings, "bfl_base_url", "http://127.0.0.1:9999/v1")
    model = catalogue.find(parts.settings, "flux-2-pro")
    assert goes_to(parts.settings, model) == SANDBOX
    assert [each.key for each in in_use(parts.settings)].count("sandbox") == 1
    monkeypatch.setattr(type(parts.settings), "is_production", True)
    monkeypatch.setattr(parts.settings, "openai_base_url", "https://api.openai.com/v1")
    with pytest.raises(StartError, match="BFL_BASE_URL"):
        image_providers(parts.settings)


def test_a_host_that_nobody_registered_is_an_error_and_so_is_half_a_double(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts.settings, "fal_key", SecretStr("key"))
    monkeypatch.setattr(parts.settings, "fal_queue_url", "http://127.0.0.1:9999")
    with pytest.raises(StartError, match="one company"):
        image_providers(parts.settings)
    monkeypatch.setattr(parts.settings, "fal_queue_url", "https://queue.fal.example")
    with pytest.raises(StartError, match=r"FAL_QUEUE_URL names queue\.fal\.example"):
        image_providers(parts.settings)


def test_a_size_costs_what_it_says_and_one_that_is_not_there_is_said() -> None:
    model = catalogue.known("gemini-3.1-flash-image")
    assert model
    assert [model.size(key).credits for key in ("", "1K", "512", "2K", "4K")] == [3, 3, 2, 5, 8]
    assert model.shape("16:9", "2K").width == 2560
    with pytest.raises(NoSuchSize, match="1K, 512, 2K, 4K"):
        model.size("8K")


def test_every_engine_is_known_and_every_provider_says_how_long_it_keeps_what_it_got() -> None:
    for model in MODELS:
        assert model.engine in {"openai", "gemini"} | WAITING
        assert model.processor.keeps and model.processor.notices
