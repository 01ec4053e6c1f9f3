"""The image provider keeps the contract that real clients were written for."""

import base64
import io
import json
import time
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image

from imgpilot.sandbox.server import Sandbox
from tests.sandbox.asking import Ask, halves, picture_file, pictures

Pixels = np.ndarray[Any, np.dtype[np.float64]]


def pixels(image: Image.Image) -> Pixels:
    """The picture as numbers."""
    return np.asarray(image.convert("RGB"), dtype=np.float64)


def test_a_good_answer_has_the_documented_shape(ask: Ask) -> None:
    answer = ask(model="sandbox-painter", size="256x192", quality="high")
    body = answer.json()
    assert set(body) == {"created", "data", "output_format", "size", "quality", "background", "usage"}
    assert abs(body["created"] - time.time()) < 60
    assert [set(entry) for entry in body["data"]] == [{"b64_json"}]
    assert (body["output_format"], body["size"], body["quality"]) == ("png", "256x192", "high")
    assert body["background"] == "opaque"
    usage = body["usage"]
    assert usage["input_tokens_details"] == {"text_tokens": usage["input_tokens"], "image_tokens": 0}
    assert usage["total_tokens"] == usage["input_tokens"] + usage["output_tokens"]
    assert answer.headers["x-request-id"].startswith("req_")


def test_the_picture_has_the_size_asked_for_and_says_who_drew_it(ask: Ask) -> None:
    [picture] = pictures(ask(size="256x192"))
    assert (picture.format, picture.size) == ("PNG", (256, 192))
    assert picture.info["Software"] == "ImgPilot sandbox (procedural)"


@pytest.mark.parametrize("media", ["jpeg", "webp"])
def test_other_formats_name_the_drawing_program_too(ask: Ask, media: str) -> None:
    [picture] = pictures(ask(output_format=media, output_compression=70))
    assert picture.format == media.upper()
    assert picture.getexif()[0x0131] == "ImgPilot sandbox (procedural)"


def test_the_same_prompt_gives_the_same_picture(ask: Ask) -> None:
    first, second, other = (ask(p).json()["data"][0]["b64_json"] for p in ("A lake", "A lake", "A lake."))
    assert first == second
    assert first != other


def test_the_pictures_of_one_call_differ(ask: Ask) -> None:
    found = pictures(ask("A city at dusk", n=3))
    assert len(found) == 3
    assert len({p.tobytes() for p in found}) == 3


def test_a_served_sandbox_goes_on_where_a_prompt_stopped() -> None:
    with Sandbox(latency=0, varied=True) as sandbox, httpx.Client(headers={"Authorization": "Bearer x"}) as client:
        body = {"prompt": "Long waves", "size": "128x128", "model": "sandbox-draft"}
        url = f"{sandbox.openai_url}/images/generations"
        given = [client.post(url, json=body).json()["data"][0]["b64_json"] for _ in range(3)]
        fresh = client.post(url, json={**body, "prompt": "Tiles"})
    assert len(set(given)) == 3
    assert fresh.status_code == 200


def test_auto_is_square_without_a_reference_and_follows_one(ask: Ask, edit: Ask) -> None:
    assert ask(size="auto").json()["size"] == "1024x1024"
    wide = picture_file((40, 90, 120), size=(300, 200))
    assert edit([("image", ("a.png", wide, "image/png"))], size="auto").json()["size"] == "1536x1024"


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("size", "100x100", "invalid_value"),
        ("size", "1024x256", "invalid_value"),
        ("size", "3856x2160", "invalid_value"),
        ("size", "2176x2176", "invalid_value"),
        ("size", "big", "invalid_value"),
        ("size", "0x0", "invalid_value"),
        ("size", 1024, "invalid_type"),
        ("n", 0, "integer_below_min_value"),
        ("n", 11, "integer_above_max_value"),
        ("n", "2", "invalid_type"),
        ("n", True, "invalid_type"),
        ("quality", "best", "invalid_value"),
        ("background", "blue", "invalid_value"),
        ("output_format", "gif", "invalid_value"),
        ("output_compression", 50, "invalid_value"),
        ("moderation", "off", "invalid_value"),
        ("prompt", "", "empty_string"),
        ("prompt", None, "missing_required_parameter"),
        ("prompt", ["a"], "invalid_type"),
        ("prompt", "x" * 32_001, "string_above_max_length"),
        ("response_format", "b64_json", "unknown_parameter"),
        ("negative_prompt", "rain", "unknown_parameter"),
        ("stream", "yes", "invalid_type"),
        ("partial_images", 4, "integer_above_max_value"),
    ],
)
def test_a_wrong_field_is_named(ask: Ask, field: str, value: object, code: str) -> None:
    answer = ask(**{field: value})
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert (error["type"], error["param"], error["code"]) == ("invalid_request_error", field, code)


@pytest.mark.parametrize("size", ["1024x1024", "1536x1024", "1024x1536", "192x64", "64x192", "2048x1152"])
def test_every_allowed_size_is_made(ask: Ask, size: str) -> None:
    [picture] = pictures(ask(size=size))
    assert f"{picture.width}x{picture.height}" == size


def test_a_transparent_background_needs_a_format_that_has_one(ask: Ask) -> None:
    [picture] = pictures(ask(background="transparent"))
    assert picture.mode == "RGBA"
    assert picture.getchannel("A").getpixel((0, 0)) == 0
    assert ask(background="transparent", output_format="jpeg").json()["error"]["param"] == "background"


def test_an_unknown_model_is_not_found_and_the_real_names_are_answered_for(ask: Ask) -> None:
    missing = ask(model="dall-e-3")
    assert missing.status_code == 404
    assert missing.json()["error"]["code"] == "model_not_found"
    assert ask(model="gpt-image-2").status_code == 200


def test_a_key_is_needed_and_any_will_do(sandbox: Sandbox) -> None:
    body = {"prompt": "Waves", "size": "64x64"}
    for headers in ({}, {"Authorization": "Basic abc"}, {"Authorization": "Bearer"}):
        answer = httpx.post(f"{sandbox.openai_url}/images/generations", json=body, headers=headers)
        assert answer.status_code == 401
        assert answer.json()["error"]["type"] == "invalid_request_error"
        assert httpx.get(f"{sandbox.openai_url}/models", headers=headers).status_code == 401


def test_the_catalogue_lists_both_models(client: httpx.Client) -> None:
    listed = client.get("/openai/v1/models").json()
    assert listed["object"] == "list"
    assert [m["id"] for m in listed["data"]] == ["sandbox-painter", "sandbox-draft"]
    assert client.get("/openai/v1/models/sandbox-draft").json()["object"] == "model"
    assert client.get("/openai/v1/models/none").json()["error"]["code"] == "model_not_found"


def test_what_is_not_there_is_refused_in_the_providers_shape(client: httpx.Client) -> None:
    gone = client.post("/openai/v1/images/variations")
    assert (gone.status_code, gone.json()["error"]["message"]) == (404, "Invalid URL (POST /v1/images/variations)")
    assert client.get("/openai/v1/images/generations").status_code == 405


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"text"', b"\xff"])
def test_a_body_that_is_not_a_json_object_is_refused(client: httpx.Client, body: bytes) -> None:
    answer = client.post("/openai/v1/images/generations", content=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid_json")


def test_a_prompt_can_ask_to_be_blocked(ask: Ask) -> None:
    answer = ask("Ridges sandbox:blocked at first light")
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert (error["code"], error["type"]) == ("moderation_blocked", "image_generation_user_error")
    assert error["moderation_details"] == {"moderation_stage": "input", "categories": ["violence"]}
    assert ask("my sandbox:toys").status_code == 200


def test_too_many_bytes_are_refused_with_an_answer(client: httpx.Client, sandbox: Sandbox) -> None:
    answer = client.post("/openai/v1/images/generations", content=b" " * 105_000_000)
    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "request_too_large"
    assert sandbox.calls.all()[0].status == 413


def test_an_edit_uses_the_references_colours_and_composition(edit: Ask, ask: Ask) -> None:
    reference = halves((200, 60, 40), (30, 60, 150))
    [plain] = pictures(ask("Waves", size="256x256"))
    [edited] = pictures(edit([("image", ("a.png", reference, "image/png"))], prompt="Waves", size="256x256"))
    left, right = pixels(edited)[:, :100], pixels(edited)[:, 156:]
    assert left[..., 0].mean() > right[..., 0].mean() + 50
    assert right[..., 2].mean() > left[..., 2].mean() + 30
    before, after = pixels(plain)[:, :100], pixels(plain)[:, 156:]
    assert abs(before[..., 0].mean() - after[..., 0].mean()) < 40


def test_another_reference_gives_another_picture_and_the_same_one_the_same(edit: Ask) -> None:
    red, blue = picture_file((200, 30, 30)), picture_file((30, 30, 200))
    made = [edit([("image", ("a.png", f, "image/png"))]).json()["data"][0]["b64_json"] for f in (red, red, blue)]
    assert made[0] == made[1] != made[2]


@pytest.mark.parametrize("field", ["image", "image[]"])
def test_references_may_come_under_either_name_and_several(edit: Ask, field: str) -> None:
    files = [(field, (f"{i}.jpg", picture_file((60 * i, 80, 90), kind="JPEG"), "image/jpeg")) for i in (1, 2, 3)]
    answer = edit(files, n="2", quality="low", input_fidelity="high", output_format="webp")
    assert len(pictures(answer)) == 2
    assert answer.json()["usage"]["input_tokens_details"]["image_tokens"] > 0


def test_where_the_mask_is_opaque_the_original_stays(edit: Ask) -> None:
    original = picture_file((250, 10, 10))
    mask = Image.new("RGBA", (160, 160), (0, 0, 0, 255))
    mask.paste((0, 0, 0, 0), (80, 0, 160, 160))
    out = io.BytesIO()
    mask.save(out, "PNG")
    files = [("image", ("a.png", original, "image/png")), ("mask", ("m.png", out.getvalue(), "image/png"))]
    [picture] = pictures(edit(files, size="160x160"))
    kept = pixels(picture)[20:100, 10:60]
    assert abs(kept - [250, 10, 10]).mean() < 6
    assert abs(pixels(picture)[20:100, 100:150] - [250, 10, 10]).mean() > 6


@pytest.mark.parametrize(
    ("files", "param", "code"),
    [
        ([], "image", "unsupported_content_type"),
        ([("other", ("a.png", b"x", "image/png"))], "other", "unknown_parameter"),
        ([("image", ("a.png", b"not a picture", "image/png"))], "image", "invalid_image_file"),
        ([("image", ("a.png", picture_file((1, 2, 3))[:200], "image/png"))], "image", "invalid_image_file"),
        ([("image", ("a.gif", picture_file((1, 2, 3), kind="GIF"), "image/gif"))], "image", "invalid_image_file"),
        ([("image", ("a.png", picture_file((1, 2, 3), (16, 16)), "image/png"))] * 17, "image", "invalid_value"),
        (
            [("image", ("a.png", picture_file((1, 2, 3)), "")), ("mask", ("m.png", picture_file((1, 2, 3)), ""))],
            "mask",
            "invalid_image_file",
        ),
        (
            [
                ("image", ("a.png", picture_file((1, 2, 3)), "")),
                ("mask", ("m.png", picture_file((1, 2, 3, 0), (80, 80)), "")),
            ],
            "mask",
            "invalid_value",
        ),
    ],
)
def test_a_wrong_file_is_named(edit: Ask, files: list[Any], param: str, code: str) -> None:
    answer = edit(files)
    assert answer.status_code == 400
    assert (answer.json()["error"]["param"], answer.json()["error"]["code"]) == (param, code)


def test_a_picture_of_too_many_pixels_is_not_unpacked(edit: Ask) -> None:
    out = io.BytesIO()
    Image.new("1", (12_000, 12_000)).save(out, "PNG")
    answer = edit([("image", ("a.png", out.getvalue(), "image/png"))])
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "image")


def test_a_mask_over_its_limit_is_too_large(edit: Ask) -> None:
    files = [("image", ("a.png", picture_file((1, 2, 3)), "")), ("mask", ("m.png", b"x" * 4_000_001, ""))]
    answer = edit(files)
    assert (answer.status_code, answer.json()["error"]["param"]) == (413, "mask")


def test_a_stream_shows_previews_that_grow_into_the_picture(ask: Ask) -> None:
    answer = ask(stream=True, partial_images=2)
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    events = [json.loads(line[6:]) for line in answer.text.splitlines() if line.startswith("data: ")]
    assert [e["type"] for e in events] == [
        "image_generation.partial_image",
        "image_generation.partial_image",
        "image_generation.completed",
    ]
    assert [e.get("partial_image_index") for e in events] == [0, 1, None]
    final = pixels(Image.open(io.BytesIO(base64.b64decode(events[2]["b64_json"]))))
    away = [abs(pixels(Image.open(io.BytesIO(base64.b64decode(e["b64_json"])))) - final).mean() for e in events[:2]]
    assert away[0] > away[1] > 0
    assert events[2]["b64_json"] == ask().json()["data"][0]["b64_json"]
    assert events[2]["usage"]["output_tokens"] > 0


def test_latency_is_the_time_a_picture_takes_beside_the_drawing(sandbox: Sandbox, ask: Ask) -> None:
    sandbox.latency = 0.8
    try:
        started = time.monotonic()
        ask(model="sandbox-painter", size="64x64")
        assert time.monotonic() - started >= 0.8
    finally:
        sandbox.latency = 0
