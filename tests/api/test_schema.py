"""Schemathesis against the real site: what the document says is what happens, and nothing that is sent breaks it."""

from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from sqlalchemy.orm import Session

from imgpilot.accounts.models import Account
from imgpilot.limits import Limit
from tests.api.conftest import Finished, Program

#: How many calls each operation gets of either kind.
EXAMPLES = 5
#: What fits the document may still name a model or a picture that is not there. Removing a picture is not its end.
#: Calls without a token are tried in test_bob.py, each address once.
NOT_OURS = (
    *("positive_data_acceptance", "use_after_free", "ensure_resource_availability", "max_response_time"),
    *("ignored_auth", "object_level_authorization"),
)


@pytest.fixture
def ids(hers: Program, ana: Account, finished: Finished, session: Session) -> dict[str, str]:
    """An id of each kind, by the beginning of the address that takes it."""
    finished(ana, count=2)
    image = hers.get("/images").get_json()["data"][0]
    return {
        "/jobs": image["job_id"],
        "/images": image["id"],
        "/shares": hers.post("/shares", {"image_id": image["id"]}).get_json()["id"],
        "/webhooks": hers.post("/webhooks", {"url": "https://example.com/x"}).get_json()["id"],
    }


def test_every_call_is_answered_as_the_document_says(
    site: Flask, hers: Program, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    load_all_checks()
    for kind in ("READS", "WRITES"):
        monkeypatch.setattr(f"imgpilot.api.pace.{kind}", Limit(f"api {kind.lower()}", 10**6, timedelta(minutes=1)))
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", site)
    for result in schema.get_all_operations():
        operation: Any = result.ok()  # type: ignore[union-attr]
        name = f"{operation.method.upper()} {operation.path}"
        real = next((id_ for begins, id_ in ids.items() if operation.path.startswith(begins)), "")
        statuses = _called(operation, GenerationMode.POSITIVE, hers.token, "" if "DELETE" in name else real)
        assert statuses & {200, 201, 202} or name in UNGUESSED, f"{name} never went well: {sorted(statuses)}"
        _called(operation, GenerationMode.NEGATIVE, hers.token)


#: What goes well only with ids or files that are not guessed, or only once.
UNGUESSED = {"POST /references", "POST /shares", "POST /jobs", "POST /webhooks", "POST /webhooks/{id}/test"} | {
    f"DELETE {path}" for path in ("/images/{id}", "/shares/{share_id}", "/webhooks/{id}")
}


def _called(operation: Any, mode: GenerationMode, token: str, real: str = "") -> set[int]:
    """Call it with what Schemathesis thinks of, with this id if it takes one; the statuses that were answered."""
    left_out: Any = [check for check in CHECKS.get_all() if check.__name__ in NOT_OURS]
    statuses: set[int] = set()

    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def call(case: Case[Any]) -> None:
        if real and case.path_parameters:
            case.path_parameters = dict.fromkeys(case.path_parameters, real)
        answer = case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, excluded_checks=left_out)
        statuses.add(answer.status_code)

    call()
    return statuses
