"""The published privacy policy, as far as code refers to it (P21)."""

#: The version in force. What a person acknowledges is recorded with it.
POLICY_VERSION = "2026-11-22"
