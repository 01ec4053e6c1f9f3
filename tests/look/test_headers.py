"""What every answer says about itself."""

import re

from flask import Flask, Response
from flask.testing import FlaskClient

from imgpilot import look


def nonce(client: FlaskClient, path: str = "/") -> str:
    """The nonce in the policy of one answer."""
    found = re.search(r"'nonce-([\w-]+)'", client.get(path).headers["Content-Security-Policy"])
    assert found
    return found[1]


def test_pages_may_load_from_this_host_only(client: FlaskClient) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]
    said = dict(part.split(" ", 1) for part in policy.split("; "))
    assert said["default-src"] == "'self'"
    assert said["img-src"] == "'self' data: blob:"
    assert said["frame-ancestors"] == said["object-src"] == "'none'"
    assert said["base-uri"] == said["form-action"] == "'self'"
    assert "unsafe" not in policy
    assert "http" not in policy


def test_the_nonce_is_new_in_every_answer(client: FlaskClient) -> None:
    assert len({nonce(client) for _ in range(5)}) == 5


def test_style_and_script_carry_the_same_nonce(client: FlaskClient) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]
    assert len(re.findall(r"'nonce-[\w-]+'", policy)) == 2
    assert len(set(re.findall(r"'nonce-[\w-]+'", policy))) == 1


def test_a_page_can_use_the_nonce_of_its_answer(app: Flask) -> None:
    app.add_url_rule("/nonce", "nonce", lambda: app.jinja_env.from_string("{{ csp_nonce() }}").render())
    answer = app.test_client().get("/nonce")
    assert f"'nonce-{answer.text}'" in answer.headers["Content-Security-Policy"]


def test_every_answer_keeps_to_itself(client: FlaskClient) -> None:
    for path in ("/", "/error/404", "/nowhere", "/static/imgpilot.css"):
        headers = client.get(path, buffered=True).headers
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["Referrer-Policy"] == "same-origin", path
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin", path
        assert "camera=()" in headers["Permissions-Policy"], path


def test_only_https_promises_https(client: FlaskClient) -> None:
    assert "Strict-Transport-Security" not in client.get("/").headers
    secure = client.get("/", base_url="https://imgpilot.example")
    assert "max-age=" in secure.headers["Strict-Transport-Security"]


def test_a_view_that_sets_a_header_keeps_it(app: Flask) -> None:
    app.add_url_rule("/own", "own", lambda: Response("", headers={"Content-Security-Policy": "sandbox"}))
    assert app.test_client().get("/own").headers["Content-Security-Policy"] == "sandbox"


def test_a_real_part_can_widen_the_policy() -> None:
    app = Flask("wider", root_path=str(look.HERE))
    look.dress(app, also={"img-src": ["https://cdn.example"], "connect-src": ["https://api.example"]})
    app.add_url_rule("/", "page", lambda: "")
    policy = app.test_client().get("/").headers["Content-Security-Policy"]
    assert "img-src 'self' data: blob: https://cdn.example;" in policy
    assert "connect-src 'self' https://api.example" in policy
