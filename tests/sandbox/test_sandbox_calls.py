"""The journal shows everything an image call carried, so that a test can prove what it did not carry."""

import hashlib
import json

import httpx
import pytest

from imgpilot.sandbox.server import Sandbox
from tests.sandbox.asking import Ask, picture_file


def test_a_call_is_written_down_with_what_was_sent(client: httpx.Client, ask: Ask) -> None:
    ask("Long waves", size="128x128")
    [call] = client.get("/api/calls").json()["calls"]
    assert call["path"] == "/openai/v1/images/generations"
    assert (call["model"], call["size"], call["pictures"], call["status"]) == ("sandbox-draft", "128x128", 1, 200)
    assert call["prompt_sha256"] == hashlib.sha256(b"Long waves").hexdigest()
    assert call["fault"] == ""
    assert call["milliseconds"] > 0
    assert {"Host", "Authorization", "User-Agent", "Content-Type"} <= set(call["headers"])
    sent = call["sent"]
    assert sent["json"] == {"model": "sandbox-draft", "prompt": "Long waves", "size": "128x128"}
    assert sent["headers"]["Content-Type"] == "application/json"
    assert (sent["method"], sent["target"]) == ("POST", "/openai/v1/images/generations")
    assert sent["bytes"] == len(json.dumps(sent["json"], separators=(",", ":")))


def test_a_key_is_never_shown(client: httpx.Client, ask: Ask) -> None:
    client.headers["Authorization"] = "Bearer sk-very-secret"
    client.headers["X-Api-Key"] = "also-secret"
    ask()
    text = client.get("/api/calls").text
    assert "secret" not in text
    assert json.loads(text)["calls"][0]["sent"]["headers"]["Authorization"] == "Bearer (14 characters)"


def test_an_edits_fields_and_files_are_listed(client: httpx.Client, edit: Ask) -> None:
    file = picture_file((10, 20, 30))
    edit([("image[]", ("ana-passport.png", file, "image/png")), ("image[]", ("b.png", file, "image/png"))], n="1")
    [call] = client.get("/api/calls").json()["calls"]
    assert call["sent"]["fields"] == {
        "model": ["sandbox-draft"], "prompt": ["Ridges at first light"], "size": ["128x128"], "n": ["1"],
    }  # fmt: skip
    assert [(f["field"], f["name"], f["bytes"]) for f in call["sent"]["files"]] == [
        ("image[]", "ana-passport.png", len(file)),
        ("image[]", "b.png", len(file)),
    ]
    assert call["sent"]["files"][0]["sha256"] == hashlib.sha256(file).hexdigest()


def test_an_address_hidden_anywhere_would_be_seen(client: httpx.Client, sandbox: Sandbox) -> None:
    client.post(
        "/openai/v1/images/generations?who=ana@example.com",
        json={"prompt": "Waves", "user": "bob@example.com"},
        headers={"X-Forwarded-For": "203.0.113.9", "X-Person": "Ana"},
    )
    [call] = sandbox.calls.all()
    assert "who=ana@example.com" in call.sent.target
    assert call.sent.json["user"] == "bob@example.com"
    assert call.sent.headers["X-Forwarded-For"] == "203.0.113.9"


@pytest.mark.parametrize("body", [b"{ana@example.com", b"plain ana@example.com"])
def test_a_body_that_cannot_be_read_is_kept_as_text(client: httpx.Client, sandbox: Sandbox, body: bytes) -> None:
    client.post("/openai/v1/images/generations", content=body)
    [call] = sandbox.calls.all()
    assert (call.status, call.sent.text, call.sent.bytes) == (400, body.decode(), len(body))


def test_calls_that_fail_are_in_it_too_newest_first(client: httpx.Client, sandbox: Sandbox, ask: Ask) -> None:
    sandbox.faults.add("server_error")
    ask()
    ask(size="7x7")
    ask(model="none")
    calls = client.get("/api/calls").json()["calls"]
    assert [(c["status"], c["fault"], c["model"], c["size"]) for c in calls] == [
        (404, "", "none", "128x128"),
        (400, "", "sandbox-draft", "7x7"),
        (500, "server_error", "sandbox-draft", "128x128"),
    ]


def test_the_catalogue_is_no_image_call(client: httpx.Client) -> None:
    client.get("/openai/v1/models")
    assert client.get("/api/calls").json() == {"calls": []}


def test_it_can_be_forgotten(client: httpx.Client, ask: Ask) -> None:
    ask(size="64x64")
    assert client.delete("/api/calls").json() == {"deleted": 1}
    assert client.get("/api/calls").json() == {"calls": []}
