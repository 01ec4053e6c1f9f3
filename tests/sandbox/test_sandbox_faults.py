"""Each fault fails an image call in its own way, once, and then all is well again."""

import resource
import time
from typing import Any

import httpx
import pytest

from imgpilot.sandbox.faults import KINDS, FaultError
from imgpilot.sandbox.server import Sandbox
from tests.sandbox.asking import Ask, picture_file


def fail(client: httpx.Client, kind: str, **more: Any) -> None:
    """Queue a fault over HTTP."""
    answer = client.post("/api/faults", json={"kind": kind, **more})
    assert answer.status_code == 201, answer.text


@pytest.mark.parametrize(
    ("kind", "status", "type_", "code"),
    [
        ("blocked", 400, "image_generation_user_error", "moderation_blocked"),
        ("invalid", 400, "invalid_request_error", "invalid_value"),
        ("auth", 401, "invalid_request_error", "invalid_api_key"),
        ("rate_limited", 429, "requests", "rate_limit_exceeded"),
        ("quota", 429, "insufficient_quota", "insufficient_quota"),
        ("server_error", 500, "server_error", "server_error"),
    ],
)
def test_a_fault_in_json_is_met_once(
    client: httpx.Client, ask: Ask, kind: str, status: int, type_: str, code: str
) -> None:
    fail(client, kind)
    answer = ask()
    assert answer.status_code == status
    error = answer.json()["error"]
    assert (error["type"], error["code"]) == (type_, code)
    assert error["message"]
    assert ask().status_code == 200


def test_a_block_says_its_stage_and_categories(client: httpx.Client, ask: Ask) -> None:
    fail(client, "blocked", stage="output", categories=["sexual", "self-harm"], message="Not this one.")
    error = ask().json()["error"]
    assert error["moderation_details"] == {"moderation_stage": "output", "categories": ["sexual", "self-harm"]}
    assert error["message"] == "Not this one."


def test_a_rate_limit_says_how_long_to_wait(client: httpx.Client, ask: Ask) -> None:
    fail(client, "rate_limited", retry_after=7)
    assert ask().headers["Retry-After"] == "7"


def test_a_page_instead_of_json(client: httpx.Client, ask: Ask) -> None:
    fail(client, "html")
    answer = ask()
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")


def test_an_answer_without_a_picture(client: httpx.Client, ask: Ask) -> None:
    fail(client, "empty")
    assert ask().json()["data"] == []


def test_text_where_the_picture_should_be(client: httpx.Client, ask: Ask) -> None:
    fail(client, "not_an_image")
    assert ask().json()["data"] == [{"b64_json": "VGhpcyBpcyBub3QgYSBwaWN0dXJlLg=="}]


def test_a_connection_cut_in_the_middle(client: httpx.Client, ask: Ask) -> None:
    fail(client, "truncated")
    with pytest.raises(httpx.RemoteProtocolError):
        ask()
    assert ask().status_code == 200


def test_a_call_that_hangs_sends_nothing_and_then_hangs_up(client: httpx.Client, ask: Ask) -> None:
    fail(client, "hang", seconds=0.5)
    started = time.monotonic()
    with pytest.raises(httpx.RemoteProtocolError):
        ask()
    assert 0.4 < time.monotonic() - started < 15, "before the client gives up"


def test_a_client_that_gives_up_frees_the_hanging_call(sandbox: Sandbox, client: httpx.Client, ask: Ask) -> None:
    sandbox.faults.add("hang", seconds=600)
    client.timeout = httpx.Timeout(0.3)
    with pytest.raises(httpx.ReadTimeout):
        ask()
    client.close()
    until = time.monotonic() + 60
    # The client may be gone before its call is noted.
    while not [call for call in sandbox.calls.all() if call.milliseconds] and time.monotonic() < until:
        time.sleep(0.02)
    (call,) = sandbox.calls.all()
    assert (call.fault, call.status) == ("hang", 0)
    assert 0 < call.milliseconds < 60_000


def test_an_endless_body_costs_no_memory_and_ends_when_the_client_leaves(
    client: httpx.Client, sandbox: Sandbox
) -> None:
    sandbox.faults.add("huge")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    taken = 0
    with client.stream("POST", "/openai/v1/images/generations", json={"prompt": "Waves"}) as answer:
        assert answer.status_code == 200
        for chunk in answer.iter_bytes():
            taken += len(chunk)
            if taken > 60_000_000:
                break
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30_000  # kB
    assert client.get("/healthz").status_code == 200


def test_a_long_body_ends_where_it_was_told_to(client: httpx.Client, ask: Ask) -> None:
    fail(client, "huge", bytes=200_000)
    assert len(ask().json()["data"][0]["b64_json"]) == 200_000


def test_edits_meet_faults_too(client: httpx.Client, edit: Ask) -> None:
    fail(client, "quota")
    assert edit([("image", ("a.png", picture_file((1, 2, 3)), "image/png"))]).status_code == 429


def test_faults_are_met_in_order_and_as_often_as_said(client: httpx.Client, ask: Ask) -> None:
    fail(client, "server_error", times=2)
    fail(client, "auth")
    assert client.get("/api/faults").json()["faults"][0]["times"] == 2
    assert [ask().status_code for _ in range(4)] == [500, 500, 401, 200]
    assert client.get("/api/faults").json() == {"faults": []}


def test_the_queue_can_be_emptied(client: httpx.Client, ask: Ask) -> None:
    fail(client, "server_error", times=3)
    fail(client, "auth")
    assert client.delete("/api/faults").json() == {"deleted": 4}
    assert ask().status_code == 200


@pytest.mark.parametrize("kind", ["blocked", "rate_limited", "quota", "server_error", "empty"])
def test_a_prompt_can_ask_for_a_fault_by_its_name(ask: Ask, kind: str) -> None:
    plain = {"blocked": 400, "rate_limited": 429, "quota": 429, "server_error": 500, "empty": 200}
    assert ask(f"Ridges sandbox:{kind}").status_code == plain[kind]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"kind": "nonsense"},
        {"kind": "hang", "seconds": -1},
        {"kind": "hang", "seconds": "5"},
        {"kind": "blocked", "times": 0},
        {"kind": "blocked", "times": 1.5},
        {"kind": "blocked", "times": True},
        {"kind": "blocked", "stage": "later"},
        {"kind": "blocked", "categories": "violence"},
        {"kind": "blocked", "message": 7},
        {"kind": "blocked", "speed": 3},
        {"kind": ["blocked"]},
        [],
        "blocked",
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(client: httpx.Client, body: object) -> None:
    answer = client.post("/api/faults", json=body)
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert client.get("/api/faults").json() == {"faults": []}


def test_a_fault_is_only_taken_as_json_so_that_no_other_site_can_send_one(client: httpx.Client) -> None:
    answer = client.post("/api/faults", content='{"kind":"quota"}', headers={"Content-Type": "text/plain"})
    assert answer.status_code == 400


def test_python_queues_the_same_faults(sandbox: Sandbox, ask: Ask) -> None:
    sandbox.faults.add("rate_limited", retry_after=1.5)
    assert len(sandbox.faults) == 1
    assert ask().headers["Retry-After"] == "1.5"
    with pytest.raises(FaultError, match="kind must be one of"):
        sandbox.faults.add("nonsense")


def test_every_kind_is_explained_on_the_front_page(client: httpx.Client) -> None:
    page = client.get("/").text
    assert all(f"<code>{kind}</code>" in page for kind in KINDS)
