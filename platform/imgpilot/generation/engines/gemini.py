"""Google Gemini: generateContent, which answers with the picture; one a call.

A refusal comes as a 200 without a picture: why, stands in promptFeedback or in the candidate's finishReason.
"""

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from imgpilot.generation.engines.exchange import LARGEST_PICTURE, Answer, NoAnswer, Wire
from imgpilot.generation.engines.protocol import (
    AuthRefused,
    BlockedInput,
    BlockedOutput,
    Failure,
    Made,
    QuotaExhausted,
    Request,
    Transient,
    Unusable,
)
from imgpilot.generation.engines.statuses import failure_of, limited, wait_of

#: Why a candidate ended, if its safety check did it.
HELD_BACK = {
    *("IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION", "RECITATION"),
    *("SAFETY", "PROHIBITED_CONTENT", "SPII", "BLOCKLIST"),
}


class Gemini:
    """The Gemini API."""

    def __init__(self, wire: Wire, base: str, key: str, clock: Callable[[], datetime]) -> None:
        self._wire = wire
        self._base = base
        self._key = key
        self._clock = clock

    def make(self, request: Request) -> Made:
        """The picture."""
        url = f"{self._base}/models/{request.model}:generateContent"
        try:
            with self._wire.talk(request.subject) as talk:
                answer = talk.send("POST", url, {"x-goog-api-key": self._key}, _body(request), LARGEST_PICTURE)
        except NoAnswer as none:
            raise none.failure from None
        if answer.status != 200:
            raise failure(answer, self._clock())
        return Made(_picture(answer.said))


def _body(request: Request) -> dict[str, Any]:
    pictures = [{"inlineData": {"mimeType": "image/png", "data": _coded(each)}} for each in request.references]
    shape = {"aspectRatio": request.ratio} | ({"imageSize": request.size} if request.size else {})
    return {
        "contents": [{"role": "user", "parts": [*pictures, {"text": request.prompt}]}],
        "generationConfig": {"responseModalities": ["IMAGE"], "imageConfig": shape},
    }


def _picture(said: dict[str, Any]) -> bytes:
    try:
        for candidate in said.get("candidates") or []:
            for part in (candidate.get("content") or {}).get("parts") or []:
                if "inlineData" in part and not part.get("thought"):
                    return base64.b64decode(part["inlineData"]["data"], validate=True)
        raise _without(said)
    except (AttributeError, LookupError, TypeError, ValueError, binascii.Error):
        raise Unusable from None


def _without(said: dict[str, Any]) -> Failure:
    """Why an answer holds no picture."""
    if (said.get("promptFeedback") or {}).get("blockReason"):
        return BlockedInput()
    why = {str(each.get("finishReason")) for each in said.get("candidates") or []}
    # NO_IMAGE and the like might end better another time, but the tokens of a 200 are billed.
    return BlockedOutput() if why & HELD_BACK else Unusable()


def failure(answer: Answer, now: datetime) -> Failure:
    """What an error answer means."""
    error = answer.said.get("error")
    error = error if isinstance(error, dict) else {}
    details = list(_details(error))
    if any(each.get("reason") in ("API_KEY_INVALID", "API_KEY_EXPIRED") for each in details):
        return AuthRefused()
    if error.get("status") == "FAILED_PRECONDITION":  # billing is off, or the region is not served
        return QuotaExhausted()
    if answer.status == 429:
        if "PerDay" in str([each.get("violations") for each in details]):
            return QuotaExhausted()
        asked = next((each["retryDelay"] for each in details if isinstance(each.get("retryDelay"), str)), "")
        if seconds := re.fullmatch(r"(\d{1,6}(?:\.\d{1,9})?)s", asked):
            return limited(timedelta(seconds=float(seconds[1])))
    if answer.status >= 500 and error:  # its own words: "if your request fails with a 500 error you won't be charged"
        return Transient(wait=wait_of(answer.headers, now))
    return failure_of(answer.status, answer.headers, now)


def _details(error: dict[str, Any]) -> Iterator[dict[str, Any]]:
    given = error.get("details")
    return (each for each in (given if isinstance(given, list) else []) if isinstance(each, dict))


def _coded(picture: bytes) -> str:
    return base64.b64encode(picture).decode("ascii")
