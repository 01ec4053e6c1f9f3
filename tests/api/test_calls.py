"""Every call: who may make it, what it must look like, and that whatever goes wrong is a problem that helps."""

from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from imgpilot.accounts import sign_ins
from imgpilot.accounts.browsers import COOKIE
from imgpilot.accounts.models import Account
from imgpilot.accounts.standing import Restricted
from imgpilot.api import operations, pace, problems, reading, shapes
from imgpilot.api.problems import KINDS, Trouble
from imgpilot.language import translate
from imgpilot.limits import Limit
from imgpilot.parts import Parts
from tests.api.conftest import BASE, PROBLEM, Finished, Give, Program, problem
from tests.conftest import Clock
from tests.generation.conftest import somebody


def test_without_a_valid_token_nothing_is_answered(site: Flask, hers: Program) -> None:
    for header in ({}, {"Authorization": "Bearer ipk_wrong"}, {"Authorization": "Basic YTpi"}, {"Authorization": "x"}):
        answer = site.test_client().get("/api/v1/account", base_url=BASE, headers=header)
        problem(answer, 401, "unauthorized")
        assert answer.headers["WWW-Authenticate"].startswith('Bearer realm="imgpilot"')
    assert hers.get("/account").status_code == 200


def test_a_browser_that_is_signed_in_is_not_let_in_by_its_cookie(
    site: Flask, session: Session, parts: Parts, ana: Account
) -> None:
    token = sign_ins.start(session, parts.settings, ana, "Firefox", parts.clock())
    session.commit()
    client = site.test_client()
    client.set_cookie(COOKIE, token, domain="127.0.0.1")
    problem(client.get("/api/v1/account", base_url=BASE), 401, "unauthorized")
    problem(client.post("/api/v1/jobs", base_url=BASE, json={"prompt": "x"}), 401, "unauthorized")


def test_a_token_does_what_its_scopes_say_and_the_problem_names_the_one_that_is_missing(
    ana: Account, program: Give
) -> None:
    reader = program(ana, "images:read")
    assert reader.get("/images").status_code == 200
    assert reader.get("/models").status_code == 200, "any token will do"
    said = problem(reader.post("/jobs", {"prompt": "two pears"}), 403, "missing-scope")
    assert said["scope"] == "images:write"


def test_every_operation_but_the_models_needs_a_scope() -> None:
    assert {one.name for one in operations.everything() if not one.scope} == {"list_models"}
    for one in operations.everything():
        assert not one.writes or one.scope.endswith((":write", "webhooks")), one.name


def test_no_answer_sets_a_cookie_or_lets_another_site_read_it(
    hers: Program, ana: Account, site: Flask, session: Session, parts: Parts, clock: Clock
) -> None:
    """Not even to a browser that comes with one that would be renewed."""
    token = sign_ins.start(session, parts.settings, ana, "Firefox", parts.clock())
    session.commit()
    clock.tick(days=8)
    hers.client.set_cookie(COOKIE, token, domain="127.0.0.1")
    answers = [
        hers.get("/account", headers={"Origin": "https://elsewhere.example"}),
        hers.get("/account", headers={"Authorization": ""}),
        hers.post("/jobs", {"prompt": ""}),
        hers.get("/nothing"),
        hers.call("PUT", "/jobs"),
        hers.call("OPTIONS", "/jobs", headers={"Origin": "https://elsewhere.example"}),
        hers.get("/openapi.json"),
    ]
    for answer in answers:
        assert "Set-Cookie" not in answer.headers
        assert not [name for name, _value in answer.headers if name.lower().startswith("access-control")]
        assert "Cookie" not in answer.headers.get("Vary", "")


@pytest.mark.parametrize(
    ("body", "status", "slug", "at"),
    [
        (b"", 400, "unreadable", None),
        (b"{", 400, "unreadable", None),
        (b'\xff{"prompt": "x"}', 400, "unreadable", None),
        (b'{"prompt": "x", "seed": NaN}', 400, "unreadable", None),
        (b'{"prompt": "x", "prompt": "y"}', 400, "unreadable", None),
        (b"[" * 60_000, 400, "unreadable", None),
        (b'{"prompt": ' + b"[" * 20 + b"]" * 20 + b"}", 400, "unreadable", None),
        (b'{"seed": ' + b"9" * 6000 + b"}", 400, "unreadable", None),
        (b'{"prompt": "\\ud800"}', 400, "unreadable", None),
        (b"[]", 422, "invalid", ""),
        (b"null", 422, "invalid", ""),
        (b"{}", 422, "invalid", "/prompt"),
        (b'{"prompt": 1}', 422, "invalid", "/prompt"),
        (b'{"prompt": "x", "count": "1"}', 422, "invalid", "/count"),
        (b'{"prompt": "x", "count": true}', 422, "invalid", "/count"),
        (b'{"prompt": "x", "count": 5}', 422, "invalid", "/count"),
        (b'{"prompt": "x", "seed": 1e400}', 422, "invalid", "/seed"),
        (b'{"prompt": "x", "seed": 99999999999999999999999}', 422, "invalid", "/seed"),
        (b'{"prompt": "x", "references": ["no"]}', 422, "invalid", "/references/0"),
        (b'{"prompt": "x", "a/b~c": 1}', 422, "invalid", "/a~1b~0c"),
        (b'{"prompt": "x", "model": "none such"}', 422, "invalid", "/model"),
        (b'{"prompt": "x", "size": "9K"}', 422, "invalid", "/size"),
        (b'{"prompt": "   "}', 422, "invalid", "/prompt"),
        (b'{"prompt": "x", "negative": "a\\u0000"}', 422, "invalid", "/negative"),
        (b'{"prompt": "' + b"x" * 70_000 + b'"}', 413, "too-large", None),
    ],
)
def test_a_body_that_does_not_fit_is_refused_with_its_place(
    hers: Program, body: bytes, status: int, slug: str, at: str | None
) -> None:
    said = problem(hers.call("POST", "/jobs", data=body, content_type="application/json"), status, slug)
    if at is not None:
        assert at in [each["pointer"] for each in said["errors"]] or (at == "" and said["errors"])


@settings(max_examples=300)
@given(st.binary(max_size=200) | st.text(alphabet='[]{}":,\\ \n0e-tfnul9', max_size=60).map(str.encode))
def test_no_bytes_are_read_as_anything_but_an_order_or_a_problem(sent: bytes) -> None:
    try:
        read = reading.body(shapes.NewJob, sent)
    except Trouble as trouble:
        assert trouble.kind in (problems.UNREADABLE, problems.INVALID)
    else:
        assert read.prompt


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("/images?limit=0", "limit"),
        ("/images?limit=101", "limit"),
        ("/images?limit=ten", "limit"),
        ("/images?limit=1&limit=2", "limit"),
        ("/images?favourite=perhaps", "favourite"),
        ("/images?since=yesterday", "since"),
        ("/images?since=2026-01-01T00:00:00", "since"),
        ("/images?colour=red", "colour"),
        ("/images?model=%00", "model"),
        ("/models?limit=1", "limit"),
        ("/account?x", "x"),
    ],
)
def test_a_parameter_that_does_not_fit_is_named(hers: Program, path: str, parameter: str) -> None:
    (flaw,) = problem(hers.get(path), 422, "invalid")["errors"]
    assert flaw["parameter"] == parameter
    assert flaw["detail"]


def test_other_bodies_formats_and_methods_are_refused_with_problems(hers: Program) -> None:
    problem(hers.post("/jobs", data=b"prompt=x", content_type="text/plain"), 415, "unsupported-media-type")
    problem(hers.post("/jobs", data={"prompt": "x"}), 415, "unsupported-media-type")
    packed = hers.post("/jobs", {"prompt": "x"}, headers={"Content-Encoding": "gzip"})
    problem(packed, 415, "unsupported-media-type")
    problem(hers.post("/references", {"file": "x"}), 415, "unsupported-media-type")
    problem(hers.get("/account", headers={"Accept": "text/html"}), 406, "not-acceptable")
    problem(hers.get("/account", headers={"Accept": "application/json;q=0"}), 406, "not-acceptable")
    assert hers.get("/account", headers={"Accept": "application/*"}).status_code == 200
    wrong = hers.call("PUT", "/jobs")
    problem(wrong, 405, "method-not-allowed")
    assert {"GET", "POST"} <= set(wrong.headers["Allow"].split(", "))
    for path in ("", "/", "/nothing", "/jobs/", "//jobs", "/jobs/no-id", "/images/1/file", "/shares/x/y"):
        problem(hers.get(path), 404, "not-found")


def test_what_fails_on_our_side_is_a_problem_that_tells_nobody_s_data(
    site: Flask, hers: Program, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_given: object) -> None:
        raise RuntimeError("ana@example.com")

    monkeypatch.setattr("imgpilot.api.account.ledger.balance", broken)
    site.testing = False
    site.config["PROPAGATE_EXCEPTIONS"] = False
    answer = hers.get("/credits")
    said = problem(answer, 500, "internal-error")
    assert "ana@example.com" not in answer.text + caplog.text
    assert said["instance"] in caplog.text, "we find the call again"


def test_every_answer_says_how_many_calls_are_left_and_too_many_are_refused_until_the_window_ends(
    hers: Program,
    ana: Account,
    program: Give,
    session: Session,
    parts: Parts,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = hers.get("/models")
    assert first.headers["RateLimit-Policy"] == '"reads";q=120;w=60'
    assert first.headers["RateLimit"] == '"reads";r=119;t=60'
    wrong = hers.post("/jobs", {})
    assert wrong.headers["RateLimit"] == '"writes";r=29;t=60', "errors count and say so too"
    monkeypatch.setattr(pace, "READS", Limit("api reads", 2, pace.READS.span))
    clock.tick(seconds=20)
    assert hers.get("/models").status_code == 200
    refused = hers.get("/models")
    problem(refused, 429, "too-many-requests")
    assert refused.headers["Retry-After"] == "40"
    assert refused.headers["RateLimit"] == '"reads";r=0;t=40'
    problem(program(ana).get("/models"), 429, "too-many-requests")
    bob = somebody(session, parts, "bob")
    assert program(bob).get("/models").headers["RateLimit"] == '"reads";r=1;t=60', "another account has its own"
    clock.tick(seconds=40)
    assert hers.get("/models").status_code == 200


def test_problems_speak_the_language_that_is_asked_for_and_keep_their_type_and_members(hers: Program) -> None:
    def asked(wanted: str, body: Any) -> tuple[str, dict[str, Any]]:
        answer = hers.post("/jobs", body, headers={"Accept-Language": wanted})
        assert "Accept-Language" in answer.headers["Vary"]
        return answer.headers["Content-Language"], problem(answer, 422, "invalid")

    body = {"prompt": "two pears", "acknowledged": True, "odd": 1}
    spoken, chinese = asked("zh-CN,zh;q=0.9,en;q=0.5", body)
    assert spoken == "zh-Hans"
    assert chinese["title"] == translate("zh_Hans", problems.INVALID.title) != problems.INVALID.title
    assert chinese["detail"] == translate("zh_Hans", problems.INVALID.explained)
    spoken, english = asked("fr-CA", body)
    assert (spoken, english["title"]) == ("en", problems.INVALID.title)
    assert chinese["errors"][0]["pointer"] == english["errors"][0]["pointer"] == "/odd"
    said = hers.call("GET", "/nothing", headers={"Accept-Language": "zh"})
    assert problem(said, 404, "not-found")["title"] == translate("zh_Hans", problems.NOT_FOUND.title)


def test_an_error_of_the_site_is_said_in_the_language_that_is_asked_for(
    hers: Program, ana: Account, session: Session, parts: Parts
) -> None:
    session.get_one(Account, ana.id).restricted_at = parts.clock()
    session.commit()
    order = {"prompt": "two pears", "acknowledged": True}
    said = [
        problem(hers.post("/jobs", order, headers={"Accept-Language": each}), 403, "account-standing")["detail"]
        for each in ("en", "zh")
    ]
    assert said == [Restricted(parts.clock()).said(each) for each in ("en", "zh_Hans")]
    assert said[0] != said[1]


def test_a_restricted_account_is_read_but_nothing_new_is_made(
    hers: Program, ana: Account, session: Session, parts: Parts
) -> None:
    session.get_one(Account, ana.id).restricted_at = parts.clock()
    session.commit()
    assert hers.get("/account").json["standing"] == "restricted"  # type: ignore[index]
    said = problem(hers.post("/jobs", {"prompt": "two pears", "acknowledged": True}), 403, "account-standing")
    assert said["standing"] == "restricted"
    problem(hers.post("/webhooks", {"url": "https://example.com/x"}), 403, "account-standing")


def test_a_frozen_account_s_tokens_open_nothing(hers: Program, ana: Account, session: Session, parts: Parts) -> None:
    session.get_one(Account, ana.id).frozen_at = parts.clock()
    session.commit()
    problem(hers.get("/account"), 401, "unauthorized")


def test_every_kind_of_problem_has_a_page_that_explains_it(site: Flask) -> None:
    client = site.test_client()
    for kind in KINDS.values():
        page = client.get(f"/api/problems/{kind.slug}", base_url=BASE)
        assert page.status_code == 200
        assert kind.title in page.text.replace("&#39;", "'")
    assert client.get("/api/problems/none-such", base_url=BASE).status_code == 404


def test_the_site_s_own_errors_stay_pages(site: Flask) -> None:
    assert site.test_client().get("/nothing", base_url=BASE, headers={"Accept": "text/html"}).mimetype == "text/html"


def test_cursors_are_taken_as_they_were_given_or_not_at_all(
    hers: Program, ana: Account, finished: Finished, program: Give, session: Session, parts: Parts
) -> None:
    finished(ana, count=2)
    first = hers.get("/images?limit=1").json
    assert first
    cursor = first["next"]
    assert hers.get(f"/images?limit=1&cursor={cursor}").status_code == 200
    tampered = cursor[:-2] + ("AA" if cursor[-2:] != "AA" else "BB")
    for wrong in (tampered, cursor[4:], "x", "A" * 400, "%ff", "~~~"):
        problem(hers.get(f"/images?cursor={wrong}"), 400, "bad-cursor")
    problem(hers.get(f"/jobs?cursor={cursor}"), 400, "bad-cursor")
    other = Account(email="bob@example.com", created_at=parts.clock())
    session.add(other)
    session.commit()
    problem(program(other).get(f"/images?cursor={cursor}"), 400, "bad-cursor")


def test_the_document_is_public_valid_and_the_only_thing_that_is(site: Flask) -> None:
    from openapi_spec_validator import validate

    answer = site.test_client().get("/api/v1/openapi.json", base_url=BASE)
    document: Any = answer.json
    assert document["openapi"] == "3.1.0"
    validate(document)
    assert document["servers"] == [{"url": f"{BASE}/api/v1"}]
    described = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    rules = [rule for rule in site.url_map.iter_rules() if rule.endpoint.startswith("api.")]
    served = {
        (method, rule.rule.removeprefix("/api/v1").replace("<uuid:id_>", "{id}").replace("<share_id>", "{share_id}"))
        for rule in rules
        for method in (rule.methods or set()) - {"HEAD"}
        if rule.endpoint != "api.openapi"
    }
    assert described == served
    for path, methods in document["paths"].items():
        for method, said in methods.items():
            assert said["description"] and said["summary"], (method, path)
            for status, answer_ in said["responses"].items():
                if int(status) >= 400:
                    assert list(answer_["content"]) == [PROBLEM], (method, path, status)
            if "requestBody" in said and "application/json" in said["requestBody"]["content"]:
                name = said["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
                assert document["components"]["schemas"][name]["examples"], name
