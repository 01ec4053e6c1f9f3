"""What can be done: order, follow, fetch, mark, remove, publish; each with the rules that the site has."""

import io
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from imgpilot.accounts.models import Account
from imgpilot.billing import ledger
from imgpilot.generation.make import make
from imgpilot.generation.models import Generation, Image, Reference
from imgpilot.parts import Parts
from imgpilot.safety.models import PromptRefusal
from tests.api.conftest import BASE, Finished, Give, Program, problem
from tests.conftest import Clock
from tests.generation.conftest import photo

DRAFT = {"prompt": "two pears on a white plate", "model": "sandbox-draft", "acknowledged": True}


def said(answer: TestResponse, status: int = 200) -> Any:
    """What a call that went well answers."""
    assert answer.status_code == status, answer.text
    return answer.get_json()


def upload(program: Program, data: bytes, name: str = "file", **more: Any) -> TestResponse:
    """Send a file."""
    return program.post("/references", data={name: (io.BytesIO(data), "me.jpg")}, **more)


def test_an_order_is_placed_followed_and_fetched(hers: Program, session: Session, parts: Parts, ana: Account) -> None:
    answer = hers.post("/jobs", DRAFT | {"count": 2, "ratio": "3:2"})
    job = said(answer, 201)
    assert answer.headers["Location"] == f"{BASE}/api/v1/jobs/{job['id']}" == job["url"]
    assert (job["state"], job["ratio"], job["credits_each"], job["via"]) == ("working", "3:2", 1, "api")
    assert [one["state"] for one in job["images"]] == ["queued", "queued"]
    assert job["images"][0]["file_url"] is None
    assert said(hers.get("/credits"))["balance"] == 38
    for one in job["images"]:
        make(parts, UUID(one["id"]), parts.clock())
    done = said(hers.get(f"/jobs/{job['id']}"))
    assert (done["state"], [one["state"] for one in done["images"]]) == ("done", ["finished", "finished"])
    first = done["images"][0]
    path = first["file_url"].removeprefix(f"{BASE}/api/v1")
    file = hers.get(path)
    assert (file.status_code, file.mimetype) == (200, first["media_type"])
    assert len(file.data) == first["bytes"]
    assert hers.call("HEAD", path).data == b""
    again = hers.get(path, headers={"If-None-Match": file.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["RateLimit"]
    problem(hers.get(path, headers={"Accept": "application/json"}), 406, "not-acceptable")


def test_only_the_prompt_is_needed(hers: Program) -> None:
    job = said(hers.post("/jobs", {"prompt": "two pears", "acknowledged": True}), 201)
    first = said(hers.get("/models"))["data"][0]
    assert (job["model"], job["ratio"], len(job["images"])) == (
        first["model"],
        first["sizes"][0]["shapes"][0]["ratio"],
        1,
    )


def test_what_the_site_refuses_is_refused_here_for_the_same_reason(hers: Program, session: Session) -> None:
    flaws = problem(hers.post("/jobs", {"prompt": "two pears"}), 422, "invalid")["errors"]
    assert flaws[0]["pointer"] == "/acknowledged"
    assert problem(hers.post("/jobs", DRAFT | {"ratio": "7:1"}), 422, "invalid")["errors"][0]["pointer"] == "/ratio"
    said_ = problem(hers.post("/jobs", DRAFT | {"references": [str(uuid4())]}), 422, "invalid")
    assert said_["errors"][0]["pointer"] == "/references"
    assert session.scalars(select(Generation)).all() == []


def test_an_order_that_costs_more_than_there_is_says_both_numbers(
    hers: Program, session: Session, parts: Parts, ana: Account
) -> None:
    hers.post("/jobs", {"prompt": "x", "model": "sandbox-painter", "count": 4, "acknowledged": True})
    refused = hers.post("/jobs", {"prompt": "x", "model": "sandbox-painter", "count": 4, "acknowledged": True})
    found = problem(refused, 402, "not-enough-credits")
    assert (found["there"], found["needed"]) == (16, 24)


def test_personal_data_in_a_prompt_is_found_named_and_sent_only_knowingly(hers: Program) -> None:
    prompt = "a card that says write to bob@example.com"
    found = problem(hers.post("/jobs", DRAFT | {"prompt": prompt}), 422, "personal-data-found")["findings"]
    assert [(one["kind"], prompt[one["start"] : one["end"]]) for one in found] == [("e-mail", "bob@example.com")]
    said(hers.post("/jobs", DRAFT | {"prompt": prompt, "knowing": ["e-mail"]}), 201)
    problem(hers.post("/jobs", DRAFT | {"knowing": ["everything"]}), 422, "invalid")


def test_a_picture_that_is_not_made_names_the_rule_and_where_a_person_looks_at_it(
    hers: Program, session: Session, ana: Account
) -> None:
    refused = problem(hers.post("/jobs", DRAFT | {"prompt": "a naked child"}), 403, "not-made")
    row = session.scalars(select(PromptRefusal)).one()
    assert (row.account_id, row.rule) == (ana.id, refused["rule"])
    assert refused["appeal"].startswith(BASE)
    assert str(row.id) in refused["appeal"]
    assert ledger.balance(session, ana.id) == 40


def test_pictures_that_have_not_begun_are_called_off_and_paid_back(hers: Program) -> None:
    job = said(hers.post("/jobs", DRAFT | {"count": 3}), 201)
    over = said(hers.post(f"/jobs/{job['id']}/cancel"))
    assert (over["state"], {one["state"] for one in over["images"]}) == ("done", {"cancelled"})
    assert [one["credits_back"] for one in over["images"]] == [1, 1, 1]
    assert said(hers.get("/credits"))["balance"] == 40
    assert said(hers.post(f"/jobs/{job['id']}/cancel")) == over, "once more changes nothing"


def test_a_reference_is_stripped_kept_and_used(hers: Program, session: Session) -> None:
    made = said(upload(hers, photo("JPEG", (64, 48))), 201)
    assert (made["width"], made["height"]) == (64, 48)
    job = said(
        hers.post(
            "/jobs", {"prompt": "x", "model": "sandbox-painter", "references": [made["id"]], "acknowledged": True}
        ),
        201,
    )
    assert job["references"] == [made["id"]]


def test_a_file_that_is_no_picture_is_refused_and_so_is_a_form_of_another_kind(hers: Program, session: Session) -> None:
    assert problem(upload(hers, b"no picture"), 422, "invalid")["errors"][0]["pointer"] == "/file"
    assert problem(upload(hers, photo(), "picture"), 422, "invalid")["errors"][0]["pointer"] == "/file"
    two = hers.post("/references", data={"file": [(io.BytesIO(photo()), "a"), (io.BytesIO(photo()), "b")]})
    problem(two, 422, "invalid")
    extra = hers.post("/references", data={"file": (io.BytesIO(photo()), "a"), "more": "x"})
    assert problem(extra, 422, "invalid")["errors"][0]["pointer"] == "/more"
    empty = hers.call("POST", "/references", data=b"--x", content_type="multipart/form-data; boundary=x")
    problem(empty, 422, "invalid")
    problem(hers.call("POST", "/references", data=b"x", content_type="multipart/form-data"), 422, "invalid")
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    for size in (21, 27):
        large = head + b"\0" * (size * 2**20) + b"\r\n--x--\r\n"
        sent = hers.call("POST", "/references", data=large, content_type="multipart/form-data; boundary=x")
        problem(sent, 413, "too-large")
    assert session.scalars(select(Reference)).all() == []


def test_lists_come_in_pages_that_miss_and_repeat_nothing(
    hers: Program, ana: Account, finished: Finished, clock: Clock
) -> None:
    for _each in range(3):
        finished(ana, count=2)
        clock.tick(minutes=1)
    for path, there in (("/images", 6), ("/jobs", 3), ("/credits", 13)):
        found: list[Any] = []
        cursor: str | None = ""
        while cursor is not None:
            page = said(hers.get(f"{path}?limit=2" + (f"&cursor={cursor}" if cursor else "")))
            assert len(page["data"]) <= 2
            found += page["data"]
            cursor = page["next"]
        assert len(found) == len({one["id"] for one in found}) == there, path
        times = [one.get("created_at", one.get("at")) for one in found]
        assert times == sorted(times, reverse=True), path


def test_pictures_are_found_by_what_they_are(hers: Program, ana: Account, finished: Finished, clock: Clock) -> None:
    old = finished(ana)
    since = clock.tick(hours=1).isoformat().replace("+00:00", "Z")
    new = finished(ana, model="sandbox-painter")
    everything = said(hers.get("/images"))["data"]
    assert [one["job_id"] for one in everything] == [str(new.id), str(old.id)]
    assert [one["job_id"] for one in said(hers.get(f"/images?since={since}"))["data"]] == [str(new.id)]
    assert [one["job_id"] for one in said(hers.get("/images?model=sandbox-draft"))["data"]] == [str(old.id)]
    assert said(hers.get("/images?favourite=true"))["data"] == []
    assert len(said(hers.get("/images?favourite=false"))["data"]) == 2


def test_a_list_of_orders_takes_the_same_few_queries_however_long_it_is(
    hers: Program, ana: Account, finished: Finished, parts: Parts
) -> None:
    from sqlalchemy import event

    counts = []
    hers.get("/jobs")  # that the token was used is written down once
    for _each in range(2):
        finished(ana, count=2)
        asked: list[str] = []

        def count(_c: Any, _u: Any, statement: str, *_more: Any, asked: list[str] = asked) -> None:
            asked.append(statement)

        event.listen(parts.engine, "before_cursor_execute", count)
        said(hers.get("/jobs"))
        event.remove(parts.engine, "before_cursor_execute", count)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_picture_is_marked_published_changed_taken_back_and_removed(
    hers: Program, ana: Account, finished: Finished, session: Session, site: Any
) -> None:
    finished(ana)
    image = said(hers.get("/images"))["data"][0]
    path = f"/images/{image['id']}"
    assert said(hers.call("PATCH", path, {"favourite": True}))["favourite"] is True
    assert said(hers.get(path))["favourite"] is True
    answer = hers.post("/shares", {"image_id": image["id"]})
    share = said(answer, 201)
    assert answer.headers["Location"] == share["url"]
    assert (share["show_prompt"], share["listed"]) == (False, False), "nothing more than was asked for"
    page = share["page_url"].removeprefix(BASE)
    assert site.test_client().get(page, base_url=BASE).status_code == 200
    assert said(hers.post("/shares", {"image_id": image["id"], "listed": True}), 201)["id"] == share["id"]
    shown = f"/shares/{share['id']}"
    assert said(hers.call("PATCH", shown, {"show_prompt": True}))["show_prompt"] is True
    assert said(hers.get(shown))["listed"] is True, "what is left out stays"
    assert [one["id"] for one in said(hers.get("/shares"))["data"]] == [share["id"]]
    assert hers.call("DELETE", shown).status_code == 204
    assert site.test_client().get(page, base_url=BASE).status_code == 410
    problem(hers.get(shown), 404, "not-found")
    problem(hers.call("DELETE", shown), 404, "not-found")
    second = said(hers.post("/shares", {"image_id": image["id"]}), 201)
    gone = hers.call("DELETE", path)
    assert (gone.status_code, gone.data) == (204, b"")
    problem(hers.get(path), 404, "not-found")
    problem(hers.get(f"/shares/{second['id']}"), 404, "not-found")
    assert said(hers.get("/images"))["data"] == []
    assert session.get_one(Image, UUID(image["id"])).removed_at is not None, "it can be taken back on the site"
    assert said(hers.get("/jobs"))["data"] == []


def test_a_picture_that_is_not_finished_is_not_published(hers: Program) -> None:
    job = said(hers.post("/jobs", DRAFT), 201)
    problem(hers.post("/shares", {"image_id": job["images"][0]["id"]}), 404, "not-found")


def test_the_account_says_who_and_what_the_token_may_do(ana: Account, program: Give) -> None:
    found = said(program(ana, "account:read", "images:read").get("/account"))
    assert (found["id"], found["email"], found["standing"]) == (str(ana.id), "ana@example.com", "open")
    assert found["scopes"] == ["account:read", "images:read"]


@pytest.mark.parametrize("path", ["/jobs", "/images", "/shares", "/webhooks"])
def test_a_new_account_has_empty_lists(hers: Program, path: str) -> None:
    found = said(hers.get(path))
    assert found["data"] == []
    assert found.get("next") is None
