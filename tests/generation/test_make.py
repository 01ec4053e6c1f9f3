"""Making a picture: the good way and every bad one. The row is true, the credits are back, a sentence says why."""

import io
import logging
import threading
from collections.abc import Callable, Iterable
from datetime import timedelta
from uuid import UUID

import pytest
from PIL import Image as Pillow
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from imgpilot.accounts.models import Account
from imgpilot.billing import ledger
from imgpilot.disclosures import Disclosure
from imgpilot.errors import NotThere, StorageError
from imgpilot.generation import make as making
from imgpilot.generation import references
from imgpilot.generation.engines.protocol import Made, sentence_for
from imgpilot.generation.make import make
from imgpilot.generation.models import Generation
from imgpilot.parts import Parts
from imgpilot.privacy import Purpose
from imgpilot.sandbox.server import Sandbox
from imgpilot.storage import Stored
from tests.conftest import Clock
from tests.generation.conftest import images_of, look, photo


def content(parts: Parts, key: str | None) -> bytes:
    assert key
    return b"".join(parts.storage.open(key))


def pixels(data: bytes) -> bytes:
    return Pillow.open(io.BytesIO(data)).convert("RGB").tobytes()


def test_a_picture_is_made_stored_and_paid(
    session: Session, parts: Parts, ana: Account, picture: UUID, sandbox: Sandbox
) -> None:
    make(parts, picture, parts.clock())
    image = look(session, picture)
    assert (image.state, image.failure, image.lease) == ("finished", None, None)
    assert (image.media_type, image.width, image.height) == ("image/png", 768, 768)
    assert len(content(parts, image.object_key)) == image.bytes
    assert content(parts, image.thumbnail_key)[8:12] == b"WEBP"
    assert ledger.balance(session, ana.id) == 39
    assert sorted(parts.storage.keys()) == sorted([image.object_key, image.thumbnail_key])
    assert len(sandbox.calls) == 1


def test_no_pixel_of_what_the_provider_made_is_changed(
    session: Session, parts: Parts, picture: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    from imgpilot.generation.engines.openai import OpenAI

    came: list[Made] = []
    ask = OpenAI.make
    monkeypatch.setattr(OpenAI, "make", lambda *given: came.append(ask(*given)) or came[0])
    make(parts, picture, parts.clock())
    image = look(session, picture)
    assert pixels(content(parts, image.object_key)) == pixels(came[0].data)
    assert image.marked_by == "us", "the sandbox does not mark what it makes"


def test_making_again_makes_nothing_more(
    session: Session, parts: Parts, ana: Account, picture: UUID, sandbox: Sandbox
) -> None:
    for _ in range(3):
        make(parts, picture, parts.clock())
    assert len(sandbox.calls) == 1
    assert ledger.balance(session, ana.id) == 39


def test_two_workers_at_once_make_one_picture(
    session: Session, parts: Parts, ana: Account, picture: UUID, sandbox: Sandbox
) -> None:
    workers = [threading.Thread(target=make, args=(parts, picture, parts.clock())) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(sandbox.calls) == 1
    assert look(session, picture).state == "finished"
    assert len(list(parts.storage.keys())) == 2


FINAL = [
    ("blocked", {}, "blocked", "BlockedInput"),
    ("blocked", {"stage": "output"}, "blocked", "BlockedOutput"),
    ("invalid", {}, "failed", "InvalidInput"),
    ("auth", {}, "failed", "AuthRefused"),
    ("quota", {}, "failed", "QuotaExhausted"),
    ("html", {}, "failed", "Unusable"),
    ("empty", {}, "failed", "Unusable"),
    ("not_an_image", {}, "failed", "Unusable"),
    ("truncated", {}, "failed", "Unusable"),
    ("server_error", {}, "failed", "Unusable"),
]


@pytest.mark.parametrize(("kind", "more", "state", "failure"), FINAL)
def test_a_failure_that_lasts_ends_the_picture_with_a_refund_and_a_sentence(
    session: Session,
    parts: Parts,
    ana: Account,
    picture: UUID,
    sandbox: Sandbox,
    kind: str,
    more: dict[str, str],
    state: str,
    failure: str,
) -> None:
    sandbox.faults.add(kind, **more)
    make(parts, picture, parts.clock())
    image = look(session, picture)
    assert (image.state, image.failure, image.lease) == (state, failure, None)
    assert image.object_key is None
    assert ledger.balance(session, ana.id) == 40
    assert ledger.refunds(session, [picture]) == {picture: 1}
    assert sentence_for(image.failure).endswith(".")
    assert list(parts.storage.keys()) == []
    assert len(sandbox.calls) == 1, "it may have been billed, so it is not asked for again"


def test_a_failure_that_passes_is_tried_again_and_then_given_up(
    session: Session, parts: Parts, clock: Clock, ana: Account, picture: UUID, sandbox: Sandbox
) -> None:
    sandbox.faults.add("rate_limited", times=9, retry_after=7)
    for attempt in range(1, 4):
        make(parts, picture, clock())
        image = look(session, picture)
        assert (image.state, image.failure, image.attempts) == ("queued", "RateLimited", attempt)
        assert image.handed_in_at is None, "it was refused, so it may be ordered again"
        wait = timedelta(seconds=7)
        assert image.not_before == clock() + wait
        assert ledger.balance(session, ana.id) == 39, "still held"
        make(parts, picture, clock())
        assert len(sandbox.calls) == attempt, "not before its time"
        clock.now += wait
    make(parts, picture, clock())
    image = look(session, picture)
    assert (image.state, image.failure, image.attempts) == ("failed", "RateLimited", 4)
    assert ledger.balance(session, ana.id) == 40


def test_a_failure_that_passes_once_ends_well(
    session: Session, parts: Parts, clock: Clock, ana: Account, picture: UUID, sandbox: Sandbox
) -> None:
    sandbox.faults.add("rate_limited", retry_after=3)
    make(parts, picture, clock())
    make(parts, picture, clock.tick(seconds=3))
    image = look(session, picture)
    assert (image.state, image.failure, image.attempts) == ("finished", None, 2)
    assert ledger.balance(session, ana.id) == 39


def test_a_provider_that_wants_an_hour_is_not_waited_for(
    session: Session, parts: Parts, ana: Account, picture: UUID, sandbox: Sandbox
) -> None:
    sandbox.faults.add("rate_limited", retry_after=3600)
    make(parts, picture, parts.clock())
    assert look(session, picture).state == "failed"
    assert ledger.balance(session, ana.id) == 40


def test_a_provider_that_hangs_is_left_after_the_time_allowed(
    session: Session, parts: Parts, ana: Account, picture: UUID, sandbox: Sandbox
) -> None:
    sandbox.faults.add("hang", seconds=30)
    make(parts, picture, parts.clock(), patience=timedelta(seconds=0.5))
    image = look(session, picture)
    assert (image.state, image.failure) == ("failed", "TimedOut")
    assert ledger.balance(session, ana.id) == 40


def test_a_provider_that_is_not_there_is_tried_again(
    session: Session, parts: Parts, clock: Clock, picture: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts.settings, "openai_base_url", "http://127.0.0.1:9/v1")
    make(parts, picture, clock())
    image = look(session, picture)
    assert (image.state, image.failure, image.handed_in_at) == ("queued", "Unreachable", None)
    assert image.not_before == clock() + timedelta(seconds=3), "later each time, as it names no wait"


def test_one_failure_of_four_refunds_one_of_four(
    session: Session, parts: Parts, ana: Account, ordered: Callable[..., Generation], sandbox: Sandbox
) -> None:
    order = ordered(ana, model="sandbox-painter", count=4)
    assert ledger.balance(session, ana.id) == 16
    sandbox.faults.add("blocked")
    for image in images_of(session, order):
        make(parts, image.id, parts.clock())
    session.rollback()
    assert [image.state for image in images_of(session, order)] == ["blocked"] + ["finished"] * 3
    assert ledger.balance(session, ana.id) == 22


class Refusing:
    """An object store that refuses every write from the nth on."""

    def __init__(self, parts: Parts, nth: int) -> None:
        self.real, self.left = parts.storage, nth

    def put(
        self, key: str, pieces: Iterable[bytes], media_type: str, *, subject: UUID | None, purpose: Purpose
    ) -> Stored:
        self.left -= 1
        if self.left <= 0:
            raise StorageError("no space left on device")
        return self.real.put(key, pieces, media_type, subject=subject, purpose=purpose)

    def __getattr__(self, name: str) -> object:
        return getattr(self.real, name)


@pytest.mark.parametrize("nth", [1, 2])
def test_an_object_store_that_refuses_costs_the_person_nothing_and_leaves_nothing(
    session: Session, parts: Parts, ana: Account, picture: UUID, nth: int
) -> None:
    parts.__dict__["storage"] = Refusing(parts, nth)
    make(parts, picture, parts.clock())
    image = look(session, picture)
    assert (image.state, image.failure) == ("failed", "NotStored")
    assert ledger.balance(session, ana.id) == 40
    assert list(parts.storage.keys()) == []


def test_a_worker_that_lost_its_lease_removes_what_it_wrote_and_writes_nothing(
    session: Session,
    parts: Parts,
    clock: Clock,
    ana: Account,
    picture: UUID,
    sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keep = making.keeping.keep

    def slow(*given: object) -> object:
        kept = keep(*given)  # type: ignore[arg-type]
        monkeypatch.setattr(making.keeping, "keep", keep)
        make(parts, picture, clock.tick(minutes=5))  # another worker finds the lease run out, and ends it
        return kept

    monkeypatch.setattr(making.keeping, "keep", slow)
    make(parts, picture, clock())
    image = look(session, picture)
    assert (image.state, image.failure, image.object_key) == ("failed", "AnswerLost", None)
    assert list(parts.storage.keys()) == []
    assert ledger.balance(session, ana.id) == 40
    assert len(sandbox.calls) == 1


def test_a_worker_that_was_slow_before_it_ordered_does_not_order_what_another_did(
    session: Session, parts: Parts, clock: Clock, picture: UUID, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine_for = making.engine_for

    def slow(*given: object) -> object:
        monkeypatch.setattr(making, "engine_for", engine_for)
        make(parts, picture, clock.tick(minutes=5))
        return engine_for(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(making, "engine_for", slow)
    make(parts, picture, clock())
    image = look(session, picture)
    assert (image.state, image.attempts, len(sandbox.calls)) == ("finished", 2, 1)
    assert sorted(parts.storage.keys()) == sorted([image.object_key, image.thumbnail_key])


def test_nothing_is_written_for_an_account_that_was_frozen_while_the_provider_worked(
    session: Session, parts: Parts, ana: Account, picture: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    from imgpilot.generation.engines.openai import OpenAI

    ask = OpenAI.make

    def freezing(*given: object) -> Made:
        ana.frozen_at = parts.clock()
        session.commit()
        return ask(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(OpenAI, "make", freezing)
    monkeypatch.setattr(making.keeping, "keep", lambda *_given: pytest.fail("it was stored"))
    make(parts, picture, parts.clock())
    assert look(session, picture).object_key is None


def test_a_worker_that_finishes_while_the_account_is_erased_waits_and_holds_nothing_up(
    session: Session, parts: Parts, ana: Account, picture: UUID
) -> None:
    from imgpilot.generation import jobs
    from imgpilot.generation.models import Image

    with parts.sessions.begin() as other:
        job = jobs.take(other, picture, parts.clock(), timedelta(minutes=4))
    assert job
    ended: list[str] = []

    def finishing() -> None:
        try:
            with parts.sessions.begin() as other:
                jobs.mine(other, job)
            ended.append("finished")
        except OperationalError as error:
            ended.append(type(error).__name__)

    session.rollback()
    session.execute(select(Account.id).where(Account.id == ana.id).with_for_update())
    thread = threading.Thread(target=finishing)
    thread.start()
    thread.join(0.5)
    session.execute(text("SET LOCAL lock_timeout = '3s'"))
    session.execute(select(Image.id).where(Image.id == picture).with_for_update())
    session.commit()
    thread.join(60)
    assert ended == ["finished"]


@pytest.mark.parametrize(
    ("error", "state", "failure"),
    [(StorageError("away"), "queued", "ReferenceNotRead"), (NotThere("gone"), "failed", "ReferenceGone")],
)
def test_a_reference_that_cannot_be_read_just_now_is_tried_again(
    session: Session,
    parts: Parts,
    ana: Account,
    ordered: Callable[..., Generation],
    sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    error: StorageError,
    state: str,
    failure: str,
) -> None:
    with references.taking_in(session, parts.storage, ana, io.BytesIO(photo()), parts.clock()) as taken:
        session.commit()
    (image,) = images_of(session, ordered(ana, reference_ids=(taken.id,)))

    def failing(_key: str) -> None:
        raise error

    monkeypatch.setattr(parts.storage, "open", failing)
    make(parts, image.id, parts.clock())
    image = look(session, image.id)
    assert (image.state, image.failure) == (state, failure)
    assert len(sandbox.calls) == 0
    assert sentence_for(failure).startswith(("We could not read", "The reference picture"))


def test_objects_that_could_not_be_dropped_are_logged_by_the_class_of_the_error(
    session: Session,
    parts: Parts,
    ana: Account,
    picture: UUID,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    keep = making.keeping.keep

    def freezing(*given: object) -> object:
        ana.frozen_at = parts.clock()
        session.commit()
        return keep(*given)  # type: ignore[arg-type]

    def failing(_keys: object) -> None:
        raise StorageError(f"{ana.id} stays")

    monkeypatch.setattr(making.keeping, "keep", freezing)
    monkeypatch.setattr(parts.storage, "remove", failing)
    make(parts, picture, parts.clock())
    assert "an object stays without a row: StorageError" in caplog.messages


def test_nothing_is_made_for_an_account_that_is_being_deleted(
    session: Session, parts: Parts, ana: Account, picture: UUID, sandbox: Sandbox
) -> None:
    ana.frozen_at = parts.clock()
    session.commit()
    make(parts, picture, parts.clock())
    image = look(session, picture)
    assert (image.state, image.attempts) == ("queued", 0)
    assert len(sandbox.calls) == 0


def test_a_picture_that_comes_after_the_account_was_frozen_is_not_kept(
    session: Session, parts: Parts, ana: Account, picture: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = making.keeping.keep

    def freezing(*given: object) -> object:
        ana.frozen_at = parts.clock()
        session.commit()
        return keep(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(making.keeping, "keep", freezing)
    make(parts, picture, parts.clock())
    assert look(session, picture).object_key is None
    assert list(parts.storage.keys()) == []


def test_a_picture_that_comes_after_its_row_is_gone_is_not_kept(
    session: Session, parts: Parts, ana: Account, picture: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy import delete

    from imgpilot.generation.models import Image

    keep = making.keeping.keep

    def erasing(*given: object) -> object:
        session.execute(text("DELETE FROM credit_entry"))
        session.execute(delete(Image))
        session.commit()
        return keep(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(making.keeping, "keep", erasing)
    make(parts, picture, parts.clock())
    assert list(parts.storage.keys()) == []


def test_an_id_that_nobody_knows_does_nothing(parts: Parts, sandbox: Sandbox) -> None:
    make(parts, UUID(int=7), parts.clock())
    assert len(sandbox.calls) == 0


def test_after_four_workers_died_it_ends_with_a_refund(
    session: Session, parts: Parts, clock: Clock, ana: Account, picture: UUID, sandbox: Sandbox
) -> None:
    from imgpilot.generation import jobs

    for _ in range(4):
        with parts.sessions.begin() as own:
            assert jobs.take(own, picture, clock(), timedelta(minutes=4))
        clock.tick(minutes=5)
    make(parts, picture, clock())
    image = look(session, picture)
    assert (image.state, image.failure) == ("failed", "Interrupted")
    assert ledger.balance(session, ana.id) == 40
    assert len(sandbox.calls) == 0


def test_p10_every_call_is_in_the_disclosure_log_with_what_may_go_and_no_more(
    session: Session, parts: Parts, ana: Account, picture: UUID
) -> None:
    make(parts, picture, parts.clock())
    (line,) = session.scalars(select(Disclosure))
    assert (line.account_id, line.processor, line.purpose) == (ana.id, "sandbox", "generation")
    assert line.categories == ["user.content.private"]
    assert line.status == 200 and line.bytes_in > 1000 and line.failure is None
    assert line.digest and len(line.digest) == 64


def test_no_word_of_the_prompt_is_logged(
    session: Session, parts: Parts, picture: UUID, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    sandbox.faults.add("invalid", message="Invalid value: 'two pears on a white plate'")
    with caplog.at_level(logging.DEBUG):
        make(parts, picture, parts.clock())
    assert "picture" in caplog.text
    assert "pears" not in caplog.text
    assert "ana@" not in caplog.text


def test_recover_wakes_for_what_is_due_and_for_nothing_else(
    session: Session,
    parts: Parts,
    clock: Clock,
    ana: Account,
    bob: Account,
    ordered: Callable[..., Generation],
    sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    woken: list[str] = []
    monkeypatch.setattr(making.worker.celery, "send_task", lambda name, args: woken.append(args[0]))
    waiting, done, dying = (images_of(session, ordered(who))[0].id for who in (ana, ana, bob))
    bob.frozen_at = clock()
    session.commit()
    make(parts, done, clock())
    woken.clear()
    making.recover(parts, clock())
    assert woken == [str(waiting)]
    assert dying not in woken


def test_the_workers_tasks_take_ids_and_leave_the_work_to_the_domain(
    session: Session, parts: Parts, picture: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    from imgpilot.generation import tasks

    monkeypatch.setattr(tasks, "parts", lambda: parts)
    monkeypatch.setattr(tasks, "now", parts.clock)
    assert (tasks.make_picture.name, tasks.recover_pictures.name) == ("pictures.make", "pictures.recover")
    tasks.recover_pictures()
    tasks.make_picture(str(picture))
    assert look(session, picture).state == "finished"
