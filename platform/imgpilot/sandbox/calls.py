"""The journal of image calls: what was asked, what was sent for it, how it ended."""

import hashlib
import threading
from collections import deque
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from werkzeug.wrappers import Request

KEPT_CALLS = 500


@dataclass
class SentFile:
    """A file of a multipart body, without its content."""

    field: str
    name: str
    media_type: str
    bytes: int
    sha256: str


@dataclass
class Sent:
    """Everything a client sent, so that a test can prove what it did not send."""

    method: str
    #: Path and query as they came over the wire.
    target: str
    headers: dict[str, str]
    bytes: int = 0
    json: Any = None
    fields: dict[str, list[str]] = field(default_factory=dict)
    files: list[SentFile] = field(default_factory=list)
    #: The body as text if it was neither JSON nor multipart, cut at 4,000 characters.
    text: str = ""


@dataclass
class Call:
    """One image call. `status` is 0 while it runs and when no answer was sent at all."""

    path: str
    sent: Sent
    at: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="milliseconds"))
    model: str = ""
    size: str = ""
    pictures: int = 0
    prompt_sha256: str = ""
    headers: list[str] = field(default_factory=list)
    fault: str = ""
    status: int = 0
    milliseconds: int = 0

    def asks(self, model: str, size: str, prompt: str) -> None:
        """Notes what it is about, as far as it could be read."""
        self.model, self.size = model, size
        self.prompt_sha256 = hashlib.sha256(prompt.encode()).hexdigest()


class Calls:
    """The last calls, newest first, in memory only."""

    def __init__(self, most: int = KEPT_CALLS) -> None:
        self._calls: deque[Call] = deque(maxlen=most)
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._calls)

    def add(self, call: Call) -> None:
        """Writes a call down when it arrives; how it ended is filled in later."""
        with self._lock:
            self._calls.appendleft(call)

    def all(self) -> list[Call]:
        """Every call kept, newest first."""
        with self._lock:
            return list(self._calls)

    def as_json(self) -> list[dict[str, Any]]:
        """The same, for the wire."""
        return [asdict(call) for call in self.all()]

    def clear(self) -> int:
        """Forgets them; says how many."""
        with self._lock:
            count = len(self._calls)
            self._calls.clear()
        return count


def masked(name: str, value: str) -> str:
    """A header's value; a credential is replaced by its kind and length, because keys may be real."""
    if name.lower() not in {"authorization", "cookie", "proxy-authorization", "x-api-key", "x-goog-api-key"}:
        return value
    scheme, _, rest = value.partition(" ")
    return f"{scheme} ({len(rest)} characters)" if rest else f"({len(value)} characters)"


def sent_by(request: Request) -> Sent:
    """What the request carries; its body must fit the server's limit."""
    target = request.environ.get("RAW_URI", request.full_path)
    sent = Sent(request.method, target, {k: masked(k, v) for k, v in request.headers.items()})
    sent.bytes = request.content_length or 0
    if request.mimetype == "multipart/form-data":
        sent.fields = {name: request.form.getlist(name) for name in request.form}
        for name, upload in request.files.items(multi=True):
            content = upload.stream.read()
            upload.stream.seek(0)
            digest = hashlib.sha256(content).hexdigest()
            sent.files.append(SentFile(name, upload.filename or "", upload.mimetype, len(content), digest))
        return sent
    body = request.get_data(cache=True)
    sent.bytes = len(body)
    sent.json = request.get_json(force=True, silent=True)
    if sent.json is None:
        sent.text = body[:4000].decode(errors="replace")
    return sent
