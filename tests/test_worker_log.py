"""The worker's log says what went wrong and where, and never whose data it was about; messages do not pile up."""

import logging
from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import pytest
from kombu.exceptions import OperationalError
from sqlalchemy import text

import config
from compliance.requests import tasks
from imgpilot import worker
from imgpilot.parts import Parts

ADDRESS = "secret.person@example.com"


@pytest.fixture
def failing(parts: Parts) -> Iterator[Callable[[], object]]:
    """Runs a task, as a worker runs one, to which PostgreSQL answers with an address in its error."""

    @worker.celery.task(name="test.quotes")
    def quotes() -> None:
        with parts.engine.begin() as connection:
            connection.execute(text("CREATE TEMP TABLE quoted (email text PRIMARY KEY)"))
            for _ in range(2):
                connection.execute(text("INSERT INTO quoted VALUES (:email)"), {"email": ADDRESS})

    yield quotes.apply
    worker.celery.tasks.pop("test.quotes")


def test_a_task_that_fails_is_logged_with_class_and_place_and_no_values(
    failing: Callable[[], object], caplog: pytest.LogCaptureFixture
) -> None:
    failing()
    [record] = [r for r in caplog.records if r.name == "celery.app.trace"]
    assert record.levelno == logging.ERROR
    said = logging.Formatter().format(record) + repr(vars(record))
    assert "test.quotes[" in said
    assert "IntegrityError at " in said
    assert f"{__file__}:" in said
    assert ADDRESS not in caplog.text + said
    assert "Traceback" not in said


def test_nor_does_the_process_above_it_say_more(settings: config.Settings, caplog: pytest.LogCaptureFixture) -> None:
    error = ValueError(ADDRESS)
    logging.getLogger("celery.worker.request").error("Task handler raised error: %r", error, exc_info=error)
    assert "ValueError at " in caplog.text
    assert ADDRESS not in caplog.text


def test_a_record_without_an_error_stays_as_it_is(settings: config.Settings, caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("celery.worker.request").warning("Task %s revoked", "requests.run")
    assert caplog.messages == ["Task requests.run revoked"]


def test_a_look_for_work_that_nobody_took_is_over_when_the_next_is_sent(settings: config.Settings) -> None:
    for job in worker.celery.conf.beat_schedule.values():
        assert job["options"] == {"expires": job["schedule"]}, job["task"]


def test_one_look_wakes_twenty_steps_at_most(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    due = [uuid4() for _ in range(50)]
    woken: list[UUID] = []
    monkeypatch.setattr(tasks, "parts", lambda: parts)
    monkeypatch.setattr("compliance.requests.steps.recover", lambda _parts: due)
    monkeypatch.setattr(worker.celery, "send_task", lambda _name, args: woken.append(UUID(args[0])))
    tasks.recover()
    assert woken == due[:20]


def test_a_broker_that_is_away_does_not_stop_the_look(
    parts: Parts, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(*_given: object, **_more: object) -> None:
        raise OperationalError("amqp://secret@broker")

    monkeypatch.setattr(tasks, "parts", lambda: parts)
    monkeypatch.setattr("compliance.requests.steps.recover", lambda _parts: [uuid4(), uuid4()])
    monkeypatch.setattr(worker.celery, "send_task", away)
    tasks.recover()
    assert caplog.messages == ["the broker did not take requests.run: OperationalError"] * 2
