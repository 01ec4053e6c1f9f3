"""fal: the order, the queue, the result with its flags and errors, calling off, and what is removed there."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from imgpilot.disclosures import Disclosure
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
from imgpilot.parts import Parts
from tests.generation.engines.conftest import waiting, wanting
from tests.generation.engines.doubles import PNG, FalDouble, answer

MODEL = "flux-1-dev"


@pytest.fixture
def handle(parts: Parts, fal: FalDouble, somebody_id: UUID) -> Handle:
    """What fal gave for two pears."""
    return waiting(parts, "fal").hand_in(wanting(MODEL, somebody_id))


def test_p10_only_the_prompt_and_the_settings_go_out_and_fal_is_told_to_keep_nothing(
    parts: Parts, session: Session, fal: FalDouble, somebody_id: UUID
) -> None:
    engine = waiting(parts, "fal")
    handle = engine.hand_in(wanting(MODEL, somebody_id, seed=5, knock="https://imgpilot.app/webhooks/fal"))
    assert engine.look(handle) == Made(PNG, 77)
    order, status, result, picture = fal.asked
    assert (order.path, order.query) == (
        "/fal-ai/flux/dev",
        "fal_webhook=https%3A%2F%2Fimgpilot.app%2Fwebhooks%2Ffal",
    )
    assert order.body == {
        "prompt": "two pears",
        "image_size": {"width": 1024, "height": 1024},
        "num_images": 1,
        "enable_safety_checker": True,
        "output_format": "png",
        "seed": 5,
    }
    assert order.headers["X-Fal-Store-Io"] == "0"
    assert order.headers["X-Fal-Object-Lifecycle-Preference"] == '{"expiration_duration_seconds": 3600}'
    assert [each.headers.get("Authorization") for each in (order, status, result)] == ["Key key-of-ours"] * 3
    assert picture.headers.get("Authorization") is None, "the place where files lie does not get our key"
    lines = session.scalars(select(Disclosure).order_by(Disclosure.at)).all()
    told = [(line.account_id, line.categories) for line in lines if line.account_id]
    assert told == [(somebody_id, ["user.content.private"])], "to ask after it sends nothing of anybody"
    assert len(lines) == 4


def test_p10_a_reference_goes_to_the_models_other_address_with_its_strength(
    parts: Parts, fal: FalDouble, somebody_id: UUID
) -> None:
    waiting(parts, "fal").hand_in(wanting(MODEL, somebody_id, references=(PNG,), strength=60))
    (order,) = fal.asked
    assert order.path == "/fal-ai/flux/dev/image-to-image"
    assert order.body["strength"] == 0.6
    assert order.body["image_url"].startswith("data:image/png;base64,")
    assert set(order.body) == {
        *("prompt", "image_url", "strength", "num_images", "enable_safety_checker", "output_format")
    }


@pytest.mark.parametrize(
    ("body", "position"),
    [
        ({"status": "IN_QUEUE", "queue_position": 0}, 1),
        ({"status": "IN_QUEUE", "queue_position": 12}, 13),
        ({"status": "IN_QUEUE", "queue_position": "12"}, None),
        ({"status": "IN_PROGRESS", "logs": []}, None),
        ({"status": "SOMETHING_NEW"}, None),
        (b"<html>a proxy</html>", None),
    ],
)
def test_while_it_is_not_done_it_waits(
    parts: Parts, fal: FalDouble, handle: Handle, body: object, position: int | None
) -> None:
    fal.say("status", answer(202, body))
    assert waiting(parts, "fal").look(handle) == StillWaiting(position)


def test_what_may_pass_is_waited_for(parts: Parts, fal: FalDouble, handle: Handle) -> None:
    engine = waiting(parts, "fal")
    fal.say("status", answer(503), answer(429, Retry_After="3"))
    assert engine.look(handle) == StillWaiting()
    waited = engine.look(handle)
    assert isinstance(waited, StillWaiting) and waited.wait and waited.wait.seconds == 3
    fal.say("result", answer(502, b"<html>bad gateway</html>"))
    assert engine.look(handle) == StillWaiting()
    fal.say("picture", answer(503))
    assert engine.look(handle) == StillWaiting()
    assert engine.look(handle) == Made(PNG, 77)
    assert fal.orders == 1


def detail(kind: str) -> dict[str, Any]:
    return {"detail": [{"loc": ["body", "prompt"], "msg": "two pears", "type": kind, "ctx": {}}]}


@pytest.mark.parametrize(
    ("status", "body", "kind", "tries"),
    [
        (422, detail("content_policy_violation"), BlockedInput, 1),
        (422, detail("missing"), InvalidInput, 1),
        (422, detail("no_media_generated"), BrokeOff, 1),
        (504, detail("generation_timeout"), TimedOut, 1),
        (504, {"detail": "x", "error_type": "request_timeout"}, Transient, 2),
        (503, {"detail": "x", "error_type": "runner_scheduling_failure"}, Transient, 2),
        (500, {"detail": "x", "error_type": "runner_server_error"}, Transient, 2),
        (401, {"detail": "no"}, AuthRefused, 1),
        (400, {"detail": "x", "error_type": "bad_request"}, InvalidInput, 1),
        (404, {"detail": "gone"}, InvalidInput, 1),
        (200, {"images": []}, Unusable, 1),
        (200, {"images": None}, Unusable, 1),
        (200, {"images": [{"url": 7}]}, Unusable, 1),
        (200, {"images": [{"url": "https://elsewhere.example/1.png"}]}, Unusable, 1),
        (200, {"images": [{"url": "http://127.0.0.1:1/1.png"}]}, Unusable, 1),
        (200, b"<html>", Unusable, 1),
    ],
)
def test_each_end_without_a_picture_is_told_apart(
    parts: Parts, fal: FalDouble, handle: Handle, status: int, body: object, kind: type[Failure], tries: int
) -> None:
    fal.say("result", answer(status, body))
    with pytest.raises(Failure) as told:
        waiting(parts, "fal").look(handle)
    assert (type(told.value), told.value.tries, str(told.value)) == (kind, tries, "")
    assert "picture" not in fal.kinds


def test_a_picture_that_is_flagged_is_blanked_so_it_is_held_back(parts: Parts, fal: FalDouble, handle: Handle) -> None:
    picture = {"url": f"{fal.url}/files/black.png"}
    fal.say("result", answer(200, {"images": [picture], "has_nsfw_concepts": [True], "seed": 1}))
    with pytest.raises(BlockedOutput):
        waiting(parts, "fal").look(handle)
    assert "picture" not in fal.kinds


def test_an_error_that_stands_in_the_status_alone_counts(parts: Parts, fal: FalDouble, handle: Handle) -> None:
    fal.say("status", answer(200, {"status": "COMPLETED", "error": "x", "error_type": "startup_timeout"}))
    fal.say("result", answer(504, b""))
    with pytest.raises(Transient):
        waiting(parts, "fal").look(handle)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (422, detail("content_policy_violation"), BlockedInput),
        (422, detail("greater_than"), InvalidInput),
        (401, {"detail": "no key"}, AuthRefused),
        (403, {"detail": "User is locked. Reason: Exhausted balance."}, QuotaExhausted),
        (402, {}, QuotaExhausted),
        (429, {}, RateLimited),
        (500, {"detail": "Internal Server Error"}, Transient),
        (502, b"<html>Bad Gateway</html>", Unusable),
        (200, {"request_id": "a"}, Unusable),
        (200, {"request_id": "a", "status_url": "https://evil.example/s", "response_url": "x"}, Unusable),
        (200, b"hello", Unusable),
    ],
)
def test_an_order_that_is_refused_is_told_apart(
    parts: Parts, fal: FalDouble, somebody_id: UUID, status: int, body: object, kind: type[Failure]
) -> None:
    fal.say("order", answer(status, body))
    with pytest.raises(Failure) as told:
        waiting(parts, "fal").hand_in(wanting(MODEL, somebody_id))
    assert type(told.value) is kind


def test_it_can_be_called_off_until_it_is_done(parts: Parts, fal: FalDouble, handle: Handle) -> None:
    engine = waiting(parts, "fal")
    assert engine.call_off(handle)
    fal.say("cancel", answer(400, {"status": "ALREADY_COMPLETED"}))
    assert not engine.call_off(handle)
    assert [each.method for each in fal.of("cancel")] == ["PUT", "PUT"]
    assert not engine.call_off({**handle, "cancel": "https://evil.example/cancel"})


def test_what_it_holds_is_removed_by_its_id(parts: Parts, fal: FalDouble, handle: Handle) -> None:
    engine = waiting(parts, "fal")
    assert engine.remove(handle)
    (asked,) = fal.of("remove")
    assert (asked.method, asked.path) == ("DELETE", "/v1/models/requests/fal-1/payloads")
    assert asked.headers["Authorization"] == "Key key-of-ours"
    fal.say(
        "remove",
        answer(404),
        answer(403),
        answer(200, {"cdn_delete_results": [{"link": "x", "exception": "still there"}]}),
    )
    assert [engine.remove(handle) for _ in range(3)] == [True, False, False]
