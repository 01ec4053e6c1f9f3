"""What was asked for: the facts of the request that a package carries on its front."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from compliance.requests.clocks import ZONE, received_on
from compliance.requests.progress import Clock
from compliance.requests.regimes import REGIMES

#: The version of the package's layout. It changes when a program that reads packages would have to.
SCHEMA_VERSION = "1"


@dataclass(frozen=True)
class Asked:
    """A request for a copy, at the moment at which it is answered."""

    request_id: UUID
    account_id: UUID
    case: str
    regime: str
    received_at: datetime
    due_on: date
    language: str
    now: datetime

    @property
    def law(self) -> str:
        """The article that the right to a copy stands on."""
        return REGIMES[self.regime].article("access") or REGIMES[self.regime].name

    @property
    def clock(self) -> Clock:
        """The statutory clock as it stands now."""
        return Clock(received_on(self.received_at, ZONE), self.due_on, received_on(self.now, ZONE))
