"""An agent's side of the Data Rights Protocol: keys, and messages as its system would send them."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
AGENT, BUSINESS = "TRUSTED_AGENT", "IMGPILOT"
KEY = Ed25519PrivateKey.from_private_bytes(b"an agent's key, only in tests..!")
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(b"some other agent's key, in tests")


def public(key: Ed25519PrivateKey = KEY) -> bytes:
    """The key that the service directory has."""
    return key.public_key().public_bytes_raw()


def signed(said: bytes, key: Ed25519PrivateKey = KEY) -> bytes:
    """The body of a request: base64 of the signature and what was signed."""
    return base64.b64encode(key.sign(said) + said)


def body(message: dict[str, Any], key: Ed25519PrivateKey = KEY) -> bytes:
    """The body of a request that says this."""
    return signed(json.dumps(message).encode(), key)


def request(**changed: Any) -> dict[str, Any]:
    """A message that is right in everything, but for what is changed; `...` leaves a key out.

    Names are the protocol's with _ for - and . (agent_id, drp_version); claims have _ already.
    """
    message: dict[str, Any] = {
        "agent-id": AGENT,
        "business-id": BUSINESS,
        "issued-at": (NOW - timedelta(seconds=30)).isoformat(),
        "expires-at": (NOW + timedelta(minutes=9)).isoformat(),
        "agent-request-id": "their-17",
        "drp.version": "1.0",
        "exercise": "deletion",
        "regime": "ccpa",
        "relationships": ["customer"],
        "status_callback": "https://agent.example.org/status?case=17",
        "name": "Ana Lovelace",
        "email": "Ana@Example.com",
        "email_verified": True,
        "phone_number": "+1 (415) 555-0123",
        "phone_number_verified": False,
        "address": {"street_address": "1 Pear St\nFlat 2", "region": "CA", "country": "US"},
        "address_verified": True,
        "power_of_attorney": "https://agent.example.org/documents/17",
    }
    names = {key.replace("-", "_").replace(".", "_"): key for key in message}
    for name, value in changed.items():
        if value is ...:
            message.pop(names[name])
        else:
            message[names.get(name, name)] = value
    return message
