"""What was asked for: the facts of the request that a package carries on its front."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from compliance.requests.clocks import received_on
from compliance.requests.kinds import Kind
from compliance.requests.laws import zone_of
from compliance.requests.models import PrivacyRequest
from compliance.requests.progress import Clock
from compliance.requests.regimes import REGIMES, Regime

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
    #: "access", or "portability" for the narrower package of GDPR Art. 20.
    kind: Kind = Kind.ACCESS
    #: Where the person lives, as the request has it: decides the authority, and on which days the clock's days begin.
    country: str | None = None
    subdivision: str | None = None
    zone: str = "UTC"
    #: What an officer did not grant: {table: {"ground": key of a Ground, "until": day or ""}}.
    set_aside: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, request: PrivacyRequest, account_id: UUID, now: datetime) -> "Asked":
        """What this request asks for, answered now."""
        return cls(
            request.id,
            account_id,
            request.case,
            request.regime,
            request.received_at,
            request.due_on,
            request.language,
            now,
            Kind(request.kind),
            request.country,
            request.subdivision,
            request.zone,
            dict(request.set_aside),
        )

    @property
    def portable(self) -> bool:
        """Whether it is the package to take along: what was provided and observed, nothing else."""
        return self.kind is Kind.PORTABILITY

    @property
    def regime_of(self) -> Regime:
        """The law it is answered under."""
        return REGIMES[self.regime]

    @property
    def law(self) -> str:
        """The article that the right to it stands on; the law alone where we offer it of our own accord."""
        return self.regime_of.article(self.kind) or self.regime_of.name

    @property
    def clock(self) -> Clock:
        """The statutory clock as it stands now, in days as they fall where the person lives."""
        zone = zone_of(self.zone)
        return Clock(received_on(self.received_at, zone), self.due_on, received_on(self.now, zone))
