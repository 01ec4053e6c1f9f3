"""What can be asked for, and under which law. Each kind has its own procedure and its own answer."""

from enum import StrEnum


class Kind(StrEnum):
    """The rights that can be asked for here."""

    ACCESS = "access"  # GDPR Art. 15, CCPA right to know
    DELETION = "deletion"  # GDPR Art. 17, CCPA right to delete


class State(StrEnum):
    """Where a request is."""

    RECEIVED = "received"  # it is being acknowledged and counted
    REVIEW = "review"  # the plan waits for an officer
    RUNNING = "running"  # approved; being carried out
    ANSWERED = "answered"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


CLOSED = (State.ANSWERED, State.REFUSED, State.WITHDRAWN)
