"""Keyed digests: they let us recognise a value again without keeping it."""

import hashlib
import hmac

import config


def keyed(settings: config.Settings, what: str, value: str | bytes) -> str:
    """HMAC-SHA256 in hex. `what` separates uses, so a digest of one kind never matches one of another."""
    data = value.encode() if isinstance(value, str) else value
    return hmac.new(settings.secret.encode(), what.encode() + b"\0" + data, hashlib.sha256).hexdigest()


def of_subject(settings: config.Settings, account_id: object) -> str:
    """How the audit log names a person: recognisable to who holds the secret and the id, to nobody else."""
    return keyed(settings, "subject", str(account_id))[:32]


def of_address(settings: config.Settings, email: str) -> str:
    """How an e-mail address is recognised after it was erased."""
    return keyed(settings, "address", email.lower())[:32]
