"""A link proves the address it was mailed to, for one request, once, for seven days. Nothing else proves anything."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from compliance.errors import StepFailed
from compliance.identity import links, proofs
from compliance.identity.links import LinkDead
from compliance.requests import decisions
from compliance.requests.casework import IdentityCheck
from compliance.requests.kinds import Kind, State
from compliance.requests.models import PrivacyRequest
from imgpilot.parts import Parts
from tests.conftest import Clock
from tests.identity.conftest import OFFICER, STRANGER, Sent, link, look
from tests.world import Somebody


def test_the_link_itself_is_nowhere_in_the_database(session: Session, parts: Parts, sent: Sent) -> None:
    request = sent("ana@example.com")
    token = link(parts, request)
    check = session.scalars(select(IdentityCheck).where(IdentityCheck.request_id == request.id)).one()
    assert (check.method, check.expires_at) == ("address", parts.clock() + timedelta(days=7))
    assert check.digest and check.digest not in token and token not in check.digest
    assert len(token) >= 43


def test_looking_changes_nothing(session: Session, parts: Parts, sent: Sent) -> None:
    request = sent("ana@example.com")
    token = link(parts, request)
    for _time in range(3):
        found = links.look(session, parts.settings, token, parts.clock())
        assert (found.request.id, found.address) == (request.id, "ana@example.com")
    assert look(session, request).state == State.PROVING


def test_a_new_link_ends_the_older_one_and_only_its_own_kind(
    session: Session, parts: Parts, sent: Sent, ana: Somebody
) -> None:
    request = sent("ana@example.com", Kind.CORRECTION, about="email", proposed="ana@example.net")
    first, new = link(parts, request), link(parts, request, links.NEW_ADDRESS)
    second = link(parts, request)
    with pytest.raises(LinkDead):
        links.look(session, parts.settings, first, parts.clock())
    assert links.look(session, parts.settings, second, parts.clock()).address == "ana@example.com"
    assert links.look(session, parts.settings, new, parts.clock()).address == "ana@example.net"


@pytest.mark.parametrize("forged", ["", "x", "a" * 43, "a" * 75, "\0", "%00", "ä" * 75])
def test_a_forged_token_opens_nothing(session: Session, parts: Parts, sent: Sent, forged: str) -> None:
    link(parts, sent("ana@example.com"))
    with pytest.raises(LinkDead):
        links.look(session, parts.settings, forged, parts.clock())


def test_a_token_with_one_letter_changed_opens_nothing(session: Session, parts: Parts, sent: Sent) -> None:
    token = link(parts, sent("ana@example.com"))
    for place in range(len(token)):
        other = "b" if token[place] != "b" else "c"
        with pytest.raises(LinkDead):
            links.look(session, parts.settings, token[:place] + other + token[place + 1 :], parts.clock())


def test_a_link_is_over_after_seven_days_to_the_second(
    session: Session, parts: Parts, sent: Sent, clock: Clock
) -> None:
    token = link(parts, sent("ana@example.com"))
    clock.tick(days=7, seconds=-1)
    assert links.look(session, parts.settings, token, clock())
    clock.tick(seconds=1)
    with pytest.raises(LinkDead):
        proofs.answer_yes(session, parts.settings, token, clock())


@pytest.mark.parametrize("first", [proofs.answer_yes, proofs.answer_no])
@pytest.mark.parametrize("then", [proofs.answer_yes, proofs.answer_no])
def test_a_link_is_used_once(
    session: Session, parts: Parts, sent: Sent, ana: Somebody, first: object, then: object
) -> None:
    token = link(parts, sent("ana@example.com"))
    first(session, parts.settings, token, parts.clock())  # type: ignore[operator]
    session.commit()
    with pytest.raises(LinkDead):
        then(session, parts.settings, token, parts.clock())  # type: ignore[operator]


def test_the_link_of_one_request_does_nothing_for_another(
    session: Session, parts: Parts, sent: Sent, ana: Somebody, bob: Somebody
) -> None:
    his, hers = sent("bob@example.com"), sent("ana@example.com")
    token = link(parts, his)
    link(parts, hers)
    proofs.answer_yes(session, parts.settings, token, parts.clock())
    session.commit()
    assert (look(session, his).state, look(session, his).account_id) == (State.RECEIVED, bob.account.id)
    assert (look(session, hers).state, look(session, hers).account_id) == (State.PROVING, None)


def test_a_link_is_dead_when_the_request_has_another_address_since(
    session: Session, parts: Parts, sent: Sent, ana: Somebody
) -> None:
    request = sent(STRANGER)
    token = link(parts, request)
    session.execute(update(PrivacyRequest).where(PrivacyRequest.id == request.id).values(contact="ana@example.com"))
    session.commit()
    with pytest.raises(LinkDead):
        proofs.answer_yes(session, parts.settings, token, parts.clock())
    assert look(session, request).account_id is None


def test_a_link_that_went_to_an_address_read_too_early_proves_nothing(
    session: Session, parts: Parts, sent: Sent
) -> None:
    request = sent("ana@example.com")
    url = links.make(parts, request.id, links.ADDRESS, parts.clock(), to=STRANGER)
    with pytest.raises(LinkDead):
        links.look(session, parts.settings, url.rpartition("/")[2], parts.clock())


def test_a_link_is_dead_when_its_request_was_refused(session: Session, parts: Parts, sent: Sent) -> None:
    request = sent("ana@example.com")
    token = link(parts, request)
    decisions.refuse(session, request.id, "", OFFICER, parts.clock(), "not-proved")
    session.commit()
    with pytest.raises(LinkDead):
        links.look(session, parts.settings, token, parts.clock())
    with pytest.raises(StepFailed):
        link(parts, request)
