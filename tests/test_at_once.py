"""What two can do at the same moment, on two connections: one is first, the other is told, and nothing breaks."""

import io
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from PIL import Image as Pillow
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from compliance import agents, holds, restrictions
from compliance.agents import AgentRefused
from compliance.audit.models import Entry
from compliance.console import filters_saved
from compliance.console.queue_filters import Asked
from compliance.errors import MoveRefused
from compliance.managed import AuthorisedAgent
from compliance.requests.casework import SavedFilter
from compliance.standing import Hold, Restriction
from imgpilot.accounts import changes, links, portraits
from imgpilot.accounts.errors import TooManyLinks
from imgpilot.accounts.models import Account, EmailChange, SignInLink
from imgpilot.api import webhooks
from imgpilot.api.models import WebhookDelivery, WebhookEndpoint
from imgpilot.errors import NotYours, StorageError
from imgpilot.gallery import collecting, favourites, removal
from imgpilot.gallery.models import Collection, CollectionImage
from imgpilot.generation.models import Image
from imgpilot.parts import Parts
from imgpilot.purposes import STORAGE
from imgpilot.sharing import publishing, reports
from imgpilot.sharing.errors import Gone
from imgpilot.sharing.models import Share, ShareReport
from imgpilot.storage import key_for
from tests.conftest import Clock
from tests.together import Meanwhile
from tests.world import Somebody, person


@pytest.fixture
def ana(session: Session, parts: Parts) -> Somebody:
    """Who has a row in every table."""
    made = person(session, parts, "ana")
    session.expunge_all()
    return made


@pytest.fixture
def reported(session: Session, ana: Somebody) -> UUID:
    """The report about her page."""
    return session.scalars(select(ShareReport.id)).one()


def decide(parts: Parts, report_id: UUID) -> Callable[[Session], UUID | None]:
    """Take the page down that the report is about; whose it was."""
    return lambda other: reports.decide(parts, other, report_id, True, 1, parts.clock())[0]


def there(parts: Parts, key: str | None) -> bool:
    """Whether the store has this object."""
    assert key
    try:
        return bool(list(parts.storage.open(key)))
    except StorageError:
        return False


def test_a_page_that_is_taken_back_while_staff_decide_about_it_holds_nobody_up(
    session: Session, parts: Parts, ana: Somebody, reported: UUID
) -> None:
    # What taking back does first; were the report locked by now, each would wait for the other.
    page = session.scalars(select(Share).with_for_update()).one()
    staff = Meanwhile(parts, decide(parts, reported)).waits()
    publishing.end(parts, session, [page])
    session.commit()
    assert staff.done() is None
    assert session.scalar(select(ShareReport.decision)) == "left"


def test_of_two_who_decide_two_reports_about_one_page_the_second_finds_hers_decided(
    session: Session, parts: Parts, ana: Somebody, reported: UUID
) -> None:
    another = ShareReport(at=parts.clock(), share_id=ana.share.id, reason="me", details="", language="en")
    session.add(another)
    session.commit()
    assert decide(parts, reported)(session) == ana.account.id
    second = Meanwhile(parts, decide(parts, another.id)).waits()
    session.commit()
    with pytest.raises(reports.Decided):
        second.done()


def test_a_page_that_is_taken_back_while_it_is_reported_is_gone(session: Session, parts: Parts, ana: Somebody) -> None:
    def report(other: Session) -> None:
        reports.add(other, parts, ana.share.id, "192.0.2.1", "me", "", "", "en", parts.clock())

    publishing.take_back(parts, session, ana.account.id)
    stranger = Meanwhile(parts, report).waits()
    session.commit()
    with pytest.raises(Gone):
        stranger.done()


def test_a_page_that_is_taken_back_while_it_is_changed_is_gone(session: Session, parts: Parts, ana: Somebody) -> None:
    def change(other: Session) -> None:
        publishing.change(parts, other, ana.account.id, ana.image.id, True, True, parts.clock())

    publishing.take_back(parts, session, ana.account.id)
    tab = Meanwhile(parts, change).waits()
    session.commit()
    with pytest.raises(NotYours):
        tab.done()


def test_what_was_drawn_for_a_page_goes_when_taking_it_back_is_committed_and_not_before(
    session: Session, parts: Parts, ana: Somebody
) -> None:
    publishing.take_back(parts, session, ana.account.id)
    session.rollback()
    session.execute(update(Share).values(listed=True))
    session.commit()
    assert there(parts, ana.share.card_key), "the page is still public"
    publishing.take_back(parts, session, ana.account.id)
    session.commit()
    assert not there(parts, ana.share.card_key)


def test_a_collection_that_is_named_twice_at_once_is_made_once(session: Session, parts: Parts, ana: Somebody) -> None:
    def name(other: Session) -> UUID:
        return collecting.named(other, ana.account.id, "Harbours", parts.clock()).id

    made = name(session)
    tab = Meanwhile(parts, name).waits()
    session.commit()
    assert tab.done() == made


@pytest.mark.parametrize("act", ["put", "rename", "take out", "dissolve"])
def test_a_collection_that_is_deleted_meanwhile_is_not_there(
    session: Session, parts: Parts, ana: Somebody, act: str
) -> None:
    me, of = ana.account.id, session.scalars(select(Collection.id)).one()
    acts: dict[str, Callable[[Session], object]] = {
        "put": lambda other: collecting.put(other, me, of, [ana.image.id], parts.clock()),
        "rename": lambda other: collecting.rename(other, me, of, "Harbours"),
        "take out": lambda other: collecting.take_out(other, me, of, [ana.image.id]),
        "dissolve": lambda other: collecting.dissolve(other, me, of),
    }
    collecting.dissolve(session, me, of)
    tab = Meanwhile(parts, acts[act]).waits()
    session.commit()
    with pytest.raises(NotYours):
        tab.done()


def test_a_picture_that_goes_for_good_meanwhile_is_put_nowhere(session: Session, parts: Parts, ana: Somebody) -> None:
    of = session.scalars(select(Collection.id)).one()
    spare = Image(generation_id=ana.image.generation_id, position=7, state="finished", object_key="x")
    session.add(spare)
    session.commit()
    session.execute(delete(Image).where(Image.id == spare.id))
    tab = Meanwhile(parts, lambda other: collecting.put(other, ana.account.id, of, [spare.id], parts.clock())).waits()
    session.commit()
    assert tab.done() == 0
    assert session.scalar(select(func.count()).select_from(CollectionImage)) == 1


def test_pictures_are_changed_in_one_order(session: Session, parts: Parts, ana: Somebody) -> None:
    """Else of two who change the same pictures each would hold what the other waits for."""
    low, high = UUID(int=1), UUID(int=2)
    for position, id_ in ((8, high), (9, low)):  # the higher one lies first in the table
        order, key = ana.image.generation_id, f"{position}.png"
        session.add(Image(id=id_, generation_id=order, position=position, state="finished", object_key=key))
        session.commit()
    session.execute(select(Image.id).where(Image.id == low).with_for_update())
    tab = Meanwhile(
        parts, lambda other: favourites.mark(other, ana.account.id, [high, low], True, parts.clock())
    ).waits()
    session.execute(select(Image.id).where(Image.id == high).with_for_update(nowait=True))
    session.commit()
    assert tab.done() == 2


@pytest.mark.parametrize("act", ["collect", "mark", "remove", "take back"])
def test_whoever_erases_takes_the_account_first_and_so_does_everybody(
    session: Session, parts: Parts, ana: Somebody, act: str
) -> None:
    me, now, ids = ana.account.id, parts.clock(), [ana.image.id]
    of = session.scalars(select(Collection.id)).one()
    acts: dict[str, Callable[[Session], object]] = {
        "collect": lambda other: collecting.put(other, me, of, ids, now),
        "mark": lambda other: favourites.mark(other, me, ids, True, now),
        "remove": lambda other: removal.remove(parts, other, me, ids, now),
        "take back": lambda other: publishing.take_back(parts, other, me),
    }
    session.execute(select(Account.id).where(Account.id == me).with_for_update())
    tab = Meanwhile(parts, acts[act]).waits()
    for table in (CollectionImage, Collection, ShareReport, Share, Image):  # nothing of it is locked by now
        session.execute(select(table).with_for_update(nowait=True))
    session.commit()
    tab.done()


def test_of_two_changes_of_address_at_once_the_first_ends(session: Session, parts: Parts, ana: Somebody) -> None:
    """Both would work otherwise, and the second be carried out from a mailbox that is somebody else's by then."""

    def ask(other: Session) -> None:
        changes.ask(other, parts, other.get_one(Account, ana.account.id), "second@example.com", parts.clock())

    now, of = parts.clock(), ana.account.id
    session.execute(select(Account.id).where(Account.id == of).with_for_update(key_share=True))
    session.add(
        EmailChange(
            account_id=of,
            email="first@example.com",
            old_digest="1" * 64,
            new_digest="2" * 64,
            created_at=now,
            expires_at=now + timedelta(hours=1),
        )
    )
    session.flush()
    tab = Meanwhile(parts, ask).waits()
    session.commit()
    tab.done()
    left = select(EmailChange.email).where(EmailChange.ended_at.is_(None), EmailChange.expires_at > now)
    assert session.scalars(left).all() == ["second@example.com"]


def test_of_two_portraits_at_once_one_stays_and_the_other_is_removed(
    session: Session, parts: Parts, ana: Somebody
) -> None:
    first = key_for(ana.account.id, "profile", f"{uuid4()}.webp")
    parts.storage.put(first, [b"first"], "image/webp", subject=ana.account.id, purpose=STORAGE)
    shown = io.BytesIO()
    Pillow.new("RGB", (8, 8)).save(shown, "PNG")

    def put(other: Session) -> None:
        portraits.put(other, parts.storage, other.get_one(Account, ana.account.id), shown.getvalue())

    session.execute(update(Account).values(picture_key=first))
    tab = Meanwhile(parts, put).waits()
    session.commit()
    tab.done()
    assert not there(parts, first)
    assert there(parts, session.scalar(select(Account.picture_key)))


def test_links_that_are_on_their_way_count_against_filling_a_mailbox(
    session: Session, parts: Parts, clock: Clock
) -> None:
    now = clock()
    session.add_all(
        SignInLink(email="ana@example.com", digest=f"{n:064}", created_at=now, expires_at=now + links.LASTS)
        for n in range(links.AT_ONCE)
    )
    session.commit()
    with pytest.raises(TooManyLinks):
        links.ask(session, parts, "ana@example.com", "en", clock())


@pytest.fixture
def endpoint(session: Session, ana: Somebody) -> WebhookEndpoint:
    """Her program's address, which wants to hear of orders and has heard of none."""
    session.execute(delete(WebhookDelivery))
    made = session.scalars(select(WebhookEndpoint)).one()
    made.events = [webhooks.JOB_FINISHED]
    session.commit()
    return made


def remove(endpoint: WebhookEndpoint) -> Callable[[Session], None]:
    """Remove it."""
    return lambda other: webhooks.remove(other, other.get_one(WebhookEndpoint, endpoint.id))


def test_an_endpoint_is_removed_with_the_message_that_is_written_at_that_moment(
    session: Session, parts: Parts, ana: Somebody, endpoint: WebhookEndpoint
) -> None:
    assert webhooks.announce(session, ana.image.generation_id, parts.clock()) == 1
    program = Meanwhile(parts, remove(endpoint)).waits()
    session.commit()
    program.done()
    assert session.scalar(select(func.count()).select_from(WebhookDelivery)) == 0


def test_a_picture_ends_although_its_endpoint_is_removed_at_that_moment(
    session: Session, parts: Parts, ana: Somebody, endpoint: WebhookEndpoint
) -> None:
    remove(endpoint)(session)
    session.flush()
    order = ana.image.generation_id
    worker = Meanwhile(parts, lambda other: webhooks.announce(other, order, parts.clock())).waits()
    session.commit()
    assert worker.done() == 0


def test_when_the_last_two_holds_are_lifted_at_once_nothing_is_held(
    session: Session, parts: Parts, ana: Somebody
) -> None:
    of = ana.account.id
    first, last = (holds.place(parts, session, of, [], "1/26", "A claim is pending.", 1).id for _each in range(2))
    session.commit()
    holds.lift(parts, session, first, 1)
    colleague = Meanwhile(parts, lambda other: holds.lift(parts, other, last, 2)).waits()
    session.commit()
    colleague.done()
    assert session.scalar(select(Account.held_at)) is None
    assert session.scalar(select(func.count()).where(Hold.lifted_at.is_(None))) == 0


def test_a_restriction_that_is_ended_twice_at_once_ends_once(session: Session, parts: Parts, ana: Somebody) -> None:
    of, now = ana.account.id, parts.clock()
    session.add(Restriction(account_id=of, request_id=ana.request.id, ground="accuracy", since=now))
    session.commit()

    def end(other: Session) -> None:
        restrictions.lift_own(other, parts.settings, of, now)

    end(session)
    tab = Meanwhile(parts, end).waits()
    session.commit()
    tab.done()
    assert session.scalar(select(func.count()).where(Entry.action == "restriction lifted")) == 1


def test_a_name_for_a_filter_is_given_once(session: Session, parts: Parts) -> None:
    def save(other: Session) -> None:
        filters_saved.add(other, 1, "Mine", Asked(), shared=False)

    save(session)
    tab = Meanwhile(parts, save).waits()
    session.commit()
    with pytest.raises(MoveRefused):
        tab.done()


def test_columns_that_are_kept_twice_at_once_are_kept(session: Session, parts: Parts) -> None:
    def keep(other: Session) -> None:
        filters_saved.keep_columns(other, 1, ("case", "kind"))

    keep(session)
    tab = Meanwhile(parts, keep).waits()
    session.commit()
    tab.done()
    assert session.scalars(select(SavedFilter.name)).all() == [""]


def test_an_agent_is_added_once(session: Session, parts: Parts) -> None:
    def add(other: Session) -> None:
        agents.add(other, "Fair Data", "fair-data", None, 1, parts.clock())

    add(session)
    colleague = Meanwhile(parts, add).waits()
    session.commit()
    with pytest.raises(AgentRefused):
        colleague.done()
    assert session.scalar(select(func.count()).select_from(AuthorisedAgent)) == 1
