"""How far a request is: its clock in days, and its stages in the person's words."""

from dataclasses import dataclass
from datetime import date, datetime

from compliance.requests.clocks import ZONE, received_on
from compliance.requests.kinds import CLOSED, Kind, State
from compliance.requests.models import PrivacyRequest
from imgpilot.language import marked as _

#: From this many days before the deadline on it is due soon.
SOON = 5


@dataclass(frozen=True)
class Clock:
    """A statutory clock on one day. Days are calendar days; day 0 is the day of receipt."""

    start: date
    end: date
    today: date

    @property
    def total(self) -> int:
        """How many days the law gives."""
        return (self.end - self.start).days

    @property
    def done(self) -> int:
        """How many of them are gone."""
        return min(max((self.today - self.start).days, 0), self.total)

    @property
    def left(self) -> int:
        """Days left; negative when late."""
        return (self.end - self.today).days

    @property
    def over(self) -> int:
        """How many days late; 0 in time."""
        return max(-self.left, 0)

    @property
    def tone(self) -> str | None:
        """late, soon, or none."""
        return "late" if self.left < 0 else "soon" if self.left <= SOON else None


def clock(request: PrivacyRequest, now: datetime) -> Clock:
    """The request's clock. It stops when the request is closed."""
    stopped = request.closed_at or now
    return Clock(received_on(request.received_at, ZONE), request.due_on, received_on(stopped, ZONE))


#: The stages a person sees: what is happening, in order, by kind.
STAGES = {
    Kind.ACCESS: (_("Received"), _("Being checked"), _("Being put together"), _("Ready for you")),
    Kind.DELETION: (_("Received"), _("Being checked"), _("Being deleted"), _("Certificate to you")),
}
REACHED = {State.RECEIVED: 0, State.REVIEW: 1, State.RUNNING: 2, State.ANSWERED: 4}


def stages(request: PrivacyRequest) -> list[tuple[str | None, str]]:
    """(state, words) of each stage: ok is behind, go is now, none is to come."""
    at = REACHED.get(State(request.state), 0)
    return [
        ("ok" if n < at or (n == 0 and at) else "go" if n == at else None, words)
        for n, words in enumerate(STAGES[Kind(request.kind)])
    ]


def is_open(request: PrivacyRequest) -> bool:
    """Whether an answer is still owed."""
    return request.state not in CLOSED
