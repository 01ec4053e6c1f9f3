"""A sandbox in this process, a client for it, and the ways these tests ask it for pictures and send it mail."""

import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from imgpilot.sandbox.server import Sandbox
from tests.sandbox.asking import KEY, Ask, Post


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[httpx.Client]:
    """HTTP to the sandbox, with a key."""
    with httpx.Client(base_url=sandbox.url, headers=KEY, timeout=20) as made:
        yield made


@pytest.fixture
def ask(client: httpx.Client) -> Ask:
    """Ask for a picture; small, unless the test says otherwise."""

    def made(prompt: str = "Ridges at first light", **fields: Any) -> httpx.Response:
        body = {"model": "sandbox-draft", "prompt": prompt, "size": "128x128", **fields}
        return client.post("/openai/v1/images/generations", json=body)

    return made


@pytest.fixture
def edit(client: httpx.Client) -> Ask:
    """Ask for a picture after others: `files` as httpx takes them, the rest are fields."""

    def made(files: list[tuple[str, tuple[str, bytes, str]]], **fields: str) -> httpx.Response:
        body = {"model": "sandbox-draft", "prompt": "Ridges at first light", "size": "128x128", **fields}
        return client.post("/openai/v1/images/edits", data=body, files=files)

    return made


@pytest.fixture
def post(sandbox: Sandbox) -> Post:
    """Send a mail over SMTP."""
    place = urlsplit(sandbox.smtp_url)

    def made(mail: EmailMessage) -> None:
        with smtplib.SMTP(place.hostname or "", place.port or 0, timeout=10) as smtp:
            smtp.send_message(mail)

    return made
