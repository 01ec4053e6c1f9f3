"""Replicate: the prediction, its ends, and its odd success: an empty list."""

from uuid import UUID

import pytest

from imgpilot.generation import catalogue
from imgpilot.generation.engines.protocol import (
    AuthRefused,
    BlockedInput,
    BlockedOutput,
    BrokeOff,
    Failure,
    Handle,
    InvalidInput,
    Made,
    QuotaExhausted,
    RateLimited,
    StillWaiting,
    TimedOut,
    Transient,
    Unusable,
)
from imgpilot.generation.engines.replicate import INPUTS
from imgpilot.parts import Parts
from tests.generation.engines.conftest import waiting, wanting
from tests.generation.engines.doubles import PNG, ReplicateDouble, answer

MODEL = "qwen-image-2512"


@pytest.fixture
def handle(parts: Parts, replicate: ReplicateDouble, somebody_id: UUID) -> Handle:
    """What Replicate gave for two pears."""
    return waiting(parts, "replicate").hand_in(wanting(MODEL, somebody_id))


def test_p10_only_the_prompt_and_the_settings_go_out(
    parts: Parts, replicate: ReplicateDouble, somebody_id: UUID
) -> None:
    engine = waiting(parts, "replicate")
    request = wanting(MODEL, somebody_id, negative="apples", seed=3, knock="https://imgpilot.app/webhooks/replicate")
    assert engine.look(engine.hand_in(request)) == Made(PNG, 9)
    order, status, picture = replicate.asked
    assert order.path == "/v1/models/qwen/qwen-image-2512/predictions"
    assert order.body == {
        "input": {
            "prompt": "two pears",
            "negative_prompt": "apples",
            "aspect_ratio": "custom",
            "width": 1024,
            "height": 1024,
            "output_format": "png",
            "seed": 3,
        },
        "webhook": "https://imgpilot.app/webhooks/replicate",
        "webhook_events_filter": ["completed"],
    }
    assert order.headers["Cancel-After"] == "600s"
    assert status.path == "/v1/predictions/rep1"
    assert [order.headers["Authorization"], status.headers["Authorization"]] == ["Bearer key-of-ours"] * 2
    assert "Authorization" not in picture.headers


def test_every_model_of_the_catalogue_has_its_inputs() -> None:
    ours = {model.name_there for model in catalogue.MODELS if model.engine == "replicate"}
    assert ours == set(INPUTS)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"status": "succeeded", "output": []}, BlockedOutput),
        ({"status": "succeeded", "output": None}, Unusable),
        ({"status": "succeeded", "output": {"a": 1}}, Unusable),
        ({"status": "succeeded", "output": ["https://elsewhere.example/1.png"]}, Unusable),
        ({"status": "failed", "error": "NSFW content detected in image. Try running it again."}, BlockedOutput),
        ({"status": "failed", "error": "The input or output was flagged as sensitive. (E005)"}, BlockedInput),
        ({"status": "failed", "error": "CUDA out of memory"}, BrokeOff),
        ({"status": "failed", "error": None}, BrokeOff),
        ({"status": "canceled"}, TimedOut),
        ({"status": "aborted"}, TimedOut),
        ({"status": "something new", "completed_at": "2026-11-23T14:40:00Z"}, BrokeOff),
    ],
)
def test_each_end_without_a_picture_is_told_apart(
    parts: Parts, replicate: ReplicateDouble, handle: Handle, body: object, kind: type[Failure]
) -> None:
    replicate.say("status", answer(200, body))
    with pytest.raises(Failure) as told:
        waiting(parts, "replicate").look(handle)
    assert (type(told.value), str(told.value)) == (kind, "")


def test_a_list_with_the_picture_is_as_good(parts: Parts, replicate: ReplicateDouble, handle: Handle) -> None:
    replicate.say("status", answer(200, {"status": "succeeded", "output": [f"{replicate.url}/out/1.png"]}))
    assert waiting(parts, "replicate").look(handle) == Made(PNG, None)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, {"status": "starting"}),
        (200, {"status": "processing", "logs": " 40%|####      | 2/5"}),
        (200, {"status": "something new"}),
        (502, b""),
        (200, b"<html>"),
    ],
)
def test_anything_else_is_waited_for(
    parts: Parts, replicate: ReplicateDouble, handle: Handle, status: int, body: object
) -> None:
    replicate.say("status", answer(status, body))
    assert waiting(parts, "replicate").look(handle) == StillWaiting()


@pytest.mark.parametrize(
    ("status", "body", "kind", "wait"),
    [
        (401, {"title": "Unauthenticated"}, AuthRefused, None),
        (402, {"title": "Insufficient credit"}, QuotaExhausted, None),
        (404, {"title": "Not found"}, InvalidInput, None),
        (422, {"title": "Input validation failed"}, InvalidInput, None),
        (429, {"detail": "Request was throttled. Your rate limit resets in ~30s."}, RateLimited, 30),
        (429, {"detail": "slow"}, RateLimited, None),
        (409, {}, Transient, None),
        (500, {}, Unusable, None),
        (201, {"id": "../../account"}, Unusable, None),
        (201, {}, Unusable, None),
    ],
)
def test_an_order_that_is_refused_is_told_apart(
    parts: Parts,
    replicate: ReplicateDouble,
    somebody_id: UUID,
    status: int,
    body: object,
    kind: type[Failure],
    wait: int | None,
) -> None:
    replicate.say("order", answer(status, body))
    with pytest.raises(Failure) as told:
        waiting(parts, "replicate").hand_in(wanting(MODEL, somebody_id))
    assert type(told.value) is kind
    assert (told.value.wait.seconds if told.value.wait else None) == wait


def test_it_can_be_called_off_until_it_is_done(parts: Parts, replicate: ReplicateDouble, handle: Handle) -> None:
    engine = waiting(parts, "replicate")
    assert engine.call_off(handle)
    replicate.say("cancel", answer(200, {"status": "succeeded"}), answer(404))
    assert not engine.call_off(handle)
    assert not engine.call_off(handle)
    assert replicate.of("cancel")[0].path == "/v1/predictions/rep1/cancel"
    assert engine.remove(handle), "after an hour it removes everything by itself"
