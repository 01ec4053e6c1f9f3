"""The sandbox's pages explain it, load nothing from elsewhere and answer only under a local name."""

import io
import re

import httpx
import pytest
from PIL import Image

from imgpilot.sandbox.server import Sandbox
from tests.sandbox.asking import Post, letter


def test_the_front_page_says_what_stands_in_for_what(client: httpx.Client, sandbox: Sandbox) -> None:
    page = client.get("/").text
    assert sandbox.smtp_url in page
    assert f"{sandbox.url}/openai/v1" in page
    for link in ("/mail/", "/api/mail", "/api/faults", "/api/calls", "/healthz"):
        assert f'href="{link}"' in page
        assert client.get(link).status_code == 200


def test_the_pulse_is_json(client: httpx.Client, sandbox: Sandbox) -> None:
    assert client.get("/healthz").json() == {"status": "ok", "mails": 0, "smtp": sandbox.smtp_url}


@pytest.mark.parametrize("path", ["/", "/mail/", "/mail/?to=x@example.com", "/nothing", "MAIL"])
def test_pages_are_whole_documents_without_inline_style_or_script(client: httpx.Client, post: Post, path: str) -> None:
    if path == "MAIL":
        post(letter())
        path = f"/mail/{client.get('/api/mail').json()['messages'][0]['id']}"
    answer = client.get(path)
    page = answer.text
    assert '<html lang="en">' in page
    assert 'name="viewport"' in page
    assert page.count("<h1>") == 1
    assert not re.search(r"\sstyle=|<style|<script|\son\w+=", page)
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert all(found.startswith(("/", "#")) for found in loaded)
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'")
    assert answer.headers["Cache-Control"] == "no-store"


def test_every_sample_is_a_picture(client: httpx.Client) -> None:
    samples = re.findall(r'src="(/samples/[^"]+)"', client.get("/").text)
    assert len(samples) == 8
    for path in samples:
        answer = client.get(path)
        assert answer.headers["Content-Type"] == "image/webp"
        assert Image.open(io.BytesIO(answer.content)).size == (480, 480)
    assert client.get("/samples/none.webp").status_code == 404


def test_the_style_sheet_has_a_dark_side(client: httpx.Client) -> None:
    sheet = client.get("/static/sandbox.css").text
    assert "prefers-color-scheme: dark" in sheet
    assert "http" not in sheet


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8002", "127.0.0.1.evil.example"])
def test_another_name_for_this_address_reads_nothing(client: httpx.Client, host: str) -> None:
    for path in ("/api/mail", "/mail/", "/"):
        answer = client.get(path, headers={"Host": host})
        assert answer.status_code == 400
        assert "messages" not in answer.text


def test_localhost_is_a_local_name(client: httpx.Client) -> None:
    assert client.get("/api/mail", headers={"Host": "localhost:8002"}).status_code == 200


def test_errors_of_the_json_addresses_are_json(client: httpx.Client) -> None:
    assert client.get("/api/nothing").json()["error"]
    assert client.put("/api/mail").status_code == 405
