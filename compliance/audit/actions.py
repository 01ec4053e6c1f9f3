"""What can stand in the audit log: a fixed vocabulary, in words a clerk understands."""

from enum import StrEnum


class Action(StrEnum):
    """One kind of thing that was done. Values are stored and signed: add freely, rename none."""

    REQUEST_OPENED = "request opened"
    REQUEST_PLANNED = "request planned"
    REQUEST_RECOUNTED = "request recounted"
    REQUEST_APPROVED = "request approved"
    REQUEST_REFUSED = "request refused"
    REQUEST_WITHDRAWN = "request withdrawn"
    REQUEST_STEP_DONE = "request step done"
    REQUEST_STEP_FAILED = "request step failed"
    REQUEST_STEP_RETRIED = "request step retried"
    REQUEST_ANSWERED = "request answered"
    PACKAGE_DOWNLOADED = "package downloaded"
    CERTIFICATE_DOWNLOADED = "certificate downloaded"
    STAFF_READ_CASE = "staff read case"
    STAFF_SIGNED_IN = "staff signed in"
    STAFF_SIGN_IN_FAILED = "staff sign-in failed"
    STAFF_ADDED = "staff account added"
    STAFF_CHANGED = "staff account changed"
    STAFF_REMOVED = "staff account removed"
    STAFF_ROLES_CHANGED = "staff roles changed"
    STAFF_PASSWORD_RESET = "staff password reset"  # noqa: S105  (the name of a deed)
