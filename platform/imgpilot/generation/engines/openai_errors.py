"""What an error answer of an OpenAI-compatible provider means."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from imgpilot.generation.engines.protocol import (
    AuthRefused,
    BlockedInput,
    BlockedOutput,
    Failure,
    InvalidInput,
    QuotaExhausted,
    Transient,
    Unusable,
)
from imgpilot.generation.engines.statuses import limited, wait_of

BLOCKED = {"moderation_blocked", "content_policy_violation"}
QUOTA = {"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"}


def failure(status: int, headers: Mapping[str, str], body: bytes, now: datetime) -> Failure:
    """The failure that this answer is. `headers` know lower-case names; `now` is for dates in Retry-After."""
    error = _error(body)
    names = {str(error.get("code")), str(error.get("type"))}
    if BLOCKED & names:
        return BlockedOutput() if _stage(error) == "output" else BlockedInput()
    if QUOTA & names or status == 402:
        return QuotaExhausted()
    if status in {401, 403}:
        return AuthRefused()
    again = headers.get("x-should-retry", "").lower()
    if status == 429:
        return limited(wait_of(headers, now), never=again == "false")
    if status in {408, 409} or status >= 500 or again == "true":
        return Transient(wait=wait_of(headers, now), tries=1 if again == "false" else None)
    return InvalidInput() if status >= 400 else Unusable()


def _error(body: bytes) -> dict[str, Any]:
    try:
        error = json.loads(body)["error"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return {}  # a page of a proxy: the status has to do
    if not isinstance(error, dict):
        return {}
    return {key: value for key, value in error.items() if isinstance(value, str | dict)}


def _stage(error: dict[str, Any]) -> str:
    details = error.get("moderation_details")
    return str(details.get("moderation_stage", "")) if isinstance(details, dict) else ""
