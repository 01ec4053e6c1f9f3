"""Messages to people's own programs: who is told what, signed how, and what happens when nobody answers."""

import os
import time
import warnings
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn
from uuid import UUID

import pytest
from pytest_httpserver import HTTPServer
from sqlalchemy import select
from sqlalchemy.orm import Session
from standardwebhooks.webhooks import Webhook, WebhookVerificationError
from werkzeug import Request, Response

from imgpilot import db, leases
from imgpilot.accounts.models import Account
from imgpilot.api import deliveries, webhooks
from imgpilot.api.models import WebhookDelivery, WebhookEndpoint
from imgpilot.disclosures import Disclosure
from imgpilot.gateway import Gateway
from imgpilot.generation.make import make
from imgpilot.generation.models import Generation, Image, State
from imgpilot.parts import Parts
from tests.api.conftest import BASE, Finished, Program, problem
from tests.conftest import Clock
from tests.generation.conftest import images_of


class Own:
    """Ana's own program: takes messages, and answers what the test wants."""

    def __init__(self, server: HTTPServer) -> None:
        self.url = server.url_for("/hook")
        self.got: list[Request] = []
        self.answers: list[int] = []
        server.expect_request("/hook", method="POST").respond_with_handler(self._take)

    def _take(self, request: Request) -> Response:
        self.got.append(request)
        return Response(status=self.answers.pop(0) if self.answers else 200)

    def read(self, secret: str) -> list[Any]:
        """Every message that the key fits, as Standard Webhooks' own library checks it."""
        return [Webhook(secret).verify(one.get_data(), dict(one.headers)) for one in self.got]


@pytest.fixture
def own(httpserver: HTTPServer) -> Own:
    """Ana's own program."""
    return Own(httpserver)


@pytest.fixture
def clock() -> Clock:
    """The real time, standing: who verifies a message looks at it."""
    made = Clock()
    made.now = datetime.now(UTC).replace(microsecond=0)
    return made


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    """The messages that workers were woken for."""
    ids: list[UUID] = []

    def send(name: str, args: tuple[str, ...]) -> None:
        if name == webhooks.TASK:
            ids.append(UUID(args[0]))

    monkeypatch.setattr("imgpilot.worker.celery.send_task", send)
    return ids


@pytest.fixture
def endpoint(hers: Program, own: Own, woken: list[UUID]) -> dict[str, Any]:
    """Ana's endpoint, as it was answered when it was made."""
    made: dict[str, Any] = hers.post("/webhooks", {"url": own.url}).get_json()
    return made


Work = Callable[[], None]


@pytest.fixture
def work(parts: Parts, clock: Clock, woken: list[UUID]) -> Work:
    """What workers do when they are woken."""

    def deliver() -> None:
        for id_ in woken[:]:
            woken.remove(id_)
            deliveries.deliver(parts, id_, clock())

    return deliver


def ended(session: Session, generation: Generation, parts: Parts) -> None:
    """Say that the order's pictures reached their end."""
    webhooks.announce(session, generation.id, parts.clock())
    session.commit()


def rows(session: Session) -> list[WebhookDelivery]:
    """The messages as the database has them now."""
    session.rollback()
    return list(session.scalars(select(WebhookDelivery), execution_options={"populate_existing": True}))


def test_a_program_is_told_once_when_the_last_picture_of_an_order_ends(
    session: Session, parts: Parts, ana: Account, finished: Finished, endpoint: dict[str, Any], own: Own, work: Work
) -> None:
    made = finished(ana, count=2, prompt="two pears that nobody else should read of")
    first, second = images_of(session, made)
    for image, state in ((first, State.MAKING), (second, State.FINISHED)):
        if state is State.MAKING:
            image.state, image.object_key = state, None
    assert webhooks.announce(session, made.id, parts.clock()) == 0, "one is open"
    first.state = State.FAILED
    first.failure = "provider-error"
    assert webhooks.announce(session, made.id, parts.clock()) == 1
    assert webhooks.announce(session, made.id, parts.clock()) == 0, "told already"
    session.commit()
    work()
    (message,) = own.read(endpoint["secret"])
    assert message["type"] == "job.finished"
    data = message["data"]
    assert (data["job_id"], data["url"]) == (str(made.id), f"{BASE}/api/v1/jobs/{made.id}")
    assert [one["state"] for one in data["images"]] == ["failed", "finished"]
    assert data["images"][1]["file_url"] == f"{BASE}/api/v1/images/{second.id}/file"
    assert "pears" not in own.got[0].get_data(as_text=True)
    assert own.got[0].headers["webhook-id"].startswith("msg_")
    (row,) = rows(session)
    assert (row.state, row.status, row.attempts) == ("delivered", 200, 1)


def test_an_order_that_is_called_off_is_over_too(hers: Program, endpoint: dict[str, Any], own: Own, work: Work) -> None:
    job = hers.post("/jobs", {"prompt": "x", "acknowledged": True, "count": 2}).json
    assert job
    hers.post(f"/jobs/{job['id']}/cancel")
    work()
    (message,) = own.read(endpoint["secret"])
    assert {one["state"] for one in message["data"]["images"]} == {"cancelled"}


def test_a_worker_that_makes_the_last_picture_tells(
    hers: Program, parts: Parts, endpoint: dict[str, Any], own: Own, work: Work
) -> None:
    job = hers.post("/jobs", {"prompt": "x", "model": "sandbox-draft", "acknowledged": True, "count": 2}).json
    assert job
    for one in job["images"]:
        assert own.got == []
        make(parts, UUID(one["id"]), parts.clock())
        work()
    (message,) = own.read(endpoint["secret"])
    assert {one["state"] for one in message["data"]["images"]} == {"finished"}


def test_of_two_workers_that_end_the_last_two_pictures_at_once_one_tells(
    session: Session, parts: Parts, ana: Account, finished: Finished, endpoint: dict[str, Any], woken: list[UUID]
) -> None:
    from threading import Thread

    made = finished(ana, count=2)
    ids = [image.id for image in images_of(session, made)]
    for image in images_of(session, made):
        image.state, image.object_key = State.MAKING, None
    session.commit()
    other = Thread(target=_ends, args=(parts, made.id, ids[1]))
    with parts.sessions.begin() as mine:
        mine.get_one(Image, ids[0]).state = State.FAILED
        assert webhooks.announce(mine, made.id, parts.clock()) == 0, "the other one is open"
        other.start()
        until = time.monotonic() + 60
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        while not session.connection().exec_driver_sql(waiting).scalar() and time.monotonic() < until:
            session.rollback()
    other.join()
    assert len(rows(session)) == 1


def _ends(parts: Parts, generation_id: UUID, image_id: UUID) -> None:
    with parts.sessions.begin() as session:
        session.get_one(Image, image_id).state = State.FAILED
        webhooks.announce(session, generation_id, parts.clock())


def test_what_was_sent_stands_in_the_disclosure_log(
    session: Session, parts: Parts, ana: Account, finished: Finished, endpoint: dict[str, Any], work: Work
) -> None:
    ended(session, finished(ana), parts)
    work()
    session.rollback()
    (line,) = session.scalars(select(Disclosure).where(Disclosure.processor == "own-program"))
    assert (line.account_id, line.purpose, line.status) == (ana.id, "programs", 200)
    assert line.categories == ["user.unique_id.pseudonymous"]


def test_what_is_not_taken_is_sent_again_under_the_same_id_until_it_is(
    session: Session,
    parts: Parts,
    ana: Account,
    finished: Finished,
    endpoint: dict[str, Any],
    own: Own,
    work: Work,
    clock: Clock,
    woken: list[UUID],
) -> None:
    own.answers = [500, 302, 200]
    ended(session, finished(ana), parts)
    work()
    (row,) = rows(session)
    assert (row.state, row.status) == ("waiting", 500)
    for wait in deliveries.WAITS[:2]:
        deliveries.recover(parts, clock())
        assert woken == [], "its time has not come"
        clock.now += wait
        deliveries.recover(parts, clock())
        work()
    (row,) = rows(session)
    assert (row.state, row.status, row.attempts) == ("delivered", 200, 3)
    assert len({one.headers["webhook-id"] for one in own.got}) == 1
    assert len({one.get_data() for one in own.got}) == 1
    assert len({one.headers["webhook-timestamp"] for one in own.got}) == 3


def test_an_endpoint_that_takes_nothing_for_two_days_is_switched_off_and_can_be_switched_on(
    hers: Program,
    session: Session,
    parts: Parts,
    ana: Account,
    finished: Finished,
    endpoint: dict[str, Any],
    own: Own,
    work: Work,
    clock: Clock,
) -> None:
    own.answers = [503] * 20
    ended(session, finished(ana), parts)
    work()
    for wait in deliveries.WAITS:
        clock.now += wait
        deliveries.recover(parts, clock())
        work()
    (row,) = rows(session)
    assert (row.state, row.attempts) == ("failed", 9)
    assert timedelta(days=2) < sum(deliveries.WAITS, timedelta()) < timedelta(days=3)
    path = f"/webhooks/{endpoint['id']}"
    shown = hers.get(path).json
    assert shown
    assert (shown["active"], shown["deliveries"][0]["state"]) == (False, "failed")
    problem(hers.post(f"{path}/test"), 409, "conflict")
    ended(session, finished(ana), parts)
    assert len(rows(session)) == 1, "it is told nothing meanwhile"
    assert hers.call("PATCH", path, {"active": True}).json["active"] is True  # type: ignore[index]
    own.answers = []
    assert hers.post(f"{path}/test").status_code == 202
    work()
    assert own.got[-1].get_json()["type"] == "webhook.test"


def test_one_message_that_is_not_taken_does_not_stop_an_endpoint_that_takes_others(
    session: Session,
    parts: Parts,
    ana: Account,
    finished: Finished,
    endpoint: dict[str, Any],
    own: Own,
    work: Work,
    clock: Clock,
) -> None:
    own.answers = [500]
    ended(session, finished(ana), parts)
    work()
    clock.tick(seconds=1)
    ended(session, finished(ana), parts)
    work()
    (bad,) = [row for row in rows(session) if row.state == "waiting"]
    bad.attempts = len(deliveries.WAITS)
    session.commit()
    own.answers = [500]
    clock.tick(days=1)
    deliveries.recover(parts, clock())
    work()
    assert sorted(row.state for row in rows(session)) == ["delivered", "failed"]
    assert session.scalars(select(WebhookEndpoint.stopped_at)).one() is None


def test_an_endpoint_that_says_it_is_gone_is_sent_nothing_more(
    session: Session,
    parts: Parts,
    ana: Account,
    finished: Finished,
    endpoint: dict[str, Any],
    own: Own,
    work: Work,
) -> None:
    own.answers = [410]
    for _each in range(2):
        ended(session, finished(ana), parts)
    work()
    assert len(own.got) == 1
    assert {row.state for row in rows(session)} == {"failed"}
    assert session.scalars(select(WebhookEndpoint.stopped_at)).one() is not None


def test_a_message_waits_while_the_account_is_restricted_and_goes_out_afterwards(
    session: Session,
    parts: Parts,
    ana: Account,
    finished: Finished,
    endpoint: dict[str, Any],
    own: Own,
    work: Work,
    woken: list[UUID],
) -> None:
    ended(session, finished(ana), parts)
    session.get_one(Account, ana.id).restricted_at = parts.clock()
    session.commit()
    work()
    deliveries.recover(parts, parts.clock())
    assert (own.got, woken) == ([], [])
    session.get_one(Account, ana.id).restricted_at = None
    session.commit()
    deliveries.recover(parts, parts.clock())
    work()
    assert len(own.got) == 1


def test_the_key_is_shown_when_it_is_made_and_a_new_one_takes_over_in_peace(
    hers: Program, endpoint: dict[str, Any], own: Own, work: Work
) -> None:
    path = f"/webhooks/{endpoint['id']}"
    old = endpoint["secret"]
    assert old.startswith("whsec_")
    assert "secret" not in hers.get(path).json  # type: ignore[operator]
    assert "secret" not in hers.get("/webhooks").json["data"][0]  # type: ignore[index]
    new = hers.post(f"{path}/rotate").json["secret"]  # type: ignore[index]
    newest = hers.post(f"{path}/rotate").json["secret"]  # type: ignore[index]
    assert len({old, new, newest}) == 3
    hers.post(f"{path}/test")
    work()
    assert own.read(new) and own.read(newest)
    with pytest.raises(WebhookVerificationError):
        own.read(old)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/x",
        "ftp://example.com/x",
        "https://",
        "https://me:you@example.com/",
        "https://example.com/#part",
        "https://exa mple.com/",
        "https://example.com\\@127.0.0.1/",
        "https://10.0.0.1/",
        "https://169.254.169.254/latest",
        "https://[::ffff:10.0.0.1]/",
        "https://[fd00::1]/",
        "https://intranet/",
        "https://example.com:99999/",
        "https://exämple.com/",
        "x" * 2001,
        "",
    ],
)
def test_an_address_that_may_not_be_called_is_not_taken(hers: Program, url: str) -> None:
    assert problem(hers.post("/webhooks", {"url": url}), 422, "invalid")["errors"][0]["pointer"] == "/url"


def test_a_name_that_leads_into_a_network_of_ours_is_not_called(
    session: Session,
    parts: Parts,
    ana: Account,
    finished: Finished,
    endpoint: dict[str, Any],
    own: Own,
    work: Work,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It led elsewhere when it was given: it is looked at before every call."""
    found = [(2, 1, 6, "", ("10.0.0.7", 443))]
    monkeypatch.setattr("imgpilot.elsewhere.socket.getaddrinfo", lambda *_given, **_named: found)
    ended(session, finished(ana), parts)
    work()
    (row,) = rows(session)
    assert (row.state, row.status, own.got) == ("failed", None, [])


def test_there_are_only_so_many_endpoints_and_a_removed_one_is_told_nothing(
    hers: Program, session: Session, parts: Parts, ana: Account, finished: Finished, own: Own, woken: list[UUID]
) -> None:
    made = [hers.post("/webhooks", {"url": f"https://example.com/{n}"}) for n in range(6)]
    assert [one.status_code for one in made] == [201] * 5 + [409]
    ended(session, finished(ana), parts)
    assert len(rows(session)) == 5
    for one in made[:5]:
        assert hers.call("DELETE", f"/webhooks/{one.json['id']}").status_code == 204  # type: ignore[index]
    assert rows(session) == []
    for id_ in woken:
        deliveries.deliver(parts, id_, parts.clock())
    assert hers.get("/webhooks").json == {"data": []}


def test_messages_are_forgotten_after_30_days(
    session: Session, parts: Parts, ana: Account, finished: Finished, endpoint: dict[str, Any], work: Work, clock: Clock
) -> None:
    ended(session, finished(ana), parts)
    work()
    clock.tick(days=29)
    deliveries.tidy(session, clock())
    assert len(list(session.scalars(select(WebhookDelivery)))) == 1
    clock.tick(days=1)
    deliveries.tidy(session, clock())
    assert list(session.scalars(select(WebhookDelivery))) == []


def die(*_given: object, **_named: object) -> NoReturn:
    """As kill -9."""
    os._exit(9)


def then_die(do: Callable[..., Any]) -> Callable[..., Any]:
    """Die right after doing it."""

    def both(*given: Any, **named: Any) -> NoReturn:
        do(*given, **named)
        die()

    return both


#: Where the worker dies, and how often the program has the message in the end.
SEAMS: dict[str, tuple[Callable[[], None], int]] = {
    "before the row is taken": (lambda: setattr(leases, "take", die), 1),
    "after the row is taken": (lambda: setattr(deliveries, "_send", die), 1),
    "while it is sent": (lambda: setattr(Gateway, "_end", die), 2),
    "after it was sent": (lambda: setattr(Gateway, "call", then_die(Gateway.call)), 2),
    "before the commit": (lambda: setattr(leases, "let_go", then_die(leases.let_go)), 2),
    "after the commit": (lambda: setattr(deliveries, "_end", then_die(deliveries._end)), 1),
}


@pytest.mark.parametrize("seam", SEAMS)
def test_wherever_a_worker_dies_the_message_arrives_and_at_most_once_too_often(
    seam: str,
    session: Session,
    parts: Parts,
    ana: Account,
    finished: Finished,
    endpoint: dict[str, Any],
    own: Own,
    clock: Clock,
    woken: list[UUID],
    work: Work,
) -> None:
    ended(session, finished(ana), parts)
    (id_,) = woken
    woken.clear()
    session.rollback()
    change, times = SEAMS[seam]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        try:
            url = parts.settings.database_url.get_secret_value()  # type: ignore[union-attr]
            mine = Parts(parts.settings, db.connect(url), parts.clock)
            change()
            deliveries.deliver(mine, id_, parts.clock())
        finally:
            os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9, "it died where it should"
    (row,) = rows(session)
    if row.lease is not None:
        deliveries.recover(parts, clock())
        assert woken == [], "it may still be at it"
    clock.now += deliveries.SPAN + timedelta(seconds=1)
    deliveries.recover(parts, clock())
    work()
    (row,) = rows(session)
    assert row.state == "delivered"
    assert len(own.got) == times
    assert len({one.headers["webhook-id"] for one in own.got}) == 1
