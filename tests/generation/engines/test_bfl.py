"""Black Forest Labs: the order, the address to ask at, and every status."""

import base64
from uuid import UUID

import pytest

from imgpilot.generation.engines.exchange import Wire
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
    Unusable,
)
from imgpilot.parts import Parts
from imgpilot.processors import BFL
from tests.generation.engines.conftest import waiting, wanting
from tests.generation.engines.doubles import PNG, BflDouble, answer

MODEL = "flux-2-pro"


@pytest.fixture
def handle(parts: Parts, bfl: BflDouble, somebody_id: UUID) -> Handle:
    """What it gave for two pears."""
    return waiting(parts, "bfl").hand_in(wanting(MODEL, somebody_id))


def test_p10_only_the_prompt_the_references_and_the_settings_go_out(
    parts: Parts, bfl: BflDouble, somebody_id: UUID
) -> None:
    engine = waiting(parts, "bfl")
    handle = engine.hand_in(wanting(MODEL, somebody_id, references=(PNG, PNG), seed=3))
    assert engine.look(handle) == Made(PNG, 42)
    order, status, picture = bfl.asked
    coded = base64.b64encode(PNG).decode()
    assert order.path == "/v1/flux-2-pro"
    assert order.body == {
        "prompt": "two pears",
        "width": 1024,
        "height": 1024,
        "output_format": "png",
        "seed": 3,
        "input_image": coded,
        "input_image_2": coded,
    }
    assert (status.path, status.query) == ("/v1/get_result", "id=bfl-1")
    assert [order.headers["X-Key"], status.headers["X-Key"]] == ["key-of-ours"] * 2
    assert "X-Key" not in picture.headers


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (200, {"status": "Request Moderated"}, BlockedInput),
        (200, {"status": "Content Moderated", "details": {"Moderation Reasons": ["x"]}}, BlockedOutput),
        (200, {"status": "Error"}, BrokeOff),
        (404, {"status": "Task not found"}, Unusable),
        (200, {"status": "Ready", "result": None}, Unusable),
        (200, {"status": "Ready", "result": {"sample": None}}, Unusable),
        (200, {"status": "Ready", "result": {"sample": "https://elsewhere.example/1.png"}}, Unusable),
        (403, {"detail": "no"}, AuthRefused),
    ],
)
def test_each_end_without_a_picture_is_told_apart(
    parts: Parts, bfl: BflDouble, handle: Handle, status: int, body: object, kind: type[Failure]
) -> None:
    bfl.say("status", answer(status, body))
    with pytest.raises(Failure) as told:
        waiting(parts, "bfl").look(handle)
    assert type(told.value) is kind


@pytest.mark.parametrize(
    ("status", "body"),
    [(200, {"status": "Pending"}), (200, {"status": "Something new"}), (503, b""), (429, b""), (200, b"<html>")],
)
def test_anything_else_is_waited_for(parts: Parts, bfl: BflDouble, handle: Handle, status: int, body: object) -> None:
    bfl.say("status", answer(status, body))
    assert waiting(parts, "bfl").look(handle) == StillWaiting()


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, {}, InvalidInput),
        (402, {"detail": "Insufficient credits"}, QuotaExhausted),
        (403, {}, AuthRefused),
        (422, {"detail": []}, InvalidInput),
        (429, {}, RateLimited),
        (500, {}, Unusable),
        (503, {}, Unusable),
        (200, {"id": "x"}, Unusable),
        (200, {"id": "x", "polling_url": "https://elsewhere.example/v1/get_result?id=x"}, Unusable),
    ],
)
def test_an_order_that_is_refused_is_told_apart(
    parts: Parts, bfl: BflDouble, somebody_id: UUID, status: int, body: object, kind: type[Failure]
) -> None:
    bfl.say("order", answer(status, body))
    with pytest.raises(Failure) as told:
        waiting(parts, "bfl").hand_in(wanting(MODEL, somebody_id))
    assert type(told.value) is kind


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("https://api.bfl.ai/v1/get_result?id=1", True),
        ("https://api.us1.bfl.ai/v1/get_result?id=1", True),
        ("https://delivery-eu1.bfl.ai/results/1.png", True),
        ("https://delivery.us2.bfl.ai/durable/1.png", True),
        ("https://delivery.elsewhere.bfl.ai/durable/1.png", False),
        ("https://api.bfl.ai:8443/v1/get_result", False),
        ("http://api.eu.bfl.ai/v1/get_result", False),
        ("https://api.bfl.ai.evil.example/v1", False),
        ("https://evil.example@api.eu.bfl.ai/v1", False),
        ("https://127.0.0.1/v1", False),
        ("https://api.bfl.ai:x/", False),
        ("//api.bfl.ai/", False),
        ("", False),
        (None, False),
    ],
)
def test_in_earnest_only_its_own_hosts_are_asked_in_their_regions(parts: Parts, address: object, good: bool) -> None:
    wire = Wire(parts.gateway, BFL, "https://api.bfl.ai/v1", 5)
    if good:
        assert wire.theirs(address) == address
    else:
        with pytest.raises(Unusable):
            wire.theirs(address)


def test_it_can_neither_call_off_nor_remove(parts: Parts, bfl: BflDouble, handle: Handle) -> None:
    engine = waiting(parts, "bfl")
    assert not engine.call_off(handle)
    assert engine.remove(handle)
    assert bfl.kinds == ["order"]
