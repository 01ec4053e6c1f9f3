"""What the delivery network still serves of somebody who was erased is purged there, by real HTTP to the sandbox."""

from collections.abc import Callable

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.errors import StepFailed
from compliance.processors import cloudflare
from compliance.requests import handling
from compliance.requests.kinds import Kind
from imgpilot.disclosures import Disclosure
from imgpilot.errors import StartError
from imgpilot.parts import Parts
from imgpilot.processors import cache_of
from imgpilot.sandbox.server import Sandbox
from tests.conftest import Clock
from tests.requests import ending
from tests.requests.conftest import OFFICER, Asked, look, step, work_off
from tests.requests.dying import BEFORE_COMMIT, killed_in
from tests.world import Somebody

pytestmark = pytest.mark.usefixtures("plain_documents")


@pytest.fixture
def cached(parts: Parts) -> Parts:
    """The bucket is served through the delivery network."""
    parts.settings = parts.settings.model_copy(update={"r2_public_url": "https://cdn.imgpilot.app/"})
    return parts


def test_her_whole_folder_is_purged_after_its_objects_are_gone(
    session: Session, cached: Parts, sandbox: Sandbox, ana: Somebody, approved: Asked
) -> None:
    request_id = approved(Kind.DELETION)
    work_off(cached, until="purge copies")
    assert ending.files_of(cached, ana.account.id) == [], "before that, the network would fetch them again"
    assert len(sandbox.purged) == 0
    work_off(cached)
    ending.is_answered(session, cached, request_id)
    ending.is_erased(session, cached, request_id, ana)
    [call] = sandbox.purged.all()
    assert (call.status, call.path) == (200, "/cloudflare/client/v4/zones/sandbox/purge_cache")
    prefixes = call.sent.json["prefixes"]
    assert prefixes[0] == f"cdn.imgpilot.app/{ana.account.id}/"
    assert f"cdn.imgpilot.app/requests/{ana.request.id}/files/" in prefixes, "what was added to her cases too"
    assert all(each.startswith(f"cdn.imgpilot.app/{ana.account.id}/") for each in prefixes[:1])
    proof = step(session, request_id, "purge copies").evidence
    assert proof == {"configured": True, "processor": "sandbox", "purged": len(prefixes)}


def test_a_purge_is_a_line_of_the_disclosure_log(
    session: Session, cached: Parts, ana: Somebody, approved: Asked
) -> None:
    approved(Kind.DELETION)
    work_off(cached)
    [line] = session.scalars(
        select(Disclosure).where(Disclosure.processor == "sandbox", Disclosure.purpose == "rights")
    )
    assert (line.status, line.account_id, line.categories) == (200, None, ["user.unique_id.pseudonymous"])


def test_without_a_cache_there_is_nothing_to_purge_and_the_evidence_says_so(
    session: Session, parts: Parts, sandbox: Sandbox, approved: Asked
) -> None:
    request_id = approved(Kind.DELETION)
    work_off(parts)
    assert step(session, request_id, "purge copies").evidence == {"configured": False, "purged": 0}
    assert len(sandbox.purged) == 0


@pytest.mark.parametrize("fault", ["server_error", "rate_limited", "hang", "html", "huge", "truncated", "empty"])
def test_what_may_pass_is_tried_again(
    session: Session, cached: Parts, clock: Clock, sandbox: Sandbox, ana: Somebody, approved: Asked, fault: str
) -> None:
    request_id = approved(Kind.DELETION)
    sandbox.faults.add(fault, **({"seconds": 0.1} if fault == "hang" else {}))
    work_off(cached)
    waiting = step(session, request_id, "purge copies")
    assert (waiting.state, waiting.attempts) == ("ready", 1)
    assert "Cloudflare" in (waiting.failure or "")
    clock.tick(seconds=6)
    work_off(cached)
    ending.is_answered(session, cached, request_id)


@pytest.mark.parametrize("fault", ["auth", "invalid"])
def test_what_will_not_pass_is_shown_to_an_officer_who_may_leave_it_out(
    session: Session, cached: Parts, sandbox: Sandbox, ana: Somebody, approved: Asked, fault: str
) -> None:
    request_id = approved(Kind.DELETION)
    sandbox.faults.add(fault)
    work_off(cached)
    failed = step(session, request_id, "purge copies")
    assert (failed.state, failed.attempts) == ("failed", 1)
    assert str(ana.account.id) not in (failed.failure or "")
    handling.skip(session, request_id, failed.id, "impossible", "Nothing was ever served.", OFFICER, cached.clock())
    session.commit()
    work_off(cached)
    assert look(session, request_id).state == "answered"
    ending.is_erased(session, cached, request_id, ana)


def test_a_worker_killed_after_a_purge_purges_again(
    session: Session, cached: Parts, clock: Clock, sandbox: Sandbox, ana: Somebody, approved: Asked
) -> None:
    request_id = approved(Kind.DELETION)
    work_off(cached, until="purge copies")
    killed_in(cached, step(session, request_id, "purge copies").id, BEFORE_COMMIT["before the commit"])
    clock.tick(minutes=3)
    work_off(cached)
    ending.is_answered(session, cached, request_id)
    first, second = sandbox.purged.all()
    assert first.sent.json == second.sent.json


def test_more_than_one_call_takes_is_split(cached: Parts, sandbox: Sandbox) -> None:
    assert cloudflare.purge(cached, [f"{number}/" for number in range(250)])["purged"] == 250
    assert [len(call.sent.json["prefixes"]) for call in reversed(sandbox.purged.all())] == [100, 100, 50]


def test_settings_that_cannot_purge_are_named(parts: Parts) -> None:
    with_cache = parts.settings.model_copy(update={"r2_public_url": "https://cdn.imgpilot.app"})
    token = SecretStr("a token")
    with pytest.raises(StartError, match="CLOUDFLARE_ZONE_ID"):
        cache_of(with_cache.model_copy(update={"cloudflare_api_token": token}))
    with pytest.raises(StartError, match="which is not Cloudflare"):
        cache_of(with_cache.model_copy(update={"cloudflare_api_base": "https://evil.example/client/v4"}))
    real = cache_of(with_cache.model_copy(update={"cloudflare_api_token": token, "cloudflare_zone_id": "z1"}))
    assert real
    assert (real.processor.key, real.base) == ("cloudflare", "https://api.cloudflare.com/client/v4")
    assert "a token" not in repr(real)
    parts.settings = with_cache.model_copy(update={"cloudflare_api_token": token})
    with pytest.raises(StepFailed, match="CLOUDFLARE_ZONE_ID"):
        cloudflare.purge(parts, ["a/"])


Send = Callable[..., httpx.Response]


@pytest.fixture
def send(sandbox: Sandbox) -> Send:
    """Ask the sandbox's delivery network for a purge."""

    def post(body: object, **headers: str) -> httpx.Response:
        with httpx.Client(base_url=sandbox.cloudflare_url, trust_env=False) as client:
            return client.post("/zones/z1/purge_cache", json=body, headers={"Authorization": "Bearer any", **headers})

    return post


@pytest.mark.parametrize(
    "body",
    [
        {"files": ["https://cdn.imgpilot.app/a.png"]},
        {"prefixes": ["cdn.imgpilot.app/a/"]},
        {"tags": ["a"]},
        {"hosts": ["cdn.imgpilot.app"]},
        {"purge_everything": True},
    ],
)
def test_the_sandbox_takes_what_cloudflare_takes(send: Send, body: object) -> None:
    answer = send(body)
    assert answer.json() == {"success": True, "errors": [], "messages": [], "result": {"id": "z1"}}


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"files": []},
        {"files": ["cdn.imgpilot.app/no-scheme"]},
        {"prefixes": ["https://cdn.imgpilot.app/scheme"]},
        {"prefixes": ["a/"] * 101},
        {"prefixes": ["a/"], "files": ["https://a/b"]},
        {"something": ["a"]},
    ],
)
def test_the_sandbox_refuses_what_cloudflare_refuses(send: Send, body: object) -> None:
    answer = send(body)
    assert answer.status_code == 400
    assert (answer.json()["success"], answer.json()["result"]) == (False, None)


def test_the_sandbox_wants_a_token_shows_none_and_knows_its_addresses(send: Send, sandbox: Sandbox) -> None:
    assert send({"tags": ["a"]}, Authorization="").status_code == 400
    send({"tags": ["a"]}, Authorization="Bearer very-secret")
    with httpx.Client(base_url=sandbox.url, trust_env=False) as client:
        assert "very-secret" not in client.get("/api/purges").text
        assert client.delete("/api/purges").json() == {"deleted": 2}
        lost = client.post("/cloudflare/client/v4/nothing")
        assert (lost.status_code, lost.json()["errors"][0]["code"]) == (404, 7003)
        assert "cache purge" in client.get("/").text
