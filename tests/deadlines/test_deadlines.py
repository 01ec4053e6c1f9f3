"""Staff are warned before a deadline is missed, louder the nearer it is; each morning they are told what waits."""

from datetime import UTC, datetime, timedelta

import pytest
from flask_appbuilder.security.sqla.models import Role, User
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from compliance import deadlines
from compliance.audit.models import Entry
from compliance.requests import clock_moves, decisions, moves
from compliance.requests.casework import Alert, Comment, CommentMention
from compliance.requests.kinds import Kind, State
from compliance.requests.models import PrivacyRequest
from compliance.requests.moves import Actor, Who
from compliance.requests.opening import open_request
from imgpilot.accounts.models import Account
from imgpilot.mail import Mailer, MailNotSent
from imgpilot.parts import Parts
from imgpilot.sandbox.server import Sandbox
from tests.conftest import Clock

MEI, NOOR, ALI = "mei@imgpilot.example", "noor@imgpilot.example", "ali@imgpilot.example"


@pytest.fixture
def staff(session: Session) -> dict[str, int]:
    """Mei and Noor decide, Ali prepares; by number."""
    roles = {name: Role(name=name) for name in ("Privacy Officer", "Privacy Agent")}
    session.add_all(roles.values())
    users = {}
    for address, role in ((MEI, "Privacy Officer"), (NOOR, "Privacy Officer"), (ALI, "Privacy Agent")):
        name = address.partition("@")[0]
        users[address] = User(
            first_name=name, last_name="T", username=address, email=address, active=True, password="x"
        )
        users[address].roles = [roles[role]]
    session.add_all(users.values())
    session.commit()
    return {address: user.id for address, user in users.items()}


@pytest.fixture
def case(session: Session, parts: Parts, staff: dict[str, int]) -> PrivacyRequest:
    """A request of Ana's that is due on 23 December and given to Ali."""
    account = Account(email="ana@example.com", created_at=parts.clock())
    session.add(account)
    session.flush()
    made = open_request(session, parts.settings, account, Kind.ACCESS, "gdpr", parts.clock())
    made.assigned_to = staff[ALI]
    session.commit()
    return made


def mails(sandbox: Sandbox) -> dict[str, list[str]]:
    """The subjects that each member of staff got, the newest first."""
    return {who: [mail.subject for mail in sandbox.mail.to(who)] for who in (MEI, NOOR, ALI)}


def test_nobody_is_warned_while_there_is_time(parts: Parts, sandbox: Sandbox, case: PrivacyRequest) -> None:
    assert deadlines.watch(parts) == 0
    assert mails(sandbox) == {MEI: [], NOOR: [], ALI: []}


def test_p17_a_week_before_it_is_due_whoever_has_the_case_is_warned_once(
    parts: Parts, clock: Clock, sandbox: Sandbox, case: PrivacyRequest
) -> None:
    clock.now = datetime(2026, 12, 16, 8, tzinfo=UTC)
    assert deadlines.watch(parts) == 1
    assert deadlines.watch(parts) == 0, "once"
    assert mails(sandbox) == {MEI: [], NOOR: [], ALI: ["1 deadline is near"]}
    [mail] = sandbox.mail.to(ALI)
    assert "IP-2026-0001 (copy) is due on 23 December 2026." in mail.text
    assert "ana@" not in mail.text


def test_p17_a_day_before_and_when_it_is_late_every_officer_hears_of_it(
    session: Session, parts: Parts, clock: Clock, sandbox: Sandbox, case: PrivacyRequest
) -> None:
    clock.now = datetime(2026, 12, 22, 8, tzinfo=UTC)
    deadlines.watch(parts)
    assert all(len(got) == 1 for got in mails(sandbox).values())
    clock.now = datetime(2026, 12, 24, 8, tzinfo=UTC)
    deadlines.watch(parts)
    assert all(got[0] == "1 privacy request is late" for got in mails(sandbox).values())
    assert session.scalars(select(Alert.level).order_by(Alert.at)).all() == ["tomorrow", "late"]
    logged = session.scalars(select(Entry).where(Entry.action == "request warned").order_by(Entry.seq)).all()
    assert [entry.facts["level"] for entry in logged] == ["tomorrow", "late"]


def test_a_case_that_is_nobodys_warns_every_officer(
    session: Session, parts: Parts, clock: Clock, sandbox: Sandbox, case: PrivacyRequest
) -> None:
    session.execute(update(PrivacyRequest).values(assigned_to=None))
    session.commit()
    clock.now = datetime(2026, 12, 17, 8, tzinfo=UTC)
    deadlines.watch(parts)
    assert {who for who, got in mails(sandbox).items() if got} == {MEI, NOOR}


def test_a_clock_that_stands_still_warns_nobody_and_a_new_deadline_warns_again(
    session: Session, parts: Parts, clock: Clock, sandbox: Sandbox, case: PrivacyRequest
) -> None:
    clock.now = datetime(2026, 12, 17, 8, tzinfo=UTC)
    deadlines.watch(parts)
    clock_moves.pause(session, case.id, "identity", Actor(Who.CLERK, 3), clock())
    session.commit()
    clock.now = datetime(2026, 12, 27, 8, tzinfo=UTC)
    assert deadlines.watch(parts) == 0
    clock_moves.resume(session, case.id, Actor(Who.CLERK, 3), clock())
    session.commit()
    clock.tick(days=1)
    assert deadlines.watch(parts) == 1, "it is due on another day now"
    assert len(mails(sandbox)[ALI]) == 2


def test_receipt_that_nobody_confirmed_is_warned_of_before_its_own_deadline(
    session: Session, parts: Parts, clock: Clock, sandbox: Sandbox, case: PrivacyRequest
) -> None:
    session.execute(update(PrivacyRequest).values(acknowledge_by=datetime(2026, 12, 7, tzinfo=UTC).date()))
    session.commit()
    clock.now = datetime(2026, 12, 4, 8, tzinfo=UTC)
    assert deadlines.watch(parts) == 1
    assert "Receipt of IP-2026-0001 (copy) must be confirmed by 7 December 2026." in sandbox.mail.to(ALI)[0].text


def test_a_warning_that_the_mail_server_did_not_take_is_sent_at_the_next_look(
    session: Session,
    parts: Parts,
    clock: Clock,
    sandbox: Sandbox,
    case: PrivacyRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(*_given: object, **_more: object) -> None:
        raise MailNotSent

    clock.now = datetime(2026, 12, 17, 8, tzinfo=UTC)
    with monkeypatch.context() as broken:
        broken.setattr(Mailer, "send", fails)
        assert deadlines.watch(parts) == 0
    assert session.scalars(select(Alert)).all() == []
    assert deadlines.watch(parts) == 1


def test_each_morning_staff_are_told_once_what_waits_for_them_and_nothing_if_nothing_does(
    session: Session, parts: Parts, clock: Clock, sandbox: Sandbox, case: PrivacyRequest, staff: dict[str, int]
) -> None:
    clock.now = datetime(2026, 12, 23, 5, 59, tzinfo=UTC)
    assert deadlines.digests(parts) == 0, "not at night"
    note = Comment(request_id=case.id, at=clock(), by=staff[ALI], text="@mei please look")
    session.add(note)
    session.flush()
    session.add(CommentMention(comment_id=note.id, staff=staff[MEI]))
    session.commit()
    clock.now = datetime(2026, 12, 23, 6, 1, tzinfo=UTC)
    assert deadlines.digests(parts) == 2
    assert deadlines.digests(parts) == 0, "once a day"
    assert "1 of your cases is due today." in sandbox.mail.to(ALI)[0].text
    assert "1 note calls for you." in sandbox.mail.to(MEI)[0].text
    assert sandbox.mail.to(NOOR) == []
    clock.now += timedelta(days=1)
    assert deadlines.digests(parts) == 2


def test_the_second_officer_is_told_and_the_first_is_not(
    session: Session, parts: Parts, clock: Clock, case: PrivacyRequest, staff: dict[str, int]
) -> None:
    session.execute(update(PrivacyRequest).values(state=State.SECOND, proposed_by=staff[MEI]))
    session.commit()
    wait = "1 case waits for a second officer."
    assert wait in deadlines.waiting_for(session, staff[NOOR], clock())
    assert wait not in deadlines.waiting_for(session, staff[MEI], clock())


def test_what_is_closed_warns_nobody(session: Session, parts: Parts, clock: Clock, case: PrivacyRequest) -> None:
    decisions.withdraw(session, case.id, clock(), moves.PERSON)
    session.commit()
    clock.now = datetime(2027, 1, 5, 8, tzinfo=UTC)
    assert deadlines.watch(parts) == 0
