"""Legal holds (policy P13): what is held neither goes nor expires; the rest goes; and the held goes when it may."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from compliance import holds, plans
from compliance.errors import MoveRefused
from compliance.export import proof
from compliance.reach import Person
from compliance.requests import decisions
from compliance.requests.kinds import Channel, Kind
from compliance.requests.models import PrivacyRequest, Step
from compliance.standing import Hold, Tombstone
from imgpilot.accounts.errors import AccountFrozen
from imgpilot.accounts.models import Account, SignInLink
from imgpilot.generation import expiry
from imgpilot.generation.models import Generation, Image, Reference
from imgpilot.parts import Parts
from tests.conftest import Clock
from tests.requests.conftest import step, work_off
from tests.requests.ending import His, is_erased
from tests.rights.conftest import OFFICER, Ask, account_of, approve, look
from tests.world import Somebody

REASON = "Proceedings 3 O 12/26 before the regional court"


def placed(session: Session, parts: Parts, ana: Somebody, *records: str) -> UUID:
    session.rollback()
    hold = holds.place(parts, session, ana.account.id, list(records), "3 O 12/26", REASON, 1)
    session.commit()
    return hold.id


def lifted(session: Session, parts: Parts, hold_id: UUID) -> None:
    session.rollback()
    holds.lift(parts, session, hold_id, 1)
    session.commit()
    work_off(parts)


def follow_ups(session: Session) -> list[PrivacyRequest]:
    session.rollback()
    wanted = select(PrivacyRequest).where(PrivacyRequest.channel == Channel.FOLLOW_UP)
    return list(session.scalars(wanted, execution_options={"populate_existing": True}))


def test_p13_a_deletion_keeps_what_is_held_and_the_rows_above_and_erases_the_rest(
    session: Session, parts: Parts, ana: Somebody, ask: Ask, his: Callable[[], His]
) -> None:
    before = his()
    placed(session, parts, ana, "image")
    request_id = ask(Kind.DELETION)
    plan = decisions.newest_plan(session, request_id)
    assert plan
    lines = {line["table"]: line for line in plan.body["tables"]}
    assert {name for name, line in lines.items() if line["becomes"] == "keep"} == {
        *("account", "generation", "image", "legal_hold")
    }
    assert "authority or a court" in lines["image"]["ground"]
    request = approve(session, parts, request_id)
    assert (request.state, request.outcome) == ("answered", "partial")
    assert session.scalar(select(Image.sha256).where(Image.id == ana.image.id)) == "ANA-sha"
    prompt = session.scalar(select(Generation.prompt).where(Generation.account_id == ana.account.id))
    assert prompt == "ANA walks along the shore"
    stays = [ana.image.object_key, ana.image.thumbnail_key]
    assert sorted(parts.storage.keys(f"{ana.account.id}/")) == sorted(stays)
    for gone in (Reference, SignInLink):
        assert session.scalar(select(func.count()).select_from(gone)) == 1, "Bob's"
    evidence = step(session, request_id, "erase rows").evidence
    assert evidence["kept"] == {"account": 1, "generation": 1, "image": 1, "legal_hold": 2}
    assert step(session, request_id, "close").evidence["found"] == 0
    assert his() == before


def test_an_account_that_stays_for_what_is_below_it_loses_name_portrait_and_settings(
    session: Session, parts: Parts, ana: Somebody, ask: Ask
) -> None:
    row = session.get_one(Account, ana.account.id)
    row.name, row.theme, row.timezone = "ANA Ito", "dark", "Asia/Tokyo"
    row.language, row.old_enough_in = "zh_Hans", "JP"
    session.commit()
    placed(session, parts, ana, "image")
    request_id = ask(Kind.DELETION)
    plan = decisions.newest_plan(session, request_id)
    assert plan
    (line,) = [line for line in plan.body["tables"] if line["table"] == "account"]
    assert (line["becomes"], line["ground"], line["strips"]) == ("keep", plans.BARE, 1)
    approve(session, parts, request_id)
    left = session.get_one(Account, ana.account.id, populate_existing=True)
    assert (left.name, left.picture_key, left.theme, left.timezone, left.old_enough_in) == (
        *(None, None, "system", "", None),
    )
    assert (left.email, left.language) == ("ana@example.com", "zh_Hans"), "to say whose it is, and to write to her"
    again = plans.draw(session, Kind.DELETION, Person(ana.account.id, request_id))
    assert sum(plans.strips(line) for line in again["tables"]) == 0


def test_an_account_that_a_hold_names_itself_is_kept_as_it_is(
    session: Session, parts: Parts, ana: Somebody, ask: Ask
) -> None:
    session.get_one(Account, ana.account.id).name = "ANA Ito"
    session.commit()
    placed(session, parts, ana, "account")
    request = approve(session, parts, ask(Kind.DELETION))
    left = session.get_one(Account, ana.account.id, populate_existing=True)
    assert (request.outcome, left.name, left.picture_key) == ("partial", "ANA Ito", ana.account.picture_key)


def test_p13_the_certificate_states_what_is_kept_and_on_which_ground(
    session: Session, parts: Parts, ana: Somebody, ask: Ask
) -> None:
    placed(session, parts, ana, "image")
    request = approve(session, parts, ask(Kind.DELETION))
    plan = decisions.newest_plan(session, request.id)
    assert plan
    done = session.scalars(select(Step).where(Step.request_id == request.id, Step.state == "done"))
    stated = proof.facts(request, plan, {one.name: {"at": one.done_at, **one.evidence} for one in done}, parts.clock())
    kept = {line["table"]: line["ground"] for line in stated["kept"]}
    assert kept.keys() == {"account", "generation", "image", "legal_hold"}
    assert "authority or a court" in kept["image"]
    assert "hangs on it" in kept["generation"]
    assert "Name, portrait and settings are not kept" in kept["account"]
    assert not kept.keys() & {line["table"] for line in stated["went"]}
    assert "ana@example.com" not in repr(stated)


def test_p13_a_hold_on_everything_keeps_everything_that_can_be_held(
    session: Session, parts: Parts, ana: Somebody, ask: Ask
) -> None:
    placed(session, parts, ana)
    request = approve(session, parts, ask(Kind.DELETION))
    assert request.outcome == "partial"
    assert step(session, request.id, "erase rows").evidence["deleted"] == {}
    assert session.get(Image, ana.image.id)


def test_p13_a_hold_that_comes_after_approval_sends_the_deletion_back_to_the_officer(
    session: Session, parts: Parts, clock: Clock, ana: Somebody, ask: Ask
) -> None:
    request_id = ask(Kind.DELETION, cooling=True)
    until = approve(session, parts, request_id).cool_until
    assert until
    placed(session, parts, ana, "image")
    clock.now = until
    work_off(parts)
    assert look(session, request_id).state == "review", "nothing was erased that is held now"
    assert session.get(Image, ana.image.id)
    assert approve(session, parts, request_id).outcome == "partial"
    assert session.get(Image, ana.image.id)


def test_p13_held_rows_do_not_expire_and_do_when_the_last_hold_is_lifted(
    session: Session, parts: Parts, clock: Clock, ana: Somebody
) -> None:
    first, second = placed(session, parts, ana, "reference"), placed(session, parts, ana, "image")
    clock.tick(days=31)
    assert expiry.expire(parts, clock()) == 0
    lifted(session, parts, first)
    assert expiry.expire(parts, clock()) == 0, "the second still stands"
    lifted(session, parts, second)
    assert expiry.expire(parts, clock()) == 1
    assert follow_ups(session) == [], "no deletion was carried out in part"


def test_p13_when_the_last_hold_is_lifted_the_rest_of_the_deletion_is_asked_for_and_goes(
    session: Session, parts: Parts, clock: Clock, ana: Somebody, ask: Ask, his: Callable[[], His]
) -> None:
    before = his()
    first_hold, last_hold = placed(session, parts, ana, "image"), placed(session, parts, ana, "generation")
    first = approve(session, parts, ask(Kind.DELETION, country="DE", zone="Europe/Berlin"))
    assert first.outcome == "partial"
    clock.tick(days=200)
    lifted(session, parts, first_hold)
    [rest] = follow_ups(session)
    assert (rest.state, rest.proof, rest.regime, rest.country) == ("review", "signed-in", "gdpr", "DE")
    plan = decisions.newest_plan(session, rest.id)
    assert plan
    assert {line["table"] for line in plan.body["tables"] if line["becomes"] == "delete"} == {
        *("image", "request_package")  # and the first certificate, which she was sent
    }

    lifted(session, parts, last_hold)
    assert [one.id for one in follow_ups(session)] == [rest.id], "the one that is open goes on"
    assert account_of(session, ana).frozen_at, "it stays closed meanwhile"
    with pytest.raises(AccountFrozen):
        _comes_in(session, parts)
    decisions.count(session, rest, clock())
    session.commit()
    assert approve(session, parts, rest.id).outcome == "granted"
    is_gone(session, parts, ana)
    assert session.scalar(select(func.count()).select_from(Tombstone)) == 1
    assert session.scalars(select(Hold.account_id).where(Hold.lifted_at.is_not(None))).all().count(ana.account.id) == 0
    assert his() == before


def _comes_in(session: Session, parts: Parts) -> None:
    from imgpilot.accounts import links

    link = links.ask(session, parts, "ana@example.com", "en", parts.clock())
    token = "t" * 43
    link.digest = links._digest(parts.settings, token)
    session.commit()
    links.consume(session, parts.settings, token, parts.clock())


def is_gone(session: Session, parts: Parts, ana: Somebody) -> None:
    session.rollback()
    assert session.get(Account, ana.account.id, populate_existing=True) is None
    assert session.get(Image, ana.image.id, populate_existing=True) is None
    assert list(parts.storage.keys(f"{ana.account.id}/")) == []


def test_p13_what_was_set_aside_on_a_ground_of_its_own_stays_aside_until_its_day(
    session: Session, parts: Parts, clock: Clock, ana: Somebody, ask: Ask
) -> None:
    hold = placed(session, parts, ana, "image")
    request_id = ask(Kind.DELETION)
    aside = {"credit_entry": {"ground": "claims", "until": "2027-03-31"}}
    decisions.set_aside(session, request_id, aside, OFFICER, clock())
    session.commit()
    approve(session, parts, request_id)
    clock.tick(days=30)
    lifted(session, parts, hold)
    [rest] = follow_ups(session)
    assert rest.set_aside == aside
    assert approve(session, parts, rest.id).outcome == "partial"
    assert session.get(Image, ana.image.id, populate_existing=True) is None
    assert session.get(Account, ana.account.id, populate_existing=True), "her credits hang on it"


def test_p13_a_hold_needs_a_reference_a_reason_and_records_that_can_be_held(
    session: Session, parts: Parts, ana: Somebody
) -> None:
    for records, reference, reason, said in (
        ([], "", REASON, "reference"),
        ([], "3 O 12/26", "because", "say why"),
        (["audit_entry"], "3 O 12/26", REASON, "cannot be held"),
    ):
        with pytest.raises(MoveRefused, match=said):
            holds.place(parts, session, ana.account.id, records, reference, reason, 1)


def test_p13_a_hold_is_lifted_once(session: Session, parts: Parts, ana: Somebody) -> None:
    hold = placed(session, parts, ana, "image")
    lifted(session, parts, hold)
    with pytest.raises(MoveRefused, match="does not stand"):
        lifted(session, parts, hold)


def test_p13_a_deletion_without_a_hold_is_whole(
    session: Session, parts: Parts, clock: Clock, ana: Somebody, ask: Ask
) -> None:
    lifted(session, parts, placed(session, parts, ana, "image"))
    clock.tick(seconds=1)
    request = approve(session, parts, ask(Kind.DELETION))
    assert request.outcome == "granted"
    is_erased(session, parts, request.id, ana)
