"""Bob's program tries every address that takes an id, with every id of Ana's; and so does one with no token."""

import io
import json
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from imgpilot.api.models import WebhookEndpoint
from imgpilot.generation.models import Reference
from imgpilot.parts import Parts
from imgpilot.sharing.models import Share
from tests.api.conftest import Give, Program, problem
from tests.generation.conftest import photo
from tests.portal.conftest import ana, bob
from tests.requests.ending import everything_of
from tests.world import Somebody, stands_in

__all__ = ["ana", "bob"]

#: (operation): the kind of id that it takes, and what is sent. A new operation that takes an id needs a line here.
TRIES: dict[str, tuple[str, Any]] = {
    "read_job": ("job", None),
    "cancel_job": ("job", None),
    "read_image": ("image", None),
    "fetch_image": ("image", None),
    "change_image": ("image", {"favourite": True}),
    "remove_image": ("image", None),
    "read_share": ("share", None),
    "change_share": ("share", {"listed": True}),
    "take_share_back": ("share", None),
    "read_webhook": ("webhook", None),
    "change_webhook": ("webhook", {"active": False}),
    "remove_webhook": ("webhook", None),
    "test_webhook": ("webhook", None),
    "rotate_webhook": ("webhook", None),
}
#: Operations whose body names something by its id.
BODIES: dict[str, Any] = {
    "create_job": ("reference", lambda id_: {"prompt": "x", "references": [id_], "acknowledged": True}),
    "publish_image": ("image", lambda id_: {"image_id": id_}),
}
#: These take no id at all.
NO_IDS = {
    *("read_account", "read_credits", "list_models", "list_jobs", "list_images", "list_shares", "list_webhooks"),
    *("upload_reference", "create_webhook", "openapi"),
}


def routes(site: Flask) -> Iterator[tuple[str, str, str]]:
    """Every operation: its name, method and address."""
    for rule in site.url_map.iter_rules():
        if rule.endpoint.startswith("api."):
            for method in sorted((rule.methods or set()) - {"HEAD"}):
                yield rule.endpoint.removeprefix("api."), method, rule.rule.removeprefix("/api/v1")


def ids(session: Session, of: Somebody) -> dict[str, str]:
    """An id of each kind of hers."""
    return {
        "job": str(of.image.generation_id),
        "image": str(of.image.id),
        "reference": str(of.reference.id),
        "share": session.scalars(select(Share.id).where(Share.account_id == of.account.id)).one(),
        "webhook": str(
            session.scalars(select(WebhookEndpoint.id).where(WebhookEndpoint.account_id == of.account.id)).one()
        ),
        "account": str(of.account.id),
    }


def filled(rule: str, id_: str) -> str:
    """The address with this id."""
    return re.sub(r"<[^>]+>", id_, rule)


def told(answer: TestResponse, id_: str) -> tuple[int, str]:
    """Status and words, but for the id and what names the call."""
    return answer.status_code, re.sub(r"urn:uuid:[0-9a-f-]+", "", answer.text).replace(id_, "ID")


def test_every_operation_is_tried_or_takes_no_id(site: Flask) -> None:
    there = {name for name, _method, _rule in routes(site)}
    with_id = {name for name, _method, rule in routes(site) if "<" in rule}
    assert with_id == set(TRIES), "say in TRIES what Bob tries there"
    assert there - with_id == set(BODIES) | NO_IDS, "does its body name something by an id? Then it needs a line"


def test_her_own_program_reaches_all_of_it(
    session: Session, site: Flask, ana: Somebody, program: Give, parts: Parts
) -> None:
    """Otherwise the test below would show nothing."""
    mine, hers = ids(session, ana), program(ana.account)
    for name, method, rule in routes(site):
        if name in TRIES and method == "GET":
            assert hers.get(filled(rule, mine[TRIES[name][0]])).status_code == 200, name


def test_her_ids_are_ids_of_nothing_to_his_program(
    session: Session, parts: Parts, site: Flask, ana: Somebody, bob: Somebody, program: Give, monkeypatch: Any
) -> None:
    monkeypatch.setattr("imgpilot.api.pace.WRITES", _many())
    monkeypatch.setattr("imgpilot.api.pace.READS", _many())
    hers, his = ids(session, ana), program(bob.account)
    session.rollback()
    before = everything_of(session, parts, ana)
    for name, method, rule in routes(site):
        if name not in TRIES:
            continue
        kind, body = TRIES[name]
        nothing = "0" * 22 if kind == "share" else str(uuid4())
        expected = told(his.call(method, filled(rule, nothing), body), nothing)
        assert expected[0] == 404, name
        for id_ in hers.values():
            got = told(his.call(method, filled(rule, id_), body), id_)
            if is_uuid(id_) or kind == "share":
                assert got == expected, name
            assert got[0] == 404, name
    for name, (_kind, body) in BODIES.items():
        (method, rule), nothing = next((m, r) for n, m, r in routes(site) if n == name), str(uuid4())
        expected = told(his.call(method, rule, body(nothing)), nothing)
        assert expected[0] in (404, 422), name
        for id_ in hers.values():
            if is_uuid(id_):
                assert told(his.call(method, rule, body(id_)), id_) == expected, name
    for name, method, rule in routes(site):
        if method == "GET" and "<" not in rule and name != "openapi":
            assert not stands_in("ANA", his.get(rule).text)
            assert "ana@" not in his.get(rule).text
    session.rollback()
    assert everything_of(session, parts, ana) == before


def test_without_a_token_every_address_says_so_and_nothing_else(
    session: Session, parts: Parts, site: Flask, ana: Somebody
) -> None:
    hers, nobody = ids(session, ana), Program(site, "ipk_" + "x" * 40)
    session.rollback()
    before = everything_of(session, parts, ana)
    for name, method, rule in routes(site):
        if name != "openapi":
            kind, body = TRIES.get(name, ("image", {}))
            problem(nobody.call(method, filled(rule, hers[kind]), body), 401, "unauthorized")
    session.rollback()
    assert everything_of(session, parts, ana) == before


def test_a_token_of_no_scope_but_one_does_nothing_of_the_others(
    session: Session, site: Flask, ana: Somebody, program: Give, monkeypatch: pytest.MonkeyPatch
) -> None:
    from imgpilot.accounts import tokens
    from imgpilot.api.operations import everything

    monkeypatch.setattr("imgpilot.api.pace.WRITES", _many())
    hers = ids(session, ana)
    needs = {one.name: one.scope for one in everything()}
    for scope in ("images:read", "webhooks"):
        reader = program(ana.account, scope)
        assert scope in tokens.SCOPES
        for name, method, rule in routes(site):
            if needs.get(name) not in (None, "", scope):
                said = problem(
                    reader.call(method, filled(rule, hers[TRIES.get(name, ("image", 0))[0]]), {}), 403, "missing-scope"
                )
                assert said["scope"] == needs[name]


def test_his_upload_of_her_very_picture_is_another_reference(
    session: Session, ana: Somebody, bob: Somebody, program: Give
) -> None:
    made = [
        json.loads(program(one.account).post("/references", data={"file": (io.BytesIO(photo()), "x.png")}).data)
        for one in (ana, bob)
    ]
    assert made[0]["sha256"] == made[1]["sha256"]
    assert made[0]["id"] != made[1]["id"]
    assert session.get_one(Reference, UUID(made[1]["id"])).account_id == bob.account.id


def is_uuid(text: str) -> bool:
    """Whether this is one."""
    return len(text) == 36


def _many() -> Any:
    from imgpilot.api.pace import READS
    from imgpilot.limits import Limit

    return Limit("api reads", 100_000, READS.span)
