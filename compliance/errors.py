"""What can go wrong in compliance, as one tree.

ComplianceError
├── Unclassified       a column or table does not say what it holds; the application does not start
├── Contradiction      two declarations cannot both be true
├── MoveRefused        a request cannot make this move now; the message is for whoever tried
│   ├── PlanChanged    what was approved is not what would be done now
│   └── AlreadyDecided somebody else was first
├── StepFailed         a step could not be done; it is tried again or shown to an officer
└── AuditBroken        the audit log was altered; the message names the first entry
"""

from datetime import datetime

from imgpilot.errors import ImgPilotError, PersonalError


class ComplianceError(ImgPilotError):
    """Every error of compliance."""


class Unclassified(ComplianceError):
    """Some columns or tables do not say what they hold."""


class Contradiction(ComplianceError):
    """Two declarations cannot both be true."""


class MoveRefused(ComplianceError, PersonalError):
    """The request cannot make this move now. The message says why and what to do."""

    status = 409


class PlanChanged(MoveRefused):
    """What was approved is not what would be done now."""


class AlreadyDecided(MoveRefused):
    """Somebody else was first."""


class StepFailed(ComplianceError):
    """A step could not be done. `again`: whether trying again can help; if not, an officer is asked.

    `until`: before then it cannot help, so it is waited for.
    """

    def __init__(self, said: str, *, again: bool = True, until: datetime | None = None) -> None:
        super().__init__(said)
        self.again, self.until = again, until


class AuditBroken(ComplianceError):
    """The audit log was altered; the message names the first entry that was changed, removed or inserted."""
