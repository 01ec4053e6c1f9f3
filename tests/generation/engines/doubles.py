"""Providers that speak their documented contract over real HTTP, and what they were asked."""

import json
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request as Asking
from werkzeug import Response

from tests.generation.conftest import photo

PNG = photo()


@dataclass(frozen=True)
class Asked:
    """One request that came in."""

    kind: str
    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: Any


def answer(status: int = 200, body: object = None, **headers: str) -> Response:
    """An answer: bytes as they are, anything else as JSON."""
    sent = body if isinstance(body, bytes) else json.dumps({} if body is None else body).encode()
    return Response(sent, status, {name.replace("_", "-"): value for name, value in headers.items()})


class Double:
    """A provider. What `say` was given for a kind of request is said first, once each; then what is usual."""

    def __init__(self, server: HTTPServer) -> None:
        self.url = server.url_for("").rstrip("/")
        self.asked: list[Asked] = []
        self.orders = 0
        self._said: dict[str, list[Response]] = defaultdict(list)
        server.expect_request(re.compile(".*")).respond_with_handler(self._answer)

    def say(self, kind: str, *answers: Response) -> None:
        """Answer requests of this kind so, one after the other."""
        self._said[kind] += answers

    def of(self, kind: str) -> list[Asked]:
        """The requests of this kind that came in."""
        return [each for each in self.asked if each.kind == kind]

    @property
    def kinds(self) -> list[str]:
        """What was asked, in order."""
        return [each.kind for each in self.asked]

    def _answer(self, asking: Asking) -> Response:
        kind = self.kind(asking.method, asking.path)
        body = asking.get_json(silent=True)
        query = asking.query_string.decode()
        self.asked.append(Asked(kind, asking.method, asking.path, query, dict(asking.headers), body))
        if self._said[kind]:
            return self._said[kind].pop(0)
        if kind == "order":
            self.orders += 1
        if kind == "picture":
            return Response(PNG, mimetype="image/png")
        return self.usual(kind, body)

    def kind(self, method: str, path: str) -> str:
        """What kind of request this is."""
        raise NotImplementedError

    def usual(self, kind: str, body: Any) -> Response:
        """The documented answer."""
        raise NotImplementedError


class FalDouble(Double):
    """fal's queue, its payloads API, its files and its keys."""

    def kind(self, method: str, path: str) -> str:
        if path.endswith("/payloads"):
            return "remove"
        for end, kind in (("/status", "status"), ("/cancel", "cancel"), ("jwks.json", "keys"), (".png", "picture")):
            if path.endswith(end):
                return kind
        return "order" if method == "POST" else "result"

    def usual(self, kind: str, body: Any) -> Response:
        id_ = f"fal-{self.orders}"
        at = f"{self.url}/fal-ai/flux/requests/{id_}"
        match kind:
            case "order":
                urls = {"status_url": f"{at}/status", "response_url": at, "cancel_url": f"{at}/cancel"}
                return answer(200, {"request_id": id_, **urls, "queue_position": 0})
            case "status":
                return answer(200, {"status": "COMPLETED", "metrics": {"inference_time": 1.5}})
            case "result":
                picture = {"url": f"{self.url}/files/1.png", "width": 64, "height": 48, "content_type": "image/png"}
                return answer(200, {"images": [picture], "seed": 77, "has_nsfw_concepts": [False], "prompt": "x"})
            case "cancel":
                return answer(202, {"status": "CANCELLATION_REQUESTED"})
            case "remove":
                return answer(200, {"cdn_delete_results": [{"link": "https://v3.fal.media/1.png", "exception": None}]})
        return answer(404)


class BflDouble(Double):
    """Black Forest Labs' API."""

    def kind(self, method: str, path: str) -> str:
        if path.endswith(".png"):
            return "picture"
        return "order" if method == "POST" else "status"

    def usual(self, kind: str, body: Any) -> Response:
        if kind == "order":
            id_ = f"bfl-{self.orders}"
            return answer(200, {"id": id_, "polling_url": f"{self.url}/v1/get_result?id={id_}"})
        sample = {"sample": f"{self.url}/results/sample.png?sig=x", "prompt": "x", "seed": 42}
        return answer(200, {"id": "x", "status": "Ready", "result": sample})


class ReplicateDouble(Double):
    """Replicate's predictions."""

    def kind(self, method: str, path: str) -> str:
        for end, kind in (("/cancel", "cancel"), ("/secret", "keys"), (".png", "picture")):
            if path.endswith(end):
                return kind
        return "order" if method == "POST" else "status"

    def usual(self, kind: str, body: Any) -> Response:
        match kind:
            case "order":
                return answer(201, {"id": f"rep{self.orders}", "status": "starting", "input": body["input"]})
            case "cancel":
                return answer(200, {"id": "rep", "status": "canceled"})
        done = {"status": "succeeded", "output": f"{self.url}/out/1.png", "input": {"seed": 9}, "completed_at": "now"}
        return answer(200, {"id": "rep1", **done})


class GeminiDouble(Double):
    """Gemini's generateContent."""

    def kind(self, method: str, path: str) -> str:
        return "order"

    def usual(self, kind: str, body: Any) -> Response:
        import base64

        thought = {"thought": True, "inlineData": {"mimeType": "image/png", "data": "bm90IHRoaXM="}}
        part = {"inlineData": {"mimeType": "image/png", "data": base64.b64encode(PNG).decode()}}
        parts = [{"text": "Here it is"}, thought, part]
        return answer(200, {"candidates": [{"content": {"parts": parts}, "finishReason": "STOP"}]})
