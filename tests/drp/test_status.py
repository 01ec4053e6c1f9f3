"""What an agent's system is told about a request."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.drp import status
from compliance.drp.status import REASONS, STATUSES, Reason, Status
from compliance.requests.grounds import GROUNDS
from compliance.requests.kinds import State

ID = UUID("c789ff35-7644-4ceb-9981-4b35c264aac3")
NOW = datetime(2026, 11, 22, 10, 0, 0, 123456, tzinfo=UTC)
RECEIVED = NOW - timedelta(days=2)
DUE = status.end_of(date(2027, 1, 4), "America/Los_Angeles")


def of(state: str, **more: Any) -> dict[str, str]:
    told: dict[str, Any] = {"received_at": RECEIVED, "expected_by": DUE, "now": NOW, **more}
    return status.of(request_id=ID, state=state, **told)


def test_a_request_under_way_says_since_when_and_by_when() -> None:
    assert of("review", agent_request_id="their-17") == {
        "request_id": "c789ff35-7644-4ceb-9981-4b35c264aac3",
        "agent_request_id": "their-17",
        "received_at": "2026-11-20T10:00:00+00:00",
        "expected_by": "2027-01-05T07:59:59+00:00",
        "status": "in_progress",
    }


def test_every_state_of_ours_has_a_word_in_the_protocol() -> None:
    assert set(STATUSES) == set(State)


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("proving", "in_progress"),
        ("received", "in_progress"),
        ("review", "in_progress"),
        ("second", "in_progress"),
        ("cooling", "in_progress"),
        ("running", "in_progress"),
        ("answered", "fulfilled"),
        ("refused", "denied"),
        ("withdrawn", "revoked"),
        ("merged", "in_progress"),
        ("appealed", "in_progress"),
    ],
)
def test_each_state_is_told_in_the_protocols_words(state: str, told: str) -> None:
    assert of(state)["status"] == told


def test_a_state_that_we_do_not_have_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="asleep"):
        of("asleep")


def test_who_has_to_prove_something_is_told_where_and_until_when() -> None:
    told = of("proving", user_verification_url="https://imgpilot.example/prove", expires_at=NOW + timedelta(days=7))
    assert told["reason"] == "need_user_verification"
    assert told["user_verification_url"] == "https://imgpilot.example/prove"
    assert told["expires_at"] == "2026-11-29T10:00:00+00:00"


def test_without_a_place_to_prove_it_the_reason_is_not_given() -> None:
    told = of("proving")
    assert "reason" not in told
    assert told["processing_details"] == "We asked the person to confirm the request."


def test_without_a_date_nothing_is_in_progress() -> None:
    assert of("received", expected_by=None)["status"] == "open"


def test_an_answered_request_says_where_the_results_are() -> None:
    told = of("answered", results_url="https://imgpilot.example/privacy", expires_at=NOW + timedelta(days=30))
    assert (told["status"], told["results_url"]) == ("fulfilled", "https://imgpilot.example/privacy")
    assert told["expires_at"] == "2026-12-22T10:00:00+00:00"
    assert "processing_details" not in told


def test_an_answer_that_grants_a_part_says_so() -> None:
    assert of("answered", partly=True)["processing_details"].startswith("Part of the request was not granted.")


def test_results_that_can_no_longer_be_fetched_are_expired() -> None:
    last = of("answered", results_url="https://imgpilot.example/privacy", expires_at=NOW)
    assert last["status"] == "fulfilled"
    told = of("answered", results_url="https://imgpilot.example/privacy", expires_at=NOW - timedelta(seconds=1))
    assert told["status"] == "expired"
    assert "results_url" not in told


def test_a_deletion_has_no_results_and_never_expires() -> None:
    assert of("answered", now=NOW + timedelta(days=4000))["status"] == "fulfilled"


@pytest.mark.parametrize("ground", sorted(GROUNDS))
def test_every_ground_of_refusal_has_a_reason_and_a_sentence(ground: str) -> None:
    told = of("refused", refused_for=ground)
    assert told["reason"] in set(Reason)
    assert told["processing_details"].endswith(".")
    assert "below" not in told["processing_details"]


@pytest.mark.parametrize(
    ("ground", "reason"),
    [
        ("not-proved", "insuf_verification"),
        ("nothing-held", "no_match"),
        ("excessive", "too_many_requests"),
        ("legal-duty", "claim_not_covered"),
        ("is-correct", "other"),
        ("suspected_fraud", "suspected_fraud"),
        ("outside_jurisdiction", "outside_jurisdiction"),
        ("claim_not_covered", "claim_not_covered"),
        ("because", "other"),
        (None, "other"),
    ],
)
def test_our_grounds_are_told_in_the_protocols_words(ground: str | None, reason: str) -> None:
    assert of("refused", refused_for=ground)["reason"] == reason


def test_no_reason_is_given_for_a_ground_that_we_do_not_have() -> None:
    assert set(REASONS) <= set(GROUNDS)


def test_details_of_the_caller_replace_ours() -> None:
    assert of("cooling", details="Extended: many requests came in.")["processing_details"].startswith("Extended")


def test_opting_in_is_denied_as_not_covered() -> None:
    told = status.no_opt_in(request_id=ID, received_at=RECEIVED, now=NOW, agent_request_id="their-18")
    assert (told["status"], told["reason"], told["agent_request_id"]) == ("denied", "claim_not_covered", "their-18")
    assert "privacy centre" in told["processing_details"]


def test_a_due_day_ends_at_midnight_where_the_person_lives() -> None:
    assert of("review", expected_by=status.end_of(date(2026, 12, 4), "Europe/Amsterdam"))["expected_by"] == (
        "2026-12-04T22:59:59+00:00"
    )


def test_a_time_without_its_zone_is_not_sent() -> None:
    with pytest.raises(ValueError, match="zone"):
        of("review", expected_by=datetime(2026, 12, 4))  # noqa: DTZ001


def test_the_agent_is_sent_the_same_object_as_json() -> None:
    told = of("cooling", agent_request_id="Ä-17")
    assert json.loads(status.as_json(told)) == told
    assert "Ä-17".encode() in status.as_json(told)


PERHAPS = st.none() | st.timedeltas(-timedelta(days=400), timedelta(days=400)).map(lambda later: NOW + later)
URL = st.none() | st.just("https://imgpilot.example/x")


@given(
    st.sampled_from(State), PERHAPS, PERHAPS, URL, URL, st.none() | st.sampled_from([*GROUNDS, *Reason]), st.booleans()
)
def test_a_status_is_always_one_that_the_protocol_has(
    state: State, due: datetime | None, until: datetime | None, prove: str | None, results: str | None,
    ground: str | None, partly: bool,
) -> None:  # fmt: skip
    told = of(state, expected_by=due, expires_at=until, user_verification_url=prove, results_url=results,
              refused_for=ground, partly=partly)  # fmt: skip
    assert all(isinstance(value, str) and value for value in told.values())
    assert told["status"] in set(Status)
    assert ("reason" in told) == (told["status"] == "denied" or "user_verification_url" in told)
    assert told["status"] == "fulfilled" or "results_url" not in told
    for name in ("received_at", "expected_by", "expires_at"):
        assert name not in told or datetime.fromisoformat(told[name]).utcoffset() == timedelta(0)
