"""Gemini: what goes out, the picture that comes, and its 200s without one."""

import base64
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from imgpilot.disclosures import Disclosure
from imgpilot.generation.engines.protocol import (
    AuthRefused,
    BlockedInput,
    BlockedOutput,
    Failure,
    InvalidInput,
    QuotaExhausted,
    RateLimited,
    Transient,
    Unreachable,
    Unusable,
)
from imgpilot.parts import Parts
from tests.generation.engines.conftest import sync, wanting
from tests.generation.engines.doubles import PNG, GeminiDouble, answer

MODEL = "gemini-3.1-flash-image"


def test_p10_only_the_prompt_the_references_and_the_settings_go_out(
    parts: Parts, session: Session, gemini: GeminiDouble, somebody_id: UUID
) -> None:
    request = wanting(MODEL, somebody_id, references=(PNG, PNG), ratio="16:9", size="2K")
    assert sync(parts, "gemini").make(request).data == PNG
    (asked,) = gemini.asked
    picture = {"inlineData": {"mimeType": "image/png", "data": base64.b64encode(PNG).decode()}}
    assert asked.path == "/v1beta/models/gemini-3.1-flash-image:generateContent"
    assert asked.body == {
        "contents": [{"role": "user", "parts": [picture, picture, {"text": "two pears"}]}],
        "generationConfig": {
            "responseModalities": ["IMAGE"],
            "imageConfig": {"aspectRatio": "16:9", "imageSize": "2K"},
        },
    }
    assert asked.headers["X-Goog-Api-Key"] == "key-of-ours"
    assert asked.query == "", "no key in the address, where it would be logged"
    (line,) = session.scalars(select(Disclosure))
    assert (line.account_id, line.processor, line.categories) == (somebody_id, "sandbox", ["user.content.private"])


def without(reason: str) -> dict[str, Any]:
    return {"candidates": [{"content": {"parts": [{"text": "I cannot"}]}, "finishReason": reason}]}


@pytest.mark.parametrize(
    ("body", "kind", "tries"),
    [
        ({"promptFeedback": {"blockReason": "SAFETY"}}, BlockedInput, 1),
        ({"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}, "candidates": []}, BlockedInput, 1),
        (without("IMAGE_SAFETY"), BlockedOutput, 1),
        (without("IMAGE_PROHIBITED_CONTENT"), BlockedOutput, 1),
        (without("IMAGE_RECITATION"), BlockedOutput, 1),
        (without("SPII"), BlockedOutput, 1),
        ({"candidates": [{"finishReason": "SAFETY"}]}, BlockedOutput, 1),
        (without("NO_IMAGE"), Unusable, 1),
        (without("IMAGE_OTHER"), Unusable, 1),
        (without("STOP"), Unusable, 1),
        ({}, Unusable, 1),
        ([], Unusable, 1),
        ({"candidates": [None]}, Unusable, 1),
        ({"candidates": "x", "promptFeedback": "y"}, Unusable, 1),
        ({"candidates": [{"content": {"parts": [{"inlineData": {"data": "!!"}}]}}]}, Unusable, 1),
        ({"candidates": [{"content": {"parts": [{"inlineData": {}}]}}]}, Unusable, 1),
        (b"<html>It works</html>", Unusable, 1),
    ],
)
def test_a_200_without_a_picture_says_why(
    parts: Parts, gemini: GeminiDouble, somebody_id: UUID, body: object, kind: type[Failure], tries: int
) -> None:
    gemini.say("order", answer(200, body))
    with pytest.raises(Failure) as told:
        sync(parts, "gemini").make(wanting(MODEL, somebody_id))
    assert (type(told.value), told.value.tries, str(told.value)) == (kind, tries, "")


def error(status: str, *details: dict[str, Any]) -> dict[str, Any]:
    return {"error": {"code": 0, "message": "two pears", "status": status, "details": list(details)}}


@pytest.mark.parametrize(
    ("status", "body", "kind", "wait"),
    [
        (400, error("INVALID_ARGUMENT"), InvalidInput, None),
        (400, error("INVALID_ARGUMENT", {"reason": "API_KEY_INVALID"}), AuthRefused, None),
        (400, error("FAILED_PRECONDITION"), QuotaExhausted, None),
        (401, error("UNAUTHENTICATED"), AuthRefused, None),
        (403, error("PERMISSION_DENIED"), AuthRefused, None),
        (404, error("NOT_FOUND"), InvalidInput, None),
        (429, error("RESOURCE_EXHAUSTED", {"@type": "…RetryInfo", "retryDelay": "34s"}), RateLimited, 34),
        (429, error("RESOURCE_EXHAUSTED", {"retryDelay": "0.5s"}), RateLimited, 0.5),
        (429, error("RESOURCE_EXHAUSTED", {"retryDelay": 7}, {"retryDelay": "soon"}), RateLimited, None),
        (429, error("RESOURCE_EXHAUSTED", {"violations": [{"quotaId": "RequestsPerDay"}]}), QuotaExhausted, None),
        (429, b"<html>slow</html>", RateLimited, None),
        (500, error("INTERNAL"), Transient, None),
        (503, error("UNAVAILABLE"), Transient, None),
        (504, b"", Unusable, None),
        (302, b"", Unusable, None),
    ],
)
def test_each_error_is_told_apart(
    parts: Parts,
    gemini: GeminiDouble,
    somebody_id: UUID,
    status: int,
    body: object,
    kind: type[Failure],
    wait: float | None,
) -> None:
    gemini.say("order", answer(status, body))
    with pytest.raises(Failure) as told:
        sync(parts, "gemini").make(wanting(MODEL, somebody_id))
    assert type(told.value) is kind
    assert (told.value.wait.total_seconds() if told.value.wait else None) == wait


def test_no_connection_is_tried_again_and_a_broken_one_is_not(
    parts: Parts, gemini: GeminiDouble, somebody_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.generation import dripping

    monkeypatch.setattr(parts.settings, "gemini_base_url", "http://127.0.0.1:9/v1beta")
    with pytest.raises(Unreachable):
        sync(parts, "gemini").make(wanting(MODEL, somebody_id))
    with dripping.serving(dripping.hang_up) as url:
        monkeypatch.setattr(parts.settings, "gemini_base_url", url)
        with pytest.raises(Unusable):
            sync(parts, "gemini").make(wanting(MODEL, somebody_id))
