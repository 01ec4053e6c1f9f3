"""Ordering: what is checked, what it costs, what is written, and that a form sent twice makes one order."""

import io
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from imgpilot import worker
from imgpilot.accounts.models import Account, Acknowledgement
from imgpilot.accounts.standing import BeingDeleted
from imgpilot.billing import ledger
from imgpilot.billing.ledger import NotEnoughCredits
from imgpilot.billing.models import CreditEntry
from imgpilot.errors import PersonalError
from imgpilot.generation import catalogue, references
from imgpilot.generation.catalogue import MODELS, Model, NoSuchModel, NoSuchShape
from imgpilot.generation.models import Generation, Image, Reference
from imgpilot.generation.order import order
from imgpilot.generation.refusals import (
    BadCount,
    FoundInNegative,
    NotAcknowledged,
    PromptMissing,
    PromptTooLong,
    ReferenceMissing,
    TooManyHere,
)
from imgpilot.parts import Parts
from imgpilot.policy import in_force
from imgpilot.safety.screen import FoundPersonal, NotMade
from tests.conftest import Clock
from tests.generation.conftest import images_of, photo, wish

Ordered = Callable[..., Generation]


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What workers were woken for."""
    calls: list[tuple[str, str]] = []
    monkeypatch.setattr(worker.celery, "send_task", lambda name, args: calls.append((name, *args)))
    return calls


@pytest.fixture
def taken_in(session: Session, parts: Parts) -> Callable[..., UUID]:
    """Give somebody a reference picture that is so wide."""

    def take(account: Account, width: int) -> UUID:
        file = io.BytesIO(photo(size=(width, 10)))
        with references.taking_in(session, parts.storage, account, file, parts.clock()) as reference:
            session.commit()
        return reference.id

    return take


def rows(session: Session, kind: Any) -> int:
    return session.scalar(select(func.count()).select_from(kind)) or 0


def test_an_order_is_a_row_with_its_pictures_their_holds_and_a_call_for_each(
    session: Session, parts: Parts, ana: Account, woken: list[tuple[str, str]]
) -> None:
    made = order(session, parts.settings, ana, wish(model="sandbox-painter", count=3, ratio="3:2"), parts.clock())
    assert woken == [], "not before the commit"
    session.commit()
    images = images_of(session, made)
    assert [(image.position, image.state) for image in images] == [(0, "queued"), (1, "queued"), (2, "queued")]
    assert (made.width, made.height, made.credits_each) == (1536, 1024, 6)
    assert ledger.balance(session, ana.id) == 40 - 18
    assert woken == [("pictures.make", str(image.id)) for image in images]


@pytest.mark.parametrize(
    ("given", "kind", "field"),
    [
        ({"prompt": ""}, PromptMissing, "prompt"),
        ({"prompt": " \r\n\t\x00 "}, PromptMissing, "prompt"),
        ({"prompt": "x" * 2001}, PromptTooLong, "prompt"),
        ({"count": 0}, BadCount, "count"),
        ({"count": 5}, BadCount, "count"),
        ({"count": -1}, BadCount, "count"),
        ({"model": "gpt-image-2"}, NoSuchModel, "model"),
        ({"model": ""}, NoSuchModel, "model"),
        ({"ratio": "7:1"}, NoSuchShape, "ratio"),
        ({"acknowledged": False}, NotAcknowledged, "acknowledged"),
        ({"reference_ids": (UUID(int=5),)}, ReferenceMissing, "reference"),
        ({"model": "sandbox-painter", "count": 4, "ratio": "1:1"}, None, ""),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_written(
    session: Session,
    parts: Parts,
    ana: Account,
    woken: list[tuple[str, str]],
    given: dict[str, Any],
    kind: type[PersonalError] | None,
    field: str,
) -> None:
    if kind is None:
        order(session, parts.settings, ana, wish(**given), parts.clock())
        return
    with pytest.raises(kind) as told:
        order(session, parts.settings, ana, wish(**given), parts.clock())
    session.commit()
    assert getattr(told.value, "field") == field  # noqa: B009
    assert told.value.said("en").endswith(".")
    assert rows(session, Generation) == rows(session, Image) == rows(session, Acknowledgement) == 0
    assert ledger.balance(session, ana.id) == 40
    assert woken == []


def test_the_longest_prompt_fits_and_line_ends_count_once(session: Session, ana: Account, ordered: Ordered) -> None:
    made = ordered(ana, prompt="\r\n" + "一\r\n" * 1000 + " ")
    assert len(made.prompt) == 1999
    assert "\r" not in made.prompt


def test_too_few_credits_make_nothing_of_it(
    session: Session, parts: Parts, ana: Account, woken: list[tuple[str, str]]
) -> None:
    ledger.grant(session, ana.id, 1, why="x", at=parts.clock())
    order(session, parts.settings, ana, wish(model="sandbox-painter", count=4), parts.clock())
    session.commit()
    with pytest.raises(NotEnoughCredits) as told:
        order(session, parts.settings, ana, wish(model="sandbox-painter", count=3), parts.clock())
    session.commit()
    assert (told.value.there, told.value.needed) == (17, 18), "for all of them, not for the first that did not fit"
    assert rows(session, Generation) == 1


def test_a_form_sent_twice_makes_one_order(session: Session, ana: Account, ordered: Ordered) -> None:
    token = uuid4()
    first, second = ordered(ana, id=token), ordered(ana, id=token, prompt="changed on the way")
    assert first.id == second.id == token
    assert second.prompt == "two pears on a white plate"
    assert rows(session, Image) == 1
    assert ledger.balance(session, ana.id) == 39


def test_a_form_sent_twice_at_once_makes_one_order(parts: Parts, session: Session, ana: Account) -> None:
    token, start = uuid4(), threading.Barrier(4)

    def send() -> None:
        with parts.sessions() as own:
            me = own.get(Account, ana.id)
            assert me
            start.wait()
            order(own, parts.settings, me, wish(id=token), parts.clock())
            own.commit()

    session.rollback()
    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert rows(session, Generation) == rows(session, Image) == 1
    assert ledger.balance(session, ana.id) == 39


def test_an_id_that_somebody_else_used_tells_nothing(
    session: Session, ana: Account, bob: Account, ordered: Ordered
) -> None:
    his = ordered(bob)
    hers = ordered(ana, id=his.id)
    assert hers.id != his.id
    assert (hers.account_id, his.account_id) == (ana.id, bob.id)


def test_two_orders_for_the_last_credits_make_one(parts: Parts, session: Session, ana: Account) -> None:
    session.rollback()
    start, outcomes = threading.Barrier(3), []

    def send() -> None:
        with parts.sessions() as own:
            me = own.get(Account, ana.id)
            assert me
            start.wait()
            try:
                order(own, parts.settings, me, wish(model="sandbox-painter", count=4), parts.clock())
                own.commit()
                outcomes.append("ordered")
            except NotEnoughCredits:
                outcomes.append("too few")

    threads = [threading.Thread(target=send) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["ordered", "too few", "too few"]
    assert ledger.balance(session, ana.id) == 16


def test_nothing_is_ordered_for_an_account_that_is_being_deleted(session: Session, parts: Parts, ana: Account) -> None:
    with parts.sessions.begin() as other:
        there = other.get(Account, ana.id)
        assert there
        there.frozen_at = parts.clock()
    assert ana.frozen_at is None, "this session does not know yet"
    with pytest.raises(BeingDeleted):
        order(session, parts.settings, ana, wish(), parts.clock())


def test_p10_the_acknowledgement_is_recorded_once_with_the_policys_version(
    session: Session, parts: Parts, ana: Account, ordered: Ordered
) -> None:
    ordered(ana)
    (said,) = session.scalars(select(Acknowledgement))
    assert (said.account_id, said.what, said.policy_version) == (ana.id, "outside-providers", in_force(parts.clock()))
    ordered(ana, acknowledged=False)
    ordered(ana, acknowledged=True)
    assert rows(session, Acknowledgement) == 1


def test_p10_a_new_policy_asks_again(
    session: Session, parts: Parts, ana: Account, ordered: Ordered, monkeypatch: pytest.MonkeyPatch
) -> None:
    from imgpilot.generation import order as module

    ordered(ana)
    monkeypatch.setattr(module.versions, "same_in", lambda _clause, _version: ("2027-01-01",))
    with pytest.raises(NotAcknowledged):
        order(session, parts.settings, ana, wish(acknowledged=False), parts.clock())


def test_p03_an_order_keeps_what_was_said_and_chosen_and_no_more(
    session: Session, ana: Account, ordered: Ordered
) -> None:
    made = ordered(ana, count=2, ratio="16:9")
    kept = {column.name: getattr(made, column.name) for column in Generation.__table__.columns}
    assert kept == {
        "id": made.id,
        "account_id": ana.id,
        "prompt": "two pears on a white plate",
        "model": "sandbox-draft",
        "ratio": "16:9",
        "width": 1024,
        "height": 576,
        "credits_each": 1,
        "size": "",
        "negative": "",
        "seed": None,
        "strength": None,
        "via": "studio",
        "created_at": made.created_at,
    }
    assert all(line.why == "picture" for line in session.scalars(select(CreditEntry)) if line.image_id)


def reference_of(session: Session, account: Account, parts: Parts) -> Reference:
    made = Reference(
        account_id=account.id,
        object_key=f"{account.id}/references/{uuid4()}.png",
        media_type="image/png",
        width=1,
        height=1,
        bytes=1,
        sha256="",
        created_at=parts.clock(),
        used_at=parts.clock(),
    )
    session.add(made)
    session.commit()
    return made


def test_using_a_reference_again_keeps_it_for_another_while(
    session: Session, parts: Parts, clock: Clock, ana: Account, ordered: Ordered
) -> None:
    reference = reference_of(session, ana, parts)
    clock.tick(days=20)
    made = ordered(ana, reference_ids=(reference.id,))
    assert references.of(session, made.id) == [reference]
    assert reference.used_at == clock()


def test_somebody_elses_reference_is_not_there(session: Session, parts: Parts, ana: Account, bob: Account) -> None:
    reference = reference_of(session, bob, parts)
    with pytest.raises(ReferenceMissing):
        order(session, parts.settings, ana, wish(reference_ids=(reference.id,)), parts.clock())


# ── the catalogue ────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_model_costs_something_and_makes_shapes_that_its_provider_takes() -> None:
    for model in MODELS:
        assert model.credits > 0 and model.seconds > 0 and model.sentence
        assert [shape.ratio for shape in model.shapes] == list(catalogue.RATIOS[: len(model.shapes)])
        for shape in model.shapes:
            across, down = map(int, shape.ratio.split(":"))
            assert shape.width % 16 == shape.height % 16 == 0
            assert shape.width * down == shape.height * across


def test_the_models_are_those_of_the_provider_in_use(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [model.key for model in catalogue.offered(parts.settings)] == ["sandbox-painter", "sandbox-draft"]
    monkeypatch.setattr(parts.settings, "openai_base_url", "https://api.openai.com/v1")
    assert [model.key for model in catalogue.offered(parts.settings)] == ["gpt-image-2", "gpt-image-1-mini"]


def test_a_shape_that_the_model_does_not_make_is_said(parts: Parts) -> None:
    mini = catalogue.known("gpt-image-1-mini")
    assert mini
    with pytest.raises(NoSuchShape) as told:
        mini.shape("16:9")
    assert told.value.said("en") == "GPT Image 1 mini makes these shapes: 1:1, 3:2, 2:3. Choose one."


def fitted(**given: Any) -> Model:
    """A model of the catalogue with other abilities."""
    known = catalogue.known("sandbox-painter")
    assert known
    return replace(known, **given)


@pytest.fixture
def able(monkeypatch: pytest.MonkeyPatch, parts: Parts) -> Model:
    """A model that can do everything, offered beside those of the sandbox."""
    sizes = (catalogue.Size("1K", 2, SHAPES), catalogue.Size("2K", 5, SHAPES[:1]))
    model = fitted(key="able", sizes=sizes, references=2, seed=True, negative=True, strength=True)
    monkeypatch.setattr(catalogue, "MODELS", (*MODELS, model))
    return model


SHAPES = (catalogue.Shape("1:1", 1024, 1024), catalogue.Shape("3:2", 1536, 1024))


def test_everything_that_was_chosen_is_kept_and_the_size_decides_the_price(
    session: Session, parts: Parts, ana: Account, able: Model, taken_in: Callable[..., UUID]
) -> None:
    ids = (taken_in(ana, 10), taken_in(ana, 20))
    made = order(
        session,
        parts.settings,
        ana,
        wish(
            model="able",
            size="2K",
            count=2,
            negative=" no people\r\n",
            seed=7,
            strength=30,
            reference_ids=ids,
            via="api",
        ),
        parts.clock(),
    )
    session.commit()
    assert (made.size, made.credits_each, made.negative, made.seed, made.strength, made.via) == (
        *("2K", 5, "no people", 7, 30, "api"),
    )
    assert [one.id for one in references.of(session, made.id)] == list(ids)
    assert ledger.balance(session, ana.id) == 30


@pytest.mark.parametrize(
    ("given", "said", "field"),
    [
        ({"size": "8K"}, "makes these sizes: 1K, 2K", "size"),
        ({"size": "2K", "ratio": "3:2"}, "Choose one", "ratio"),
        ({"negative": "x" * 1001}, "has 1001 characters and 1000 fit", "negative"),
        ({"seed": -1}, "whole number from 0 to 2147483647", "seed"),
        ({"seed": 2**31}, "whole number from 0 to 2147483647", "seed"),
        ({"strength": 101}, "from 0 to 100", "strength"),
        ({"model": "sandbox-draft", "negative": "x"}, "cannot be told what to leave out", "negative"),
        ({"model": "sandbox-draft", "seed": 1}, "takes no seed", "seed"),
        ({"model": "sandbox-draft", "strength": 1}, "cannot be told how much to change", "strength"),
    ],
)
def test_what_a_model_cannot_be_told_is_said_at_its_field(
    session: Session, parts: Parts, ana: Account, able: Model, given: dict[str, Any], said: str, field: str
) -> None:
    with pytest.raises(PersonalError) as told:
        order(session, parts.settings, ana, wish(**({"model": "able"} | given)), parts.clock())
    assert said in told.value.said("en") and told.value.field == field  # type: ignore[attr-defined]
    assert not session.new and rows(session, Generation) == 0


def test_without_a_reference_there_is_nothing_to_change(
    session: Session, parts: Parts, ana: Account, able: Model
) -> None:
    made = order(session, parts.settings, ana, wish(model="able", strength=30), parts.clock())
    assert made.strength is None


def test_more_references_than_the_model_takes_are_said(
    session: Session, parts: Parts, ana: Account, able: Model, taken_in: Callable[..., UUID]
) -> None:
    ids = tuple(taken_in(ana, size) for size in (10, 20, 30))
    with pytest.raises(TooManyHere) as told:
        order(session, parts.settings, ana, wish(model="able", reference_ids=ids), parts.clock())
    assert "at most 2 of them and there are 3" in told.value.said("en")


def test_p04_private_facts_are_asked_about_before_anything_is_written_and_may_be_sent_knowingly(
    session: Session, parts: Parts, ana: Account, able: Model
) -> None:
    asked = wish(model="able", prompt="a card for ana@example.com", negative="no +49 30 901820")
    with pytest.raises(FoundPersonal) as told:
        order(session, parts.settings, ana, asked, parts.clock())
    assert (told.value.field, told.value.kinds) == ("prompt", ("e-mail",))
    with pytest.raises(FoundInNegative) as told:
        order(session, parts.settings, ana, replace(asked, knowing=frozenset({"e-mail"})), parts.clock())
    assert (told.value.field, told.value.kinds) == ("negative", ("phone",))
    assert rows(session, Generation) == 0
    knowing = replace(asked, knowing=frozenset({"e-mail", "phone"}))
    assert order(session, parts.settings, ana, knowing, parts.clock()).prompt == "a card for ana@example.com"


def test_p04_what_our_rules_refuse_is_not_written_and_not_charged(session: Session, parts: Parts, ana: Account) -> None:
    with pytest.raises(NotMade):
        order(session, parts.settings, ana, wish(prompt="a nude child, explicit"), parts.clock())
    assert rows(session, Generation) == 0 and ledger.balance(session, ana.id) == 40
