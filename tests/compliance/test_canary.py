"""Ana is erased: no mark of hers is anywhere, and Bob's data is the same to the byte."""

from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from compliance import erasure, inventory, plans, reach, rescan
from compliance.errors import PlanChanged
from compliance.reach import Person
from compliance.requests.kinds import Kind
from compliance.requests.models import PrivacyRequest, Removal
from imgpilot.accounts import links
from imgpilot.accounts.models import Acknowledgement, SignInLink
from imgpilot.generation.models import Generation
from imgpilot.parts import Parts
from tests.world import Somebody, person, stands_in


def everything(session: Session) -> dict[str, list[str]]:
    """Every row of every table, as text."""
    return {
        table.name: sorted(repr(tuple(row)) for row in session.execute(select(table))) for table in inventory.tables()
    }


def objects(parts: Parts) -> dict[str, bytes]:
    """Every object."""
    return {key: b"".join(parts.storage.open(key)) for key in parts.storage.keys("")}


@pytest.fixture
def ana(session: Session, parts: Parts) -> Somebody:
    return person(session, parts, "ana")


@pytest.fixture
def bob(session: Session, parts: Parts) -> Somebody:
    return person(session, parts, "bob")


@pytest.fixture
def asked(session: Session, ana: Somebody, parts: Parts) -> PrivacyRequest:
    """The deletion request that the erasure is carried out for."""
    request = PrivacyRequest(
        account_id=ana.account.id,
        contact=None,
        subject="0" * 32,
        language="en",
        kind=Kind.DELETION,
        regime="gdpr",
        state="running",
        proof="signed-in",
        received_at=parts.clock(),
        due_on=date(2026, 12, 23),
    )
    session.add(request)
    session.commit()
    return request


def hers(asked: PrivacyRequest) -> Person:
    assert asked.account_id
    return Person(asked.account_id, except_request=asked.id)


def test_ana_and_bob_have_a_row_in_every_table_that_can_hold_a_persons_data(
    session: Session, ana: Somebody, bob: Somebody
) -> None:
    for somebody in (ana, bob):
        for table in reach.held():
            condition = reach.hers(table, Person(somebody.account.id))
            assert condition is not None
            assert session.execute(select(table).where(condition)).first(), f"{table.name} has no row in world.py"


def test_access_shows_every_mark_of_hers_and_none_of_his(session: Session, ana: Somebody, bob: Somebody) -> None:
    seen = repr(
        [tuple(row) for table in reach.held() for row in session.execute(reach.her_rows(table, Person(ana.account.id)))]
    )
    assert "ANA walks along the shore" in seen
    assert "ana@example.com" in seen
    assert not stands_in("BOB", seen)
    assert "bob@example.com" not in seen


def test_access_holds_back_secrets_and_says_why(session: Session, ana: Somebody) -> None:
    for table in reach.held():
        for name, reason in inventory.withheld(table).items():
            assert name not in {c.name for c in inventory.shown(table)}
            assert len(reason) > 20


def test_erasing_ana_leaves_no_mark_of_hers_and_every_byte_of_bob(
    session: Session, parts: Parts, ana: Somebody, bob: Somebody, asked: PrivacyRequest
) -> None:
    before_bob = {k: v for k, v in objects(parts).items() if b"BOB" in v}
    rows_before = everything(session)
    plan = plans.draw(session, Kind.DELETION, hers(asked))

    erasure.erase(session, hers(asked), plan)
    session.commit()
    parts.storage.remove([r.object_key for r in session.scalars(select(Removal)) if not r.object_key.endswith("/")])

    after = everything(session)
    noted = after.pop("removal")
    left = {name: [row for row in rows if stands_in("ana", row.lower())] for name, rows in after.items()}
    assert {name: rows for name, rows in left.items() if rows} == {}
    assert any(str(ana.account.id) in line for line in noted)
    for name, rows in rows_before.items():
        his = [row for row in rows if "bob" in row.lower() or str(bob.account.id) in row]
        assert set(his) <= {*after.get(name, []), *noted}, name
    assert objects(parts) == before_bob


def test_rows_that_stay_lose_the_person_and_keep_their_facts(
    session: Session, ana: Somebody, asked: PrivacyRequest
) -> None:
    erasure.erase(session, hers(asked), plans.draw(session, Kind.DELETION, hers(asked)))
    row = session.execute(text("SELECT account_id, processor, purpose, status FROM disclosure")).one()
    assert row == (None, "mail", "sign-in", 250)
    old = session.get_one(PrivacyRequest, ana.request.id, populate_existing=True)
    assert (old.account_id, old.contact, old.refusal, old.kind) == (None, None, None, "access")


def test_the_plan_counts_exactly_what_the_erasure_does(session: Session, ana: Somebody, asked: PrivacyRequest) -> None:
    body = plans.draw(session, Kind.DELETION, hers(asked))
    done = erasure.erase(session, hers(asked), body)
    assert sum(done.deleted.values()) == body["goes"]
    assert sum(done.scrubbed.values()) == body["stays"]
    assert done.objects == body["objects"]


def test_the_request_under_way_is_not_part_of_its_own_plan_and_survives(
    session: Session, ana: Somebody, asked: PrivacyRequest
) -> None:
    requests = [t for t in plans.draw(session, Kind.DELETION, hers(asked))["tables"] if t["table"] == "privacy_request"]
    assert requests[0]["rows"] == 1  # the older one
    erasure.erase(session, hers(asked), plans.draw(session, Kind.DELETION, hers(asked)))
    assert session.get_one(PrivacyRequest, asked.id, populate_existing=True).account_id is None


def test_a_plan_that_changed_after_approval_erases_nothing(
    session: Session, parts: Parts, ana: Somebody, asked: PrivacyRequest
) -> None:
    plan = plans.draw(session, Kind.DELETION, hers(asked))
    now = parts.clock()
    session.add(Acknowledgement(account_id=ana.account.id, what="new", policy_version="1", at=now))
    session.commit()
    before = everything(session)
    with pytest.raises(PlanChanged, match="Check the new plan"):
        erasure.erase(session, hers(asked), plan)
    session.rollback()
    assert everything(session) == before


def test_links_that_somebody_asks_for_after_approval_do_not_keep_the_erasure_from_happening(
    session: Session, parts: Parts, ana: Somebody, asked: PrivacyRequest
) -> None:
    plan = plans.draw(session, Kind.DELETION, hers(asked))
    links.ask(session, parts, ana.account.email, "en", parts.clock())
    session.commit()
    done = erasure.erase(session, hers(asked), plan)
    assert done.deleted["sign_in_link"] == 2
    assert done.scrubbed["disclosure"] == 2


def test_links_that_are_tidied_away_after_approval_do_not_keep_the_erasure_from_happening(
    session: Session, parts: Parts, ana: Somebody, asked: PrivacyRequest
) -> None:
    plan = plans.draw(session, Kind.DELETION, hers(asked))
    session.execute(delete(SignInLink).where(SignInLink.email == ana.account.email))
    session.commit()
    assert "sign_in_link" not in erasure.erase(session, hers(asked), plan).deleted


def test_the_erasure_notes_who_had_received_something_and_files_by_table(
    session: Session, parts: Parts, ana: Somebody, asked: PrivacyRequest
) -> None:
    plan = plans.draw(session, Kind.DELETION, hers(asked))
    links.ask(session, parts, ana.account.email, "en", parts.clock())
    session.commit()
    done = erasure.erase(session, hers(asked), plan)
    times = {key: said["times"] for key, said in done.recipients.items()}
    assert times == {"mail": 2}, "as it is when it is erased, not when it was planned"
    assert done.files == {
        **{"account": 1, "image": 2, "reference": 1, "share": 1},
        **{"request_attachment": 1, "request_package": 1},
    }


def test_the_second_look_tells_hers_from_what_others_wrote(
    session: Session, parts: Parts, ana: Somebody, bob: Somebody
) -> None:
    bob_wrote = update(Generation).where(Generation.account_id == bob.account.id)
    session.execute(bob_wrote.values(prompt="Write to ANA@example.com", model=str(ana.account.id)))
    disowned = update(PrivacyRequest).where(PrivacyRequest.id == bob.request.id)
    session.execute(disowned.values(account_id=None, refusal="ana@example.com"))
    found = rescan.scan(session, parts.storage, ana.account.id, ana.account.email)
    assert found.elsewhere == {"generation.prompt": 1}
    assert found.left["generation.model"] == 1, "her id is nobody else's to write"
    assert found.left["privacy_request.refusal"] == 1, "nobody owns this row"
    assert "generation.prompt" not in found.left
    assert found.returned == {}


def test_a_picture_that_came_after_approval_goes_back_to_the_officer(
    session: Session, parts: Parts, ana: Somebody, asked: PrivacyRequest
) -> None:
    plan = plans.draw(session, Kind.DELETION, hers(asked))
    session.add(Acknowledgement(account_id=ana.account.id, what="new", policy_version="2", at=parts.clock()))
    session.commit()
    with pytest.raises(PlanChanged):
        erasure.erase(session, hers(asked), plan)


def test_the_second_look_finds_what_an_erasure_forgot(session: Session, parts: Parts, ana: Somebody) -> None:
    beats: list[None] = []
    found = rescan.scan(session, parts.storage, ana.account.id, ana.account.email, lambda: beats.append(None))
    assert found.left["account.email"] == 1
    assert found.left["image.object_key"] == 1
    assert found.objects == 6
    assert len(beats) == found.tables > 25, "the lease is renewed at every table"


def test_the_second_look_finds_nothing_of_a_stranger(session: Session, parts: Parts, ana: Somebody) -> None:
    found = rescan.scan(session, parts.storage, UUID(int=0), "zoe%@example.com")
    assert found.left == {}
    assert found.objects == 0
