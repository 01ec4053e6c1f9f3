"""The published privacy policy, as far as code refers to it (P21)."""

from datetime import UTC, datetime

from imgpilot.policies import versions


def in_force(now: datetime) -> str:
    """The version that applies at this time. What a person says yes to is recorded with it."""
    return versions.in_force(now).key


#: The version in force when this process began. A release brings a version, so processes begin anew with it; where one
#: was published ahead, `in_force` knows the day.
POLICY_VERSION = in_force(datetime.now(UTC))
