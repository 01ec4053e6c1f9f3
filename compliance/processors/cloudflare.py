"""Cloudflare: what it stores we remove ourselves (R2); what its cache still serves is purged here.

Purged by prefix, in one call: all of a person's objects share a folder, so nothing has to be remembered after the
rows are gone, and variants with a query string go too, which a purge by URL would leave. Every plan has it, with at
most 100 prefixes a call (developers.cloudflare.com/cache/how-to/purge-cache, July 2026).
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import httpx

from compliance.errors import StepFailed
from compliance.processors.notice import Notice
from compliance.requests.kinds import Kind
from imgpilot.errors import Refused, StartError
from imgpilot.parts import Parts
from imgpilot.processors import Cache, Processor, cache_of
from imgpilot.purposes import RIGHTS

#: Prefixes in one call.
AT_ONCE = 100
#: The keys of her objects begin with the number of her account.
CATEGORIES = ("user.unique_id.pseudonymous",)
PATIENCE = httpx.Timeout(20, connect=5)
#: Their answer to a purge is a few hundred bytes; more than this is not one.
LARGEST_ANSWER = 64 * 1024


class Cloudflare:
    """The object store and its cache."""

    def __init__(self, processor: Processor) -> None:
        self.processor = processor

    def spared(self, kind: Kind) -> str:
        """It never gets one: it holds objects only, which we remove ourselves, and storing is no forbidden use."""
        return "removed" if kind is Kind.DELETION else "stored only"

    def notify(self, parts: Parts, notice: Notice, subject: UUID | None) -> dict[str, Any]:
        """There is nothing that it could do and we cannot."""
        raise StepFailed("Cloudflare is not told: what it stores is removed by us.", again=False)


def purge(parts: Parts, folders: Sequence[str]) -> dict[str, Any]:
    """Purge everything under these folders from the cache. Repeating it is safe. Raises StepFailed.

    Where nothing is served through a cache (R2_PUBLIC_URL is not set) there is nothing to do, and the evidence says so.
    """
    try:
        cache = cache_of(parts.settings)
    except StartError as error:
        raise StepFailed(str(error), again=False) from None
    if cache is None:
        return {"configured": False, "purged": 0}
    prefixes = [f"{cache.serves}/{folder}" for folder in folders]
    for start in range(0, len(prefixes), AT_ONCE):
        _call(parts, cache, {"prefixes": prefixes[start : start + AT_ONCE]})
    return {"configured": True, "processor": cache.processor.key, "purged": len(prefixes)}


def purge_tags(parts: Parts, cache: Cache, tags: Sequence[str]) -> None:
    """Purge what carries one of these tags, at most AT_ONCE. Repeating it is safe. Raises StepFailed."""
    _call(parts, cache, {"tags": list(tags)})


def _call(parts: Parts, cache: Cache, what: dict[str, list[str]]) -> None:
    client = parts.gateway.client(cache.processor, RIGHTS, subject=None, categories=CATEGORIES, timeout=PATIENCE)
    try:
        with (
            client,
            client.stream(
                "POST",
                f"{cache.base}/zones/{cache.zone}/purge_cache",
                json=what,
                headers={"Authorization": f"Bearer {cache.token}"},
            ) as answer,
        ):
            status, said = answer.status_code, _read(answer)
    except httpx.HTTPError as error:
        raise StepFailed(f"Cloudflare did not answer: {type(error).__name__}.") from None
    except Refused as error:
        raise StepFailed(f"The purge may not go out: {error}.", again=False) from None
    if status == 200 and said.get("success") is True:
        return
    # 4xx but for "too many": asking again would be answered the same.
    hopeless = 400 <= status < 500 and status != 429
    raise StepFailed(f"Cloudflare did not purge its cache: {_why(status, said)}.", again=not hopeless)


def _read(answer: httpx.Response) -> dict[str, object]:
    body = bytearray()
    for piece in answer.iter_bytes():
        body += piece
        if len(body) > LARGEST_ANSWER:
            return {}
    try:
        said = httpx.Response(200, content=bytes(body)).json()
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _why(status: int, said: dict[str, object]) -> str:
    """Status and their error numbers; never their words, which can quote the address."""
    errors = said.get("errors")
    codes = (
        [e["code"] for e in errors if isinstance(e, dict) and isinstance(e.get("code"), int)]
        if isinstance(errors, list)
        else []
    )
    return f"status {status}" + (f", error {', '.join(map(str, codes[:3]))}" if codes else "")
