"""An agent's system: it signs with its own key and talks to the site over HTTP, as the protocol has it."""

import base64
import itertools
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from compliance import agents
from imgpilot.parts import Parts
from tests.drp import signing

_numbers = itertools.count(1)


def written(key: Ed25519PrivateKey) -> str:
    """The public half, as the service directory writes it."""
    return base64.b64encode(signing.public(key)).decode()


def registered(session: Session, parts: Parts, agent_key: str, key: Ed25519PrivateKey) -> None:
    """Staff write the agent down."""
    agents.add(session, f"{agent_key} Inc.", agent_key, written(key), None, parts.clock())
    session.commit()


class Agent:
    """One agent's system."""

    def __init__(self, site: Flask, parts: Parts, agent_key: str, key: Ed25519PrivateKey, host: str = "") -> None:
        self.client, self.parts, self.agent_key, self.key = site.test_client(), parts, agent_key, key
        self.token = ""
        self.host = host or "10.1.2.3"

    def send(self, method: str, path: str, body: bytes | None = None, token: str | None = None) -> TestResponse:
        """One call; with the agent's token, unless another is given."""
        bearer = self.token if token is None else token
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        return self.client.open(
            path,
            method=method,
            data=body,
            content_type="text/plain",
            headers=headers,
            base_url="http://127.0.0.1:8000",
            environ_overrides={"REMOTE_ADDR": self.host},
        )

    def said(self, **changed: Any) -> dict[str, Any]:
        """A request that is right in everything, issued now."""
        now = self.parts.clock()
        usual = {
            "agent_id": self.agent_key,
            "issued_at": (now - timedelta(seconds=30)).isoformat(),
            "expires_at": (now + timedelta(minutes=9)).isoformat(),
            "agent_request_id": f"their-{next(_numbers)}",
            # Nobody is called, unless a test says whom: names are looked up outside this machine.
            "status_callback": ...,
        }
        return signing.request(**usual | changed)

    def signed(self, **changed: Any) -> bytes:
        """The same, signed."""
        return signing.body(self.said(**changed), self.key)

    def introduction(self) -> bytes:
        """The signed message that asks for a token."""
        said = self.said(
            **dict.fromkeys(("exercise", "regime", "relationships", "status_callback", "agent_request_id"), ...)
        )
        claims = [name for name in said if "-" not in name and "." not in name]
        return signing.body({k: v for k, v in said.items() if k not in claims} | {"n": next(_numbers)}, self.key)

    def set_up(self) -> "Agent":
        """Get a token."""
        answer = self.send("POST", f"/v1/agent/{self.agent_key}", self.introduction(), token="")
        assert answer.status_code == 200, answer.text
        assert answer.json and answer.json["agent-id"] == self.agent_key
        self.token = answer.json["token"]
        return self

    def ask(self, **changed: Any) -> TestResponse:
        """Send a request."""
        return self.send("POST", "/v1/data-rights-request", self.signed(**changed))

    def asked(self, **changed: Any) -> dict[str, str]:
        """Send a request that is taken; its status."""
        answer = self.ask(**changed)
        assert answer.status_code == 200, answer.text
        found: dict[str, str] = answer.json or {}
        return found

    def look(self, request_id: str) -> dict[str, str]:
        """Where it is."""
        answer = self.send("GET", f"/v1/data-rights-request/{request_id}")
        assert answer.status_code == 200, answer.text
        found: dict[str, str] = answer.json or {}
        return found

    def revoke(self, request_id: str, reason: str = "I changed my mind.") -> TestResponse:
        """Take it back."""
        body = signing.body({"reason": reason}, self.key)
        return self.send("DELETE", f"/v1/data-rights-request/{request_id}", body)
