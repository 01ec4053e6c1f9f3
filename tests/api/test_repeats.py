"""Calls with an Idempotency-Key count once: repeated, at the same time, after a failure, after a day."""

import io
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from imgpilot.accounts.models import Account
from imgpilot.api import idempotency
from imgpilot.api.models import IdempotentCall, WebhookEndpoint
from imgpilot.api.tasks import tidy
from imgpilot.billing import ledger
from imgpilot.generation.models import Generation, Reference
from imgpilot.parts import Parts
from tests.api.conftest import Finished, Give, Program, problem
from tests.conftest import Clock
from tests.generation.conftest import photo, somebody

ORDER = {"prompt": "two pears", "model": "sandbox-draft", "acknowledged": True}
KEY = {"Idempotency-Key": "3f1d2c7b-1"}


def count(session: Session, table: type[Any]) -> int:
    """How many rows there are."""
    session.rollback()
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_the_same_call_again_gets_the_same_answer_and_counts_once(
    hers: Program, session: Session, ana: Account
) -> None:
    first = hers.post("/jobs", ORDER, headers=KEY)
    again = hers.post("/jobs", dict(reversed(ORDER.items())), headers=KEY)
    assert (first.status_code, again.status_code) == (201, 201)
    assert (first.json, first.headers["Location"]) == (again.json, again.headers["Location"])
    assert count(session, Generation) == 1
    assert ledger.balance(session, ana.id) == 39
    other = hers.post("/jobs", ORDER, headers={"Idempotency-Key": "other"})
    assert other.json["id"] != first.json["id"]  # type: ignore[index]


def test_a_key_for_another_call_is_refused(hers: Program, session: Session) -> None:
    hers.post("/jobs", ORDER, headers=KEY)
    problem(hers.post("/jobs", ORDER | {"count": 2}, headers=KEY), 422, "idempotency-key-reused")
    problem(hers.post("/webhooks", {"url": "https://example.com/x"}, headers=KEY), 422, "idempotency-key-reused")
    assert (count(session, Generation), count(session, WebhookEndpoint)) == (1, 0)


@pytest.mark.parametrize("key", ["", "with space", "x" * 256, "é"])
def test_a_key_that_is_none_is_refused(hers: Program, key: str) -> None:
    problem(hers.post("/jobs", ORDER, headers={"Idempotency-Key": key}), 400, "bad-idempotency-key")


def test_another_person_s_key_is_another_key(hers: Program, program: Give, session: Session, parts: Parts) -> None:
    bobs = program(somebody(session, parts, "bob"))
    mine = hers.post("/jobs", ORDER, headers=KEY)
    his = bobs.post("/jobs", ORDER, headers=KEY)
    assert his.status_code == 201
    assert mine.json["id"] != his.json["id"]  # type: ignore[index]


def test_a_call_that_failed_can_be_tried_again_with_its_key(
    hers: Program, session: Session, ana: Account, parts: Parts
) -> None:
    session.get_one(Account, ana.id).restricted_at = parts.clock()
    session.commit()
    problem(hers.post("/jobs", ORDER, headers=KEY), 403, "account-standing")
    session.get_one(Account, ana.id).restricted_at = None
    session.commit()
    assert hers.post("/jobs", ORDER, headers=KEY).status_code == 201


def test_an_upload_that_failed_on_its_way_can_be_tried_again_at_once(
    hers: Program, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Storing commits on its way: the row of the call is there already."""
    from imgpilot.errors import StorageError
    from imgpilot.storage import Folder

    def full(*_given: object, **_named: object) -> None:
        raise StorageError("full")

    def send() -> Any:
        return hers.post("/references", data={"file": (io.BytesIO(photo()), "a.png")}, headers=KEY)

    with monkeypatch.context() as patched:
        patched.setattr(Folder, "put", full)
        problem(send(), 503, "unavailable")
    first = send()
    assert first.status_code == 201
    assert send().json == first.json, "whatever boundary the form had"
    assert count(session, Reference) == 1


def test_two_at_the_same_time_make_one_order_and_get_one_answer(
    site: Flask, hers: Program, session: Session, ana: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idempotency, "PATIENCE", "60s")
    programs = [Program(site, hers.token) for _each in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda one: one.post("/jobs", ORDER, headers=KEY), programs))
    assert [one.status_code for one in answers] == [201] * 4
    assert len({one.json["id"] for one in answers}) == 1
    assert count(session, Generation) == 1
    assert ledger.balance(session, ana.id) == 39


def test_one_that_waits_too_long_for_the_other_is_told_to_come_back(
    hers: Program, session: Session, parts: Parts, ana: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idempotency, "PATIENCE", "50ms")
    row = IdempotentCall(account_id=ana.id, key=KEY["Idempotency-Key"], digest="0", at=parts.clock())
    session.add(row)
    session.flush()  # the first is under way
    answer = hers.post("/jobs", ORDER, headers=KEY)
    problem(answer, 409, "in-progress")
    assert answer.headers["Retry-After"] == "5"
    session.rollback()  # and it died
    assert hers.post("/jobs", ORDER, headers=KEY).status_code == 201


def test_what_was_removed_since_is_not_made_again(hers: Program, ana: Account, finished: Finished) -> None:
    finished(ana)
    image = hers.get("/images").json["data"][0]["id"]  # type: ignore[index]
    share = hers.post("/shares", {"image_id": image}, headers=KEY).json
    assert share
    hers.call("DELETE", f"/shares/{share['id']}")
    problem(hers.post("/shares", {"image_id": image}, headers=KEY), 410, "gone")


def test_keys_are_kept_for_a_day(
    hers: Program, session: Session, clock: Clock, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = hers.post("/jobs", ORDER, headers=KEY).json
    clock.tick(hours=23)
    assert hers.post("/jobs", ORDER, headers=KEY).json == first
    monkeypatch.setattr("imgpilot.api.tasks.parts", lambda: parts)
    monkeypatch.setattr("imgpilot.api.tasks.now", clock)
    tidy()
    assert count(session, IdempotentCall) == 1
    clock.tick(hours=2)
    later = hers.post("/jobs", ORDER | {"count": 2}, headers=KEY)
    assert later.status_code == 201, "also before the run that tidies"
    clock.tick(hours=25)
    tidy()
    assert count(session, IdempotentCall) == 0
