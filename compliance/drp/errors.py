"""Why a message of an agent's system is not accepted, as one tree. No text quotes what was sent.

DrpError
├── BadKey                 an agent's public key cannot be used; staff see it when they enter the key
└── Rejected               what the agent's system is told: an HTTP status and a body (3.06)
    ├── TooLarge           413
    ├── NotDecoded         400, not base64, or too short for a signature
    ├── WrongSignature     403, not signed with the key of the agent whose token it came with
    ├── NotJson            400, signed, but no JSON object as we read it
    ├── WrongAgent         403
    ├── WrongBusiness      403
    ├── NotYetValid        403, issued in the future
    ├── Expired            403, and fatal: it is not to be sent again
    ├── Stale              403, issued too long ago to be carried by one signature
    ├── UnknownVersion     400
    ├── UnknownExercise    400
    ├── UnknownRegime      400
    ├── BadClaim           400, names the claim
    │   └── BadCallback    400
    ├── UnknownToken       403, no token, or not that of an agent we know
    ├── UnknownRequest     403, another agent's, or nobody's: the same answer
    ├── TooLate            409, it cannot be taken back any more
    └── TooMany            429, says in how many seconds there is room again
"""

from datetime import timedelta

from compliance.errors import ComplianceError
from imgpilot.errors import PersonalError


class DrpError(ComplianceError):
    """Every error of this package."""


class BadKey(DrpError, PersonalError):
    """This is no public key that signatures can be checked with."""


class Rejected(DrpError):
    """A message that is not accepted. `status`: of HTTP. `fatal`: sending it again cannot help (3.06).

    The sentence is for whoever runs the agent's system. It is in English, as the protocol is.
    """

    status = 400
    fatal = False
    SAYS = "The message was not accepted."

    def __init__(self, says: str = "") -> None:
        super().__init__(says or self.SAYS)

    def body(self) -> dict[str, str | bool]:
        """The JSON body of the answer (3.06): code and message, and fatal where it is so."""
        said: dict[str, str | bool] = {"code": str(self.status), "message": str(self)}
        if self.fatal:
            said["fatal"] = True
        return said


class TooLarge(Rejected):
    """The body is longer than any request needs."""

    status = 413
    SAYS = "The message is too large."


class NotDecoded(Rejected):
    """The body is not base64, or too short to hold a signature."""

    SAYS = "The message is not base64 of a signature followed by JSON."


class WrongSignature(Rejected):
    """The message is not signed with the bearer's key."""

    status = 403
    SAYS = "The signature does not fit the key of the agent that the token belongs to."


class NotJson(Rejected):
    """What was signed is no JSON object, or one that two readers could read differently."""

    SAYS = "What was signed is not one JSON object in UTF-8 with each key once."


class WrongAgent(Rejected):
    """The message names another agent than the bearer, or none."""

    status = 403
    SAYS = "agent-id is not the agent that the token belongs to."


class WrongBusiness(Rejected):
    """The message is meant for another business."""

    status = 403
    SAYS = "business-id is not ours."


class NotYetValid(Rejected):
    """The message was issued in the future: a clock is wrong."""

    status = 403
    SAYS = "issued-at is in the future. Check the clock of the system that signs."


class Expired(Rejected):
    """The message's own time is over (2.01 asks for a fatal error)."""

    status = 403
    fatal = True
    SAYS = "expires-at is over."


class Stale(Rejected):
    """Issued longer ago than we let a signature carry. Signed again, it can be sent again."""

    status = 403
    SAYS = "issued-at is too long ago. Sign the request again and send it at once."


class UnknownVersion(Rejected):
    """A version of the protocol that we do not speak."""

    SAYS = "drp.version is not one that we support; send 1.0."


class UnknownExercise(Rejected):
    """A right that the protocol does not have."""

    SAYS = "Unsupported rights action submitted."


class UnknownRegime(Rejected):
    """A legal regime that the protocol does not have."""

    SAYS = "regime is not one of the protocol. Send ccpa or leave it out."


class BadClaim(Rejected):
    """A claim is not of its type, too long, or missing. `claim` is the name that the protocol gives it."""

    def __init__(self, claim: str, wanted: str) -> None:
        super().__init__(f"{claim} has to be {wanted}.")
        self.claim = claim


class BadCallback(BadClaim):
    """An address that we would not call."""

    def __init__(self) -> None:
        super().__init__("status_callback", "a public https address, by host name, on the usual port")


class UnknownToken(Rejected):
    """No bearer token, or one that belongs to no active agent, or to another than the address names."""

    status = 403
    SAYS = "The bearer token is not one that we gave this agent, or it was replaced."


class UnknownRequest(Rejected):
    """There is no such request of this agent. Whether there is one of another agent is not told."""

    status = 403
    SAYS = "There is no such request of this agent."


class TooLate(Rejected):
    """The request is being carried out, or closed."""

    status = 409
    SAYS = "It is too late to take this request back: it is being carried out, or it is closed."


class TooMany(Rejected):
    """More calls than we take. `seconds`: until there is room again."""

    status = 429
    SAYS = "Too many calls. Retry-After says in how many seconds to send it again."

    def __init__(self, room_in: timedelta = timedelta()) -> None:
        super().__init__()
        self.seconds = max(1, int(room_in.total_seconds()) + 1)
