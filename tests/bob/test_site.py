"""Bob tries: with Ana's ids he gets what he would get with ids of nothing, and nothing of hers is touched."""

import html
import re
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from compliance.audit.models import Entry
from compliance.requests.models import PrivacyRequest
from imgpilot import digests
from imgpilot.accounts.models import SignIn
from imgpilot.parts import Parts
from tests.accounts.browser import Browser
from tests.bob.trying import NOT_IDS, TRIES, Hers
from tests.portal.conftest import Enter
from tests.requests.ending import everything_of
from tests.world import Somebody, stands_in

BASE = "http://127.0.0.1:8000"
#: What differs between two answers to the same question: tokens of forms and of the content policy.
CHANGING = re.compile(r'(name="csrf_token"[^>]* value="|nonce=")[^"]+')
#: Where a form is, for its token.
FORM = "/account"
#: Guarded by the agent's bearer token instead of the form's: no browser sends that by itself.
NOT_FORMS = ("api.", "drp.")


def with_ids(site: Flask) -> Iterator[tuple[Rule, str]]:
    """Every route that takes something from its address, method by method."""
    for rule in site.url_map.iter_rules():
        if rule.arguments:
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule, method


def filled(rule: Rule, id_: UUID, token: str) -> str:
    """The address with this id."""
    return re.sub(r"<[^>]+>", lambda found: token if "token" in found[0] else str(id_), rule.rule)


def sent(browser: Browser, method: str, path: str, fields: dict[str, str]) -> TestResponse:
    """What the site answers."""
    return browser.client.open(path, method=method, data=fields, base_url=BASE, headers={"User-Agent": browser.agent})


def answer(response: TestResponse, id_: UUID) -> tuple[int, str, str]:
    """Status, where it leads, and what it says; but for the id itself."""
    where = response.headers.get("Location", "").replace(str(id_), "ID")
    return response.status_code, where, CHANGING.sub(r"\1", response.text).replace(str(id_), "ID")


def of_hers(session: Session, parts: Parts, ana: Somebody) -> tuple[object, object]:
    """Every row and object of hers, and how much the audit log says about her."""
    rows = everything_of(session, parts, ana)
    entries = select(func.count()).where(Entry.subject == digests.of_subject(parts.settings, ana.account.id))
    return rows, session.scalar(entries)


def test_every_route_that_takes_an_id_is_tried(site: Flask) -> None:
    there = {(rule.endpoint, method) for rule, method in with_ids(site) if rule.endpoint not in NOT_IDS}
    assert there == set(TRIES), "say in tests/bob/trying.py what Bob tries there"
    assert set(NOT_IDS) <= {rule.endpoint for rule, _method in with_ids(site)}


def test_her_ids_are_right_where_they_belong(hers: Hers, ana: Somebody, signed_in: Enter) -> None:
    """Otherwise the tests below would show nothing."""
    browser = signed_in(ana)
    assert browser.get(f"/images/{hers.ids['image'][0]}/file").status_code == 200
    assert browser.get(f"/references/{hers.ids['reference'][0]}").status_code == 200
    assert browser.get(f"/studio/{hers.ids['order'][0]}").status_code == 200
    for id_ in hers.ids["request"]:
        assert browser.get(f"/privacy/requests/{id_}").status_code == 200
    found = browser.client.head(f"/privacy/requests/{ana.request.id}/package/{hers.token}", base_url=BASE)
    assert found.status_code == 200


@pytest.mark.parametrize("who", ["bob", "nobody"])
def test_her_ids_are_ids_of_nothing(
    session: Session,
    parts: Parts,
    site: Flask,
    hers: Hers,
    ana: Somebody,
    bob: Somebody,
    signed_in: Enter,
    who: str,
) -> None:
    """Of the right kind and of every other."""
    browser = signed_in(bob) if who == "bob" else Browser(site)
    before = of_hers(session, parts, ana)
    fields = {"csrf_token": browser.csrf(FORM if who == "bob" else "/sign-in")}
    for rule, method in with_ids(site):
        if rule.endpoint in NOT_IDS:
            continue
        tried = TRIES[rule.endpoint, method]
        nothing = uuid4()
        expected = answer(sent(browser, method, filled(rule, nothing, hers.token), fields | dict(tried.sent)), nothing)
        for id_ in hers.every:
            got = answer(sent(browser, method, filled(rule, id_, hers.token), fields | dict(tried.sent)), id_)
            where = f"{method} {rule.rule} with an id of {[kind for kind, some in hers.ids.items() if id_ in some]}"
            assert got[:2] == expected[:2], where
            assert got[2] == expected[2], where
            assert not stands_in("ANA", got[2]), where
            assert "ana@example.com" not in got[2], where
    assert of_hers(session, parts, ana) == before


def test_her_link_opens_nothing_at_a_request_of_his(
    session: Session, parts: Parts, hers: Hers, ana: Somebody, bob: Somebody, signed_in: Enter
) -> None:
    browser, before = signed_in(bob), of_hers(session, parts, ana)
    hers_there = browser.get(f"/privacy/requests/{bob.request.id}/package/{hers.token}")
    nothing = browser.get(f"/privacy/requests/{bob.request.id}/package/{'x' * 43}")
    # The page names its own address, to come back to.
    assert CHANGING.sub("", hers_there.text).replace(hers.token, "x" * 43) == CHANGING.sub("", nothing.text)
    assert hers_there.status_code == nothing.status_code == 410
    assert of_hers(session, parts, ana) == before


@pytest.mark.parametrize("send_away", [True, False])
def test_her_reference_is_taken_into_no_order_of_his(
    session: Session, parts: Parts, hers: Hers, ana: Somebody, bob: Somebody, signed_in: Enter, send_away: bool
) -> None:
    """Ids in forms are ids too: of a reference, and of an order that was placed."""
    browser, before = signed_in(bob), of_hers(session, parts, ana)
    for id_ in (*hers.ids["reference"], *hers.ids["order"]):
        said = []
        for one in (id_, nothing := uuid4()):
            form = {"csrf_token": browser.csrf("/studio"), "id": str(one), "reference_id": str(one), "prompt": ""}
            response = browser.send("/studio", form | ({"reference_remove": "1"} if send_away else {}))
            said.append(answer(response, one))
            assert str(ana.reference.id) not in response.text or one == ana.reference.id
        assert said[0][:2] == said[1][:2], nothing
        assert not stands_in("ANA", said[0][2])
    assert of_hers(session, parts, ana) == before


@pytest.mark.parametrize("path", ["/privacy/confirm/", "/sign-in/"])
def test_an_id_is_no_token(
    session: Session, parts: Parts, hers: Hers, ana: Somebody, bob: Somebody, signed_in: Enter, path: str
) -> None:
    browser, before = signed_in(bob), of_hers(session, parts, ana)
    fields = {"csrf_token": browser.csrf(FORM), "answer": "yes"}
    expected = [answer(browser.get(path + "x" * 75), ana.account.id)]
    expected.append(answer(browser.send(path + "x" * 75, fields), ana.account.id))
    for given in (hers.token, *(str(id_) for id_ in hers.every)):
        got = [browser.get(path + given), browser.send(path + given, fields)]
        for one, wanted in zip(got, expected, strict=True):
            assert one.status_code == wanted[0]
            assert one.status_code in (302, 400, 404, 410)
            assert "ana@example.com" not in one.text
    assert of_hers(session, parts, ana) == before


def test_no_form_is_taken_without_its_token(
    session: Session, parts: Parts, site: Flask, hers: Hers, ana: Somebody, signed_in: Enter
) -> None:
    """Not even from Ana herself, with her own ids: another site could have sent it in her name."""
    browser = signed_in(ana)
    assert browser.get(FORM).status_code == 200
    before = of_hers(session, parts, ana)
    tried = 0
    for rule in site.url_map.iter_rules():
        if "POST" not in (rule.methods or ()) or rule.endpoint.startswith(NOT_FORMS):
            continue
        of = TRIES.get((rule.endpoint, "POST"))
        ids = hers.ids[of.of] if of else (ana.account.id,)
        given = dict(of.sent) if of else {"answer": "yes", "email": "ana@example.com", "prompt": "x", "allowed": "1"}
        for id_ in ids:
            path = re.sub(r"<kind>", "deletion", rule.rule)
            path = re.sub(r"<what>", "news", path)
            path = re.sub(r"<[^>]+>", str(id_), path)
            response = browser.send(path, given)
            assert response.status_code == 400, path
            tried += 1
    assert tried > 12
    assert of_hers(session, parts, ana) == before


def test_what_he_may_do_to_his_own_leaves_hers_alone(
    session: Session, parts: Parts, hers: Hers, ana: Somebody, bob: Somebody, signed_in: Enter
) -> None:
    """He ends a restriction, turns a choice, orders nothing, asks for a copy: all of it is his."""
    browser, before = signed_in(bob), of_hers(session, parts, ana)
    browser.post("/privacy/choices/news", {"allowed": "0", "account_id": str(ana.account.id)}, on=FORM)
    browser.post("/privacy/restriction/end", {"account_id": str(ana.account.id)}, on=FORM)
    browser.post("/privacy/ask/access", {"country": "DE", "account_id": str(ana.account.id)}, on=FORM)
    for path in ("/privacy", "/privacy/seen", "/privacy/ledger", "/privacy/ledger.csv", "/account", "/gallery"):
        for query in ("", f"?account={ana.account.id}&after={ana.image.id}&id={ana.request.id}"):
            # The page names its own address, to come back to.
            page = html.unescape(browser.get(path + query).text).replace(query, "")
            assert not stands_in("ANA", page), path
            for mark in ("ana@example.com", str(ana.request.id), str(ana.image.id), str(ana.account.id)):
                assert mark not in page, f"{path}: {mark}"
    assert of_hers(session, parts, ana) == before
    assert session.scalar(select(func.count()).where(SignIn.account_id == ana.account.id)) == 1
    of_bob = select(func.count()).where(PrivacyRequest.account_id == bob.account.id)
    assert (session.scalar(of_bob) or 0) >= 1
