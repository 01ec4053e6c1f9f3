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
    QuotaExhausted,
    Transient,
)
from imgpilot.generation.engines.statuses import limited, refused, wait_of

BLOCKED = {"moderation_blocked", "content_policy_violation"}
QUOTA = {"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"}
#: It took nothing, whatever the status.
FULL = {"server_is_overloaded"}


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
    # It asks to be asked again after failures of its own too, and nowhere says that it does not bill them.
    none_made = 400 <= status < 500 and status != 408
    if FULL & names or status == 409 or (again == "true" and none_made):
        return Transient(wait=wait_of(headers, now), tries=1 if again == "false" else None)
    return refused(status)


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
