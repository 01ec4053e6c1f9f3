"""Every right of policy P16: it can be asked for, by whoever is signed in, and it is answered in time."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.requests.kinds import AT_ONCE, Kind
from compliance.requests.models import Happening
from compliance.requests.opening import ABOUT
from imgpilot.parts import Parts
from imgpilot.sandbox.server import Sandbox
from tests.conftest import Clock
from tests.requests.ending import His
from tests.rights.conftest import ADDRESS, Ask, approve, letters_to, look, new_address_proved
from tests.world import Somebody

#: Everything that can be asked for, with what it can be about; and the letter that is its answer.
RIGHTS = [(kind, about) for kind in Kind for about in ABOUT.get(kind, ("",))]
ANSWER = {
    Kind.ACCESS: "ready",
    Kind.PORTABILITY: "portable",
    Kind.DELETION: "erased",
    Kind.CORRECTION: "corrected",
    Kind.RESTRICTION: "restricted",
    Kind.OBJECTION: "stopped",
    Kind.CONSENT_WITHDRAWAL: "consent withdrawn",
    Kind.OPT_OUT: "opted out",
}
GIVEN = {"email": {"proposed": "ana.new@example.org"}, "other": {"details": "That picture was for my mother."}}


def test_every_kind_of_request_has_an_answer_of_its_own() -> None:
    assert ANSWER.keys() == set(Kind)
    assert len(set(ANSWER.values())) == len(Kind), "none is another one under a new name"


@pytest.mark.parametrize(("kind", "about"), RIGHTS)
@pytest.mark.parametrize("regime", ["gdpr", "ccpa"])
def test_p16_every_right_can_be_asked_for_and_is_answered_with_its_own_answer_and_in_time(
    session: Session,
    parts: Parts,
    clock: Clock,
    sandbox: Sandbox,
    ana: Somebody,
    ask: Ask,
    his: Callable[[], His],
    kind: Kind,
    about: str,
    regime: str,
) -> None:
    before = his()
    request_id = ask(kind, about, regime=regime, **GIVEN.get(about, {}))
    request = look(session, request_id)
    if kind in AT_ONCE:
        assert request.state == "answered", "nobody decides what the law leaves nobody to decide"
    else:
        assert request.state == "review"
        new_address_proved(session, parts, request_id)
        clock.tick(days=3)
        request = approve(session, parts, request_id)
    assert (request.state, request.outcome) == ("answered", "granted")
    assert request.answered_at
    assert request.answered_at.date() <= request.due_on
    assert letters_to(session, request_id)[0] == "acknowledgement"
    assert ANSWER[kind] in letters_to(session, request_id)
    happened = session.scalars(select(Happening.what).where(Happening.request_id == request_id)).all()
    assert ("approved" in happened) is (kind not in AT_ONCE)
    assert sandbox.mail.to(ADDRESS)
    assert timedelta(0) <= request.answered_at - request.received_at
    assert his() == before, "nothing of Bob's changed"
