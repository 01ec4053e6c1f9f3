"""Who has an account at the sandbox's provider, which codes are out, and the key that it signs with."""

import base64
import hashlib
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

CLIENT_ID = CLIENT_SECRET = "sandbox"  # noqa: S105  # no secret: anybody on this machine may sign in here
#: Seconds a code and a token last.
CODE_LASTS, TOKEN_LASTS = 60, 3600


@dataclass(frozen=True)
class Somebody:
    """A person with an account there. `domain`: theirs is run by the provider itself, so it vouches for the address."""

    email: str
    name: str
    verified: bool = True
    domain: bool = True

    @property
    def subject(self) -> str:
        """What the provider calls them: always the same for one address, and not the address."""
        return str(int(hashlib.sha256(self.email.encode()).hexdigest()[:17], 16))


#: Those who can be chosen with one click.
PEOPLE = (
    Somebody("ana@example.com", "Ana Sample"),
    Somebody("bob@example.com", "Bob Sample"),
    Somebody("mira@gmail.com", "Mira Sample", domain=False),
    Somebody("otto@elsewhere.example", "Otto Elsewhere", domain=False),
    Somebody("pia@example.com", "Pia Unverified", verified=False),
)


@dataclass(frozen=True)
class Asked:
    """A code that is out: for whom, for which client's page, and what the token has to say."""

    who: Somebody
    redirect_uri: str
    challenge: str
    nonce: str
    scope: str
    at: float
    dated: bool = False


@dataclass
class Accounts:
    """The provider's memory."""

    clock: Callable[[], float] = time.time
    _codes: dict[str, Asked] = field(default_factory=dict)
    _tokens: dict[str, Somebody] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _key: RSAKey | None = None
    #: What the next tokens say otherwise, for tests of whoever reads them.
    twist: dict[str, Any] = field(default_factory=dict)

    def reset(self) -> None:
        """Forget codes, tokens and twists; the key stays."""
        with self._lock:
            self._codes.clear()
            self._tokens.clear()
            self.twist.clear()
            self.clock = time.time

    @property
    def key(self) -> RSAKey:
        """The signing key, made when it is first needed: it takes a moment."""
        with self._lock:
            if self._key is None:
                self._key = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)
            return self._key

    def keys(self) -> dict[str, Any]:
        """The public keys, as a JWK set."""
        return dict(KeySet([self.key]).as_dict(private=False))

    def code(
        self, who: Somebody, redirect_uri: str, challenge: str, nonce: str, scope: str, *, dated: bool = False
    ) -> str:
        """A code for whoever was chosen. `dated`: the token is to say when that was (`auth_time`)."""
        made = secrets.token_urlsafe(24)
        with self._lock:
            self._codes[made] = Asked(who, redirect_uri, challenge, nonce, scope, self.clock(), dated)
        return made

    def exchange(self, code: str, redirect_uri: str, verifier: str, issuer: str, client_id: str) -> dict[str, Any]:
        """The tokens for a code, once. Raises KeyError if the code, its page or its verifier is not right."""
        with self._lock:
            asked = self._codes.pop(code)
        right = asked.redirect_uri == redirect_uri and asked.challenge == _challenge(verifier)
        if not right or self.clock() - asked.at > CODE_LASTS:
            raise KeyError("code")
        access = secrets.token_urlsafe(24)
        with self._lock:
            self._tokens[access] = asked.who
        now = int(self.clock())
        claims = {
            "iss": issuer,
            "aud": client_id,
            "iat": now,
            "exp": now + TOKEN_LASTS,
            "nonce": asked.nonce,
            **({"auth_time": int(asked.at)} if asked.dated else {}),
            **self.facts(asked.who, issuer),
            **self.twist,
        }
        header = {"alg": "RS256", "kid": self.key.kid}
        return {
            "access_token": access,
            "expires_in": TOKEN_LASTS,
            "scope": asked.scope,
            "token_type": "Bearer",
            "id_token": jwt.encode(header, claims, self.key),
        }

    def facts(self, who: Somebody, issuer: str) -> dict[str, Any]:
        """What the provider says of somebody."""
        said: dict[str, Any] = {
            "sub": who.subject,
            "email": who.email,
            "email_verified": who.verified,
            "name": who.name,
            "picture": f"{issuer}/picture/{who.subject}.jpg",
        }
        return said | ({"hd": who.email.rpartition("@")[2]} if who.domain else {})

    def holder(self, token: str) -> Somebody | None:
        """Whose access token this is."""
        with self._lock:
            return self._tokens.get(token)


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
