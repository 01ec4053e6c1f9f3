"""Who knocks: the signatures of providers that say over the web that a picture is done.

fal signs with Ed25519 and publishes its keys; Replicate follows Standard Webhooks and gives its secret to who has the
token. Both are fetched through the gateway and kept for a day.
"""

import base64
import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from standardwebhooks import Webhook, WebhookVerificationError

from imgpilot.generation.engines.exchange import NoAnswer, Wire
from imgpilot.generation.engines.protocol import Failure
from imgpilot.parts import Parts
from imgpilot.processors import image_providers

#: How old or how new a message may be.
TOLERANCE = timedelta(seconds=300)
#: How long keys are kept, and how old they must be for a signature that fits none to make us fetch them again.
KEPT, RENEWED = timedelta(hours=24), timedelta(minutes=5)
#: Seconds that fetching them may take: somebody waits for our answer.
PATIENCE = 5.0


class Knocks:
    """Checks signatures, in one process."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._kept: dict[str, tuple[datetime, Any]] = {}

    def fal(self, headers: Mapping[str, str], body: bytes, now: datetime) -> str | None:
        """The id of the request that fal says is done; None if it was not fal that said it, or not just now."""
        named = ("Request-Id", "User-Id", "Timestamp", "Signature")
        id_, user, stamp, signature = (headers.get(f"X-Fal-Webhook-{name}", "") for name in named)
        if not (stamp.isascii() and stamp.isdecimal() and len(stamp) < 12 and id_):
            return None
        if abs(now.timestamp() - int(stamp)) > TOLERANCE.total_seconds():
            return None
        try:
            signed = bytes.fromhex(signature)
        except ValueError:
            return None
        message = "\n".join([id_, user, stamp, hashlib.sha256(body).hexdigest()]).encode()
        for at_least in (KEPT, RENEWED):
            if any(_fits(key, signed, message) for key in self._get("fal", now, at_least) or ()):
                return id_
        return None

    def replicate(self, headers: Mapping[str, str], body: bytes, now: datetime) -> str | None:
        """The id of the prediction that Replicate says is done; None if it was not Replicate, or not just now."""
        for at_least in (KEPT, RENEWED):
            secret = self._get("replicate", now, at_least)
            if not secret:
                return None
            try:
                # The library allows five minutes, by the clock of this machine.
                said = Webhook(secret).verify(body, dict(headers))
            except (WebhookVerificationError, ValueError, RuntimeError, RecursionError):
                continue
            id_ = said.get("id") if isinstance(said, dict) else None
            return id_ if isinstance(id_, str) and id_ else None
        return None

    def _get(self, engine: str, now: datetime, most: timedelta) -> Any:
        """What signatures of this provider are checked with, not older than this; None if it cannot be had."""
        tried, kept = self._kept.get(engine, (None, None))
        # What could not be had is not asked for again at every knock either.
        if tried is not None and now - tried < (most if kept is not None else RENEWED):
            return kept
        try:
            kept = self._fetch(engine)
        except (NoAnswer, Failure, ValueError, LookupError, TypeError, AttributeError):
            kept = None
        self._kept[engine] = (now, kept)
        return kept

    def _fetch(self, engine: str) -> Any:
        settings = self._parts.settings
        provider = image_providers(settings)[engine]
        if engine == "fal":
            said = self._said(Wire(self._parts.gateway, provider, settings.fal_jwks_url, PATIENCE), {})
            return [_key(each) for each in said["keys"] if each.get("crv", "Ed25519") == "Ed25519"]
        token = settings.replicate_api_token
        url = f"{settings.replicate_base_url.rstrip('/')}/webhooks/default/secret"
        held = {"Authorization": f"Bearer {token.get_secret_value() if token else ''}"}
        secret = str(self._said(Wire(self._parts.gateway, provider, url, PATIENCE), held)["key"])
        return secret if secret.removeprefix("whsec_") else None

    def _said(self, wire: Wire, headers: Mapping[str, str]) -> dict[str, Any]:
        with wire.talk() as talk:
            answer = talk.send("GET", wire.base, headers)
        if answer.status != 200:
            raise LookupError
        return answer.said


def _key(given: Mapping[str, str]) -> Ed25519PublicKey:
    coded = given["x"]
    return Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4)))


def _fits(key: Ed25519PublicKey, signed: bytes, message: bytes) -> bool:
    try:
        key.verify(signed, message)
    except InvalidSignature:
        return False
    return True
