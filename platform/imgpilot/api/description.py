"""The OpenAPI 3.1 document, built from the declarations that parse the calls, so that it says what they do."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

import config
from imgpilot.accounts.tokens import SCOPES
from imgpilot.api import problems, shapes
from imgpilot.api.operations import PREFIX, Operation, everything
from imgpilot.api.pace import READS, WRITES
from imgpilot.api.problems import Kind

VERSION = "1.0.0"
TITLE = f"{config.PRODUCT} API"
_SCHEMAS = "#/components/schemas/"

INTRODUCTION = """\
Order pictures, follow them, fetch them and publish them from your own programs.

Make a token on your account page and send it as `Authorization: Bearer ipk_…`. It may do what its scopes say. No \
cookie is read or set.

Bodies are JSON in UTF-8, read strictly: unknown fields and names that stand twice are refused. Times are RFC 3339 \
in UTC. Every error is a problem (RFC 9457) whose `type` is the address of a page that explains it. \
`Accept-Language: zh` has `title` and `detail` in Chinese; `Content-Language` says which it is.

Lists come in pages: pass `next` of one page as `cursor` to get the one after it.

A `POST` that makes something takes an `Idempotency-Key`. The same key with the same call, within 24 hours, answers \
with what the first one made, as it is then; at any moment, and also if the first answer was lost.

Every answer to a valid token says in `RateLimit` how many calls its account has left in this window and in how many \
seconds it ends; after too many the answer is 429 with `Retry-After`.

Webhooks follow Standard Webhooks: verify `webhook-signature` with the endpoint's `secret`, and take a `webhook-id` \
once, because a message may come twice. What is not answered with 2xx within ten seconds is sent again, up to eight \
times over two days.
"""
TAGS = {
    "Account": "Who the token belongs to, and the credits.",
    "Jobs": "Orders of pictures, the models they are made with, the references they are made from.",
    "Images": "Finished pictures.",
    "Shares": "Public pages of pictures.",
    "Webhooks": "Addresses of your programs that are told when jobs are done.",
}

#: What every call with a token can end in.
_ALWAYS = (problems.UNAUTHORIZED, problems.NOT_ACCEPTABLE, problems.TOO_MANY, problems.OURS, problems.AWAY)


@lru_cache(maxsize=4)
def document(site_url: str) -> dict[str, Any]:
    """The document for the site at this address."""
    operations = everything()
    paths: dict[str, Any] = {}
    for each in operations:
        paths.setdefault(each.path, {})[each.method.lower()] = _operation(each)
    return {
        "openapi": "3.1.0",
        "info": {"title": TITLE, "version": VERSION, "description": INTRODUCTION, "contact": {"email": config.CONTACT}},
        "servers": [{"url": f"{site_url}{PREFIX}"}],
        "tags": [{"name": name, "description": said} for name, said in TAGS.items()],
        "security": [{"token": []}],
        "paths": paths,
        "webhooks": _webhooks(),
        "components": {
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A token of your account page. Scopes: "
                    + ", ".join(f"`{key}` {said}" for key, said in SCOPES.items())
                    + ".",
                }
            },
            "schemas": _schemas(operations),
            "headers": _HEADERS,
            "examples": {slug: _example(kind, site_url) for slug, kind in problems.KINDS.items()},
        },
    }


def _schemas(operations: Iterable[Operation]) -> dict[str, Any]:
    sent: set[type[BaseModel]] = {each.body for each in operations if each.body}
    said: set[type[BaseModel]] = {each.answer for each in operations if each.answer} | {shapes.Problem}
    both = [(one, "validation") for one in sent] + [(one, "serialization") for one in said]
    ordered = sorted(both, key=lambda pair: pair[0].__name__)
    _of, whole = models_json_schema(ordered, ref_template=_SCHEMAS + "{model}")  # type: ignore[arg-type]
    return dict(whole["$defs"])


def _operation(of: Operation) -> dict[str, Any]:
    said: dict[str, Any] = {
        "operationId": of.name,
        "tags": [of.tag],
        "summary": of.summary,
        "description": of.description + (f"\n\nScope: `{of.scope}`." if of.scope else ""),
        "parameters": _parameters(of),
        "responses": _responses(of),
    }
    if of.body:
        said["requestBody"] = {"required": True, "content": {"application/json": {"schema": _ref(of.body)}}}
    if of.upload:
        form = {
            "type": "object",
            "required": ["file"],
            "additionalProperties": False,
            "properties": {"file": {"type": "string", "format": "binary", "description": "PNG, JPEG, WebP or HEIC."}},
        }
        said["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": form}}}
    return {name: value for name, value in said.items() if value}


def _parameters(of: Operation) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for name in re.findall(r"\{(\w+)\}", of.path):
        uuid = {"type": "string", "format": "uuid", "examples": [shapes.EXAMPLE_ID]}
        share = {"type": "string", "pattern": shapes.SHARE_ID, "examples": [shapes.EXAMPLE_SHARE]}
        found.append({"name": name, "in": "path", "required": True, "schema": uuid if name == "id" else share})
    if of.query:
        for name, schema in of.query.model_json_schema()["properties"].items():
            found.append({"name": name, "in": "query", "required": False} | _described(schema))
    if of.again:
        key = {"type": "string", "minLength": 1, "maxLength": 255, "pattern": r"^[!-~]+$"}
        words = "A name of your own for this call, so that repeating it does not count twice. 24 hours."
        found.append(
            {"name": "Idempotency-Key", "in": "header", "required": False, "schema": key, "description": words}
        )
    return found


def _described(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of one parameter, which cannot be null: then it is left out."""
    inner = {name: value for name, value in schema.items() if name not in ("title", "default", "description", "anyOf")}
    some: dict[str, Any] = next((each for each in schema.get("anyOf", ()) if each.get("type") != "null"), {})
    inner = inner | some
    words = inner.pop("description", schema.get("description"))
    if schema.get("default") is not None:
        inner["default"] = schema["default"]
    return {"schema": inner} | ({"description": words} if words else {})


def _responses(of: Operation) -> dict[str, Any]:
    limits = {name: _header(name) for name in ("RateLimit", "RateLimit-Policy")}
    good: dict[str, Any] = {"description": of.summary + ": done.", "headers": dict(limits)}
    if of.has_location:
        good["headers"]["Location"] = _header("Location")
    if of.answer:
        good["content"] = {"application/json": {"schema": _ref(of.answer)}}
    if of.files:
        good["headers"]["ETag"] = _header("ETag")
        good["content"] = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in of.files}
    made = {str(of.status): good}
    if of.files:
        made["304"] = {"description": "You have it: it is the one of your `If-None-Match`.", "headers": dict(limits)}
    by_status: dict[int, list[Kind]] = {}
    for kind in _problems(of):
        by_status.setdefault(kind.status, []).append(kind)
    for status, kinds in sorted(by_status.items()):
        # Of an address that cannot be an id nobody is asked for a token, so nothing is counted.
        headers = {} if status in (401, 404, 500, 503) else dict(limits)
        headers["Content-Language"] = _header("Content-Language")
        if status == 401:
            headers["WWW-Authenticate"] = _header("WWW-Authenticate")
        if status == 429:
            headers["Retry-After"] = _header("Retry-After")
        examples = {kind.slug: {"$ref": f"#/components/examples/{kind.slug}"} for kind in kinds}
        content = {"schema": {"$ref": _SCHEMAS + "Problem"}, "examples": examples}
        made[str(status)] = {
            "description": "; ".join(kind.title for kind in kinds) + ".",
            "headers": headers,
            "content": {problems.MEDIA_TYPE: content},
        }
    return made


def _problems(of: Operation) -> Iterable[Kind]:
    """Every kind of problem that this operation can end in."""
    found = [*_ALWAYS, *of.problems]
    found += [problems.MISSING_SCOPE] if of.scope else []
    found += [problems.INVALID]  # a parameter that does not fit, or one that there is not
    if of.body or of.upload:
        found += [problems.UNREADABLE, problems.TOO_LARGE, problems.MEDIA, problems.BAD_REQUEST]
    if of.again:
        found += [problems.BAD_KEY, problems.IN_PROGRESS, problems.GONE, problems.KEY_REUSED]
    if of.writes:
        found += [problems.FORBIDDEN]
    if of.writes and "{" in of.path:
        found += [problems.CONFLICT]
    return dict.fromkeys(found)


def _example(kind: Kind, site_url: str) -> dict[str, Any]:
    flaws = ({"pointer": "/count", "detail": "Input should be less than or equal to 4."},)
    trouble = problems.Trouble(kind, errors=flaws if kind is problems.INVALID else ())
    return {"value": trouble.document(site_url, "urn:uuid:7d1f0c52-3a53-4b6d-9a34-6c5bb0a0f3a2")}


def _ref(shape: type[BaseModel]) -> dict[str, str]:
    return {"$ref": _SCHEMAS + shape.__name__}


def _header(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/headers/{name}"}


def _text(description: str, example: str, **more: Any) -> dict[str, Any]:
    return {"description": description, "required": True, "schema": {"type": "string", "examples": [example]} | more}


_HEADERS = {
    "RateLimit": _text("Calls left, and seconds until the window ends.", '"reads";r=119;t=60'),
    "RateLimit-Policy": _text(
        f"The rule: {READS.most} reads and {WRITES.most} writes a minute for each account, with all its tokens.",
        '"reads";q=120;w=60',
    ),
    "Content-Language": _text("The language of `title` and `detail`.", "en"),
    "Location": _text("The address of what was made.", f"https://example.com{PREFIX}/jobs/{shapes.EXAMPLE_ID}"),
    "ETag": _text("Names this very content.", '"3a7bd3e2360a3d29eea436fcfb7e44c7"'),
    "WWW-Authenticate": _text("How to sign in.", 'Bearer realm="imgpilot"'),
    "Retry-After": {
        "description": "Seconds to wait.",
        "required": True,
        "schema": {"type": "integer", "minimum": 1, "examples": [17]},
    },
}


def _webhooks() -> dict[str, Any]:
    """What we send to endpoints."""
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    job = {
        "type": "object",
        "required": ["type", "timestamp", "data"],
        "properties": {
            "type": {"type": "string", "const": "job.finished"},
            "timestamp": {"type": "string", "format": "date-time"},
            "data": {
                "type": "object",
                "required": ["job_id", "state", "url", "images"],
                "properties": {
                    "job_id": {"type": "string", "format": "uuid"},
                    "state": {"type": "string", "const": "done"},
                    "url": {"type": "string", "format": "uri"},
                    "images": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["id", "state", "failure", "url", "file_url"],
                            "properties": {
                                "id": {"type": "string", "format": "uuid"},
                                "state": {"$ref": _SCHEMAS + "State"},
                                "failure": {"type": ["string", "null"]},
                                "url": {"type": ["string", "null"]},
                                "file_url": {"type": ["string", "null"]},
                            },
                        },
                    },
                },
            },
        },
    }
    return {
        "job.finished": {
            "post": {
                "operationId": "job_finished",
                "summary": "No picture of a job changes any more",
                "security": [],
                "parameters": [
                    {"name": name, "in": "header", "required": True, "schema": {"type": "string"}} for name in names
                ],
                "requestBody": {"required": True, "content": {"application/json": {"schema": job}}},
                "responses": {
                    "2XX": {"description": "Taken."},
                    "410": {"description": "Send nothing more: the endpoint is switched off."},
                },
            }
        }
    }
