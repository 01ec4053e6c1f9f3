"""Another system opens and follows requests over the interface, with the rights of whom it signs in as."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast
from uuid import UUID, uuid4

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from compliance import inventory
from compliance.audit.models import Entry
from compliance.console.rest_cases import MASKED
from compliance.console.roles import ALL_ROLES, EVERYBODY, who_may
from compliance.requests.casework import Comment
from compliance.requests.models import PrivacyRequest
from imgpilot.parts import Parts
from imgpilot.privacy import Edge
from tests.accounts.browser import Browser
from tests.console.conftest import PASSWORD, address
from tests.requests.conftest import look, work_off
from tests.world import Somebody

WHY = "The person asked on the telephone to take it back."
BASE = "/api/v1/request/"


class System:
    """Another system: it signs in once and sends its token."""

    def __init__(self, app: Flask, role: str) -> None:
        self.client = app.test_client()
        answer = self.client.post("/api/v1/security/login", json={"username": address(role), "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        self.headers = {"Authorization": f"Bearer {answer.get_json()['access_token']}"}

    def get(self, path: str = "", **query: str) -> TestResponse:
        """Read."""
        return self.client.get(BASE + path, query_string=query, headers=self.headers)

    def post(self, path: str, body: Any) -> TestResponse:
        """Send this as JSON."""
        return self.client.post(BASE + path, json=body, headers=self.headers)


@pytest.fixture
def system(console: Flask) -> Callable[[str], System]:
    """A system that signed in as the member of staff with this role."""
    return lambda role: System(console, role)


def result(answer: TestResponse, status: int = 200) -> dict[str, Any]:
    """What came back."""
    assert answer.status_code == status, answer.text
    found = answer.get_json()["result"]
    assert isinstance(found, dict)
    return found


def test_another_system_opens_a_case_and_follows_it_to_its_answer(
    session: Session, parts: Parts, ana: Somebody, system: Callable[[str], System]
) -> None:
    officer = system("Privacy Officer")
    received = parts.clock() - timedelta(days=2)
    sent = {
        "kind": "access",
        "account": str(ana.account.id),
        "country": "DE",
        "received_at": received.isoformat(),
        "details": "Only my pictures, please.",
    }
    made = result(officer.post("", sent), 201)
    assert (made["channel"], made["regime"], made["proof"], made["state"]) == ("api", "gdpr", "staff", "received")
    id_ = made["id"]
    assert look(session, UUID(id_)).details == "Only my pictures, please."
    work_off(parts)
    seen = result(officer.get(id_))
    assert seen["state"] == "review"
    assert seen["plan"]["digest"]
    assert {line["table"] for line in seen["plan"]["tables"]} >= {"account"}
    result(officer.post(f"{id_}/assign", {"staff": None}))
    result(officer.post(f"{id_}/comment", {"text": "Opened by the help desk."}))
    approved = result(officer.post(f"{id_}/approve", {"digest": seen["plan"]["digest"]}))
    assert approved["state"] == "running"
    work_off(parts)
    done = result(officer.get(id_))
    assert (done["state"], done["outcome"]) == ("answered", "granted")
    assert {step["state"] for step in done["steps"]} <= {"done", "dropped", "skipped"}
    assert {"opened", "planned", "approved", "commented", "answered"} <= {line["what"] for line in done["timeline"]}
    said = session.scalars(select(Comment.text).where(Comment.request_id == UUID(id_))).all()
    assert said == ["Opened by the help desk."]


def test_with_an_address_only_the_person_has_to_prove_it(
    session: Session, parts: Parts, system: Callable[[str], System]
) -> None:
    made = result(
        system("Privacy Agent").post("", {"kind": "deletion", "contact": "a@example.org", "country": "FR"}), 201
    )
    assert (made["state"], made["proof"]) == ("proving", "none")
    request = look(session, UUID(made["id"]))
    assert (request.contact, request.account_id, request.zone) == ("a@example.org", None, "Europe/Paris")


def test_only_an_officer_vouches_for_an_account_and_a_deletion_needs_a_second_one(
    session: Session, parts: Parts, ana: Somebody, system: Callable[[str], System]
) -> None:
    sent = {"kind": "deletion", "account": str(ana.account.id), "regime": "gdpr"}
    assert system("Privacy Agent").post("", sent).status_code == 409
    officer = system("Privacy Officer")
    id_ = result(officer.post("", sent), 201)["id"]
    work_off(parts)
    digest = {"digest": result(officer.get(id_))["plan"]["digest"]}
    assert result(officer.post(f"{id_}/approve", digest))["state"] == "second"
    again = officer.post(f"{id_}/approve", digest)
    assert (again.status_code, again.get_json()["message"]) == (
        409,
        "You proposed this yourself. Somebody else has to agree.",
    )
    assert result(system("Approver").post(f"{id_}/approve", digest))["state"] in ("cooling", "running")


def test_it_is_refused_extended_and_taken_back_by_the_same_rules(
    session: Session, case: UUID, asked: Callable[..., UUID], system: Callable[[str], System]
) -> None:
    officer, before = system("Privacy Officer"), look(session, case).due_on
    short = officer.post(f"{case}/extend", {"reason": "Busy."})
    assert (short.status_code, "GDPR 12(4)" in short.get_json()["message"]) == (409, True)
    result(officer.post(f"{case}/extend", {"reason": "Your pictures lie in an archive that takes weeks."}))
    assert look(session, case).due_on > before
    assert result(officer.post(f"{case}/withdraw", {"reason": WHY}))["state"] == "withdrawn"
    refused = officer.post(
        f"{case}/refuse", {"ground": "other", "reason": "It was taken back before, so nothing is due."}
    )
    assert refused.status_code == 409


def test_a_stale_plan_is_not_approved(session: Session, case: UUID, system: Callable[[str], System]) -> None:
    answer = system("Privacy Officer").post(f"{case}/approve", {"digest": "0" * 64})
    assert answer.status_code == 409
    assert look(session, case).state == "review"


def test_reading_a_case_and_unmasking_it_are_written_down(
    session: Session, case: UUID, system: Callable[[str], System], staff: dict[str, int]
) -> None:
    auditor = system("Auditor")
    assert "ana@example.com" not in auditor.get(str(case)).text
    assert auditor.post(f"{case}/unmask", {"reason": "curious"}).status_code == 409
    assert result(auditor.post(f"{case}/unmask", {"reason": "complaint"}))["contact"] == "ana@example.com"
    session.rollback()
    found = session.scalars(select(Entry).where(Entry.action.in_(("staff read case", "staff unmasked value")))).all()
    assert [one.action for one in found] == ["staff read case", "staff unmasked value"]
    assert {one.actor for one in found} == {f"staff:{staff['Auditor']}"}
    assert found[1].facts["reason"] == "complaint"


def test_a_list_is_filtered_ordered_and_paged(
    many: Callable[[int], list[UUID]], system: Callable[[str], System]
) -> None:
    made, auditor = many(5), system("Auditor")
    page = auditor.get(q="(order_column:due_on,order_direction:desc,page:0,page_size:2)").get_json()
    assert page["count"] == 5
    assert [one["id"] for one in page["result"]] == [str(id_) for id_ in made[::-1][:2]]
    none = auditor.get(q="(filters:!((col:state,opr:eq,value:answered)))").get_json()
    assert (none["count"], none["result"]) == (0, [])
    chosen = auditor.get(q="(columns:!(id,case))").get_json()["result"][0]
    assert set(chosen) == {"id", "case"}


def personal() -> set[str]:
    """The columns of a request that hold what people wrote, an address or a key."""
    table = PrivacyRequest.__table__
    said = {c.name: inventory.what(cast(Any, c)) for c in table.columns}
    return {name for name, one in said.items() if one.personal or one.withheld or one.edge is Edge.OWNER} | set(MASKED)


def test_no_personal_or_secret_column_is_in_a_list_a_case_or_the_description(
    console: Flask, case: UUID, system: Callable[[str], System]
) -> None:
    officer = system("Privacy Officer")
    hidden = personal() | {"subject", "callback", "claimed_id"}
    listed = officer.get().get_json()
    assert not hidden & set(listed["result"][0])
    assert not hidden & set(result(officer.get(str(case))))
    for column in hidden:
        assert officer.get(q=f"(columns:!({column}))").get_json().get("result", [{}])[0].get(column) is None
        assert officer.get(q=f"(filters:!((col:{column},opr:eq,value:x)))").status_code == 400
        assert officer.get(q=f"(order_column:{column},order_direction:asc)").status_code == 400
    described = officer.client.get("/api/v1/_openapi", headers=officer.headers)
    assert described.status_code == 200
    schemas = described.get_json()["components"]["schemas"]
    for name in ("RequestApi.get", "RequestApi.get_list", "RequestApi.put"):
        assert not hidden & set(schemas[name].get("properties", {})), name
    paths = described.get_json()["paths"]
    assert set(paths[BASE]) == {"get", "post"}
    assert set(paths[BASE + "{pk}"]) == {"get"}
    deeds = ("approve", "refuse", "extend", "assign", "withdraw", "comment", "unmask")
    assert all(f"{BASE}{{pk}}/{deed}" in paths for deed in deeds)


RIGHTS = {
    ("GET", ""): "read",
    ("GET", "{case}"): "read",
    ("POST", ""): "open",
    ("POST", "{case}/approve"): "approve",
    ("POST", "{case}/refuse"): "decide",
    ("POST", "{case}/extend"): "decide",
    ("POST", "{case}/assign"): "assign",
    ("POST", "{case}/withdraw"): "work",
    ("POST", "{case}/comment"): "comment",
    ("POST", "{case}/unmask"): "unmask",
}


@pytest.mark.parametrize("role", ALL_ROLES)
def test_every_role_may_exactly_what_the_table_says(case: UUID, system: Callable[[str], System], role: str) -> None:
    theirs = system(role)
    for (method, path), name in RIGHTS.items():
        at = path.format(case=case)
        answer = theirs.get(at) if method == "GET" else theirs.post(at, {})
        may = role == "Admin" or role in (who_may("Interface", f"can_{name}") or ())
        assert (answer.status_code != 403) is may, (method, path)
        assert answer.status_code in ((200, 422) if may else (403,))


def test_a_cookie_is_not_enough(case: UUID, signed_in: Callable[[str], Browser]) -> None:
    browser = signed_in("Admin")
    assert browser.get(BASE).status_code == 401
    assert browser.send(f"{BASE}{case}/comment", {"text": "x"}).status_code == 401


def test_a_cookie_of_somebody_else_beside_the_token_is_refused(
    case: UUID, signed_in: Callable[[str], Browser], system: Callable[[str], System]
) -> None:
    browser, agent = signed_in("Privacy Officer"), system("Privacy Agent")
    answer = browser.client.get(BASE, base_url=browser.base, headers=agent.headers)
    assert answer.status_code == 403


def test_nothing_is_edited_or_deleted(case: UUID, system: Callable[[str], System]) -> None:
    admin = system("Admin")
    for method in ("put", "patch", "delete"):
        answer = getattr(admin.client, method)(f"{BASE}{case}", json={"state": "answered"}, headers=admin.headers)
        assert (answer.status_code, answer.get_json()["message"]) == (405, "Method Not Allowed.")


def test_what_is_not_there_is_not_found(case: UUID, system: Callable[[str], System]) -> None:
    officer = system("Privacy Officer")
    for path in (str(uuid4()), "1", "x"):
        assert officer.get(path).get_json() == {"message": "There is no such case."}
        assert officer.post(f"{path}/comment", {"text": "x"}).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"kind": "everything", "contact": "a@example.org", "country": "DE"},
        {"kind": "access", "country": "DE"},
        {"kind": "access", "contact": "a@example.org"},
        {"kind": "access", "contact": "no address", "country": "DE"},
        {"kind": "access", "contact": "a@example.org", "country": "XX"},
        {"kind": "access", "contact": "a@example.org", "country": "DE", "received_at": "2031-01-01T00:00:00Z"},
        {"kind": "access", "contact": "a@example.org", "country": "DE", "state": "answered"},
        {"kind": "access", "account": "00000000-0000-0000-0000-000000000000", "country": "DE"},
        {"kind": "access", "contact": "a\0b@example.org", "country": "DE"},
        [],
        None,
    ],
)
def test_a_bad_request_opens_nothing_and_says_why(session: Session, system: Callable[[str], System], body: Any) -> None:
    answer = system("Privacy Officer").post("", body)
    assert answer.status_code == 422
    assert answer.get_json()["message"].endswith(".")
    assert session.scalar(select(func.count()).select_from(PrivacyRequest)) == 0


def test_guessing_passwords_is_limited_and_written_down(session: Session, console: Flask) -> None:
    client = console.test_client()

    def attempt() -> TestResponse:
        return client.post("/api/v1/security/login", json={"username": address("Admin"), "password": "wrong"})

    assert [attempt().status_code for _ in range(11)] == [401] * 10 + [429]
    assert attempt().get_json() == {"message": "Too Many Requests."}
    failed = select(func.count()).select_from(Entry).where(Entry.action == "staff sign-in failed")
    assert session.scalar(failed) == 10
    assert client.post("/api/v1/security/refresh").status_code == 404


def test_who_was_deactivated_is_out_at_once(session: Session, case: UUID, system: Callable[[str], System]) -> None:
    from flask_appbuilder.security.sqla.models import User

    auditor = system("Auditor")
    session.scalars(select(User).where(User.email == address("Auditor"))).one().active = False
    session.commit()
    assert auditor.get(str(case)).status_code == 401


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
NAMES = (
    "kind",
    "contact",
    "account",
    "regime",
    "country",
    "received_at",
    "reason",
    "ground",
    "digest",
    "staff",
    "text",
)
bodies = anything | st.dictionaries(st.sampled_from(NAMES), anything | st.sampled_from(["access", "DE", "gdpr"]))
queries = st.text(max_size=60) | st.builds(
    "(filters:!((col:{},opr:{},value:{})),page:{},page_size:{})".format,
    st.sampled_from(["number", "state", "received_at", "due_on", "assigned_to", "kind"]),
    st.sampled_from(["eq", "gt", "lt", "ct", "sw", "in", "rel_o_m", "neq"]),
    st.sampled_from(
        ["x", "'%00'", "99999999999999999999", "!n", "!t", "(a:b)", "!(1,2)", "'2026-99-99'", "-1", "1e400"]
    ),
    st.sampled_from(["0", "-1", "99999999999999999999", "x"]),
    st.sampled_from(["1", "-1", "0", "99999999999"]),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(body=bodies, query=queries, deed=st.sampled_from(["", "approve", "refuse", "assign", "comment", "unmask"]))
def test_whatever_is_sent_the_answer_is_never_a_fault(
    case: UUID, system: Callable[[str], System], console: Flask, body: Any, query: str, deed: str
) -> None:
    if not hasattr(test_whatever_is_sent_the_answer_is_never_a_fault, str(case)):
        setattr(test_whatever_is_sent_the_answer_is_never_a_fault, str(case), system("Privacy Officer"))
    officer: System = getattr(test_whatever_is_sent_the_answer_is_never_a_fault, str(case))
    sent = officer.client.post(
        BASE + (f"{case}/{deed}" if deed else ""),
        data=json.dumps(body),
        content_type="application/json",
        headers=officer.headers,
    )
    assert sent.status_code < 500
    assert officer.get(q=query).status_code in (200, 400)


def test_a_query_that_is_nested_without_end_is_refused(system: Callable[[str], System]) -> None:
    assert system("Auditor").get(q="!(" * 1500).status_code == 400


def test_everybody_who_works_here_can_read_the_description(console: Flask, system: Callable[[str], System]) -> None:
    for role in EVERYBODY:
        theirs = system(role)
        assert theirs.client.get("/api/v1/_openapi", headers=theirs.headers).status_code == 200
    assert console.test_client().get("/api/v1/_openapi").status_code == 401
