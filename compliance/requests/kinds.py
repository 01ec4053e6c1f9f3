"""What can be asked for, and where a request can be. Each kind has its own procedure and its own answer."""

from enum import StrEnum


class Kind(StrEnum):
    """The rights that can be asked for here. The values are names that people and scripts rely on."""

    ACCESS = "access"  # GDPR Art. 15, CCPA right to know
    PORTABILITY = "portability"  # GDPR Art. 20: what was provided and observed, for another service
    DELETION = "deletion"  # GDPR Art. 17, CCPA right to delete
    CORRECTION = "correction"  # GDPR Art. 16, CCPA right to correct
    RESTRICTION = "restriction"  # GDPR Art. 18
    OBJECTION = "objection"  # GDPR Art. 21
    CONSENT_WITHDRAWAL = "consent-withdrawal"  # GDPR Art. 7(3)
    OPT_OUT = "opt-out"  # CCPA: sale or sharing; limit the use of sensitive data


#: Done without anybody deciding: the law gives no ground to refuse, and waiting would take something away.
AT_ONCE = (Kind.CONSENT_WITHDRAWAL, Kind.OPT_OUT)


class State(StrEnum):
    """Where a request is."""

    PROVING = "proving"  # we do not know yet that it is them
    RECEIVED = "received"  # it is being acknowledged and counted
    REVIEW = "review"  # the plan waits for an officer
    SECOND = "second"  # an officer proposes; a second one has to agree
    COOLING = "cooling"  # decided; the person can still take it back
    RUNNING = "running"  # being carried out
    ANSWERED = "answered"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"  # the same as another request, which goes on
    APPEALED = "appealed"  # the person does not accept the answer


CLOSED = (State.ANSWERED, State.REFUSED, State.WITHDRAWN, State.MERGED)


class Outcome(StrEnum):
    """How a request ended."""

    GRANTED = "granted"
    PARTIAL = "partial"  # part of it, with the ground for each part that was not granted
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


class Proof(StrEnum):
    """How we know that it is them, or somebody they sent. From nothing to most."""

    NONE = "none"
    ADDRESS = "address"  # they opened a link that was mailed to the address
    SIGNED_IN = "signed-in"  # asked in the privacy centre
    FRESH = "signed-in again"  # and proved it again minutes before (11 CCR 7061)
    FURTHER = "further"  # staff checked something more (GDPR 12(6), 11 CCR 7062)
    PERMISSION = "permission"  # an agent's signed permission, which the person confirmed (11 CCR 7063)
    STAFF = "staff"  # staff vouch for it, by command


class Channel(StrEnum):
    """How a request came in."""

    CENTRE = "centre"
    FORM = "form"  # the public form, for people without an account
    EMAIL = "email"
    POST = "post"
    PHONE = "phone"
    AGENT = "agent"
    DRP = "drp"  # an agent's system, by the Data Rights Protocol
    API = "api"
    COMMAND = "command"
    FOLLOW_UP = "follow-up"  # the rest of a deletion, when a hold on it ended
