"""The published privacy policy, as far as code refers to it (P21)."""

from datetime import datetime

from imgpilot.policies import versions


def in_force(now: datetime) -> str:
    """The version that applies at this time. What a person says yes to is recorded with it."""
    return versions.in_force(now).key
