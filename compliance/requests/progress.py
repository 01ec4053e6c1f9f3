"""How far a request is: its clock in days, and its stages in the person's words."""

from dataclasses import dataclass
from datetime import date, datetime

from compliance.requests.clocks import received_on
from compliance.requests.kinds import CLOSED, Kind, State
from compliance.requests.laws import zone_of
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
    """The request's clock. It stops when the request is closed; the days on which it stands still do not count."""
    zone = zone_of(request.zone)
    today = received_on(request.closed_at or now, zone)
    if request.paused_on is not None:
        today = min(today, request.paused_on)
    return Clock(received_on(request.received_at, zone), request.due_on, today)


#: The stages a person sees: what is happening, in order, by kind. The second and third are where it waits.
_DONE = {
    Kind.ACCESS: (_("Being put together"), _("Ready for you")),
    Kind.PORTABILITY: (_("Being put together"), _("Ready for you")),
    Kind.DELETION: (_("Being deleted"), _("Certificate to you")),
    Kind.CORRECTION: (_("Being corrected everywhere"), _("Corrected")),
    Kind.RESTRICTION: (_("Being restricted"), _("Restricted")),
    Kind.OBJECTION: (_("Being stopped"), _("Stopped")),
    Kind.CONSENT_WITHDRAWAL: (_("Being withdrawn"), _("Withdrawn")),
    Kind.OPT_OUT: (_("Being written down"), _("Opted out")),
}
REACHED = {
    State.PROVING: 0,
    State.RECEIVED: 0,
    State.REVIEW: 1,
    State.SECOND: 1,
    State.APPEALED: 1,
    State.COOLING: 2,
    State.RUNNING: 2,
    State.ANSWERED: 4,
}


def stages(request: PrivacyRequest) -> list[tuple[str | None, str]]:
    """(state, words) of each stage: ok is behind, go is now, none is to come."""
    at = REACHED.get(State(request.state), 0)
    first = _("Prove that it is you") if request.state == State.PROVING else _("Received")
    third = _("You can still take it back") if request.state == State.COOLING else _DONE[Kind(request.kind)][0]
    return [
        ("ok" if n < at or (n == 0 and at) else "go" if n == at else None, words)
        for n, words in enumerate((first, _("Being checked"), third, _DONE[Kind(request.kind)][1]))
    ]


def is_open(request: PrivacyRequest) -> bool:
    """Whether an answer is still owed."""
    return request.state not in CLOSED
