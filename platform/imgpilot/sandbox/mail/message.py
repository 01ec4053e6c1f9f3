"""One caught mail: who, what, when, its parts and its links."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import policy
from email.message import Message
from email.parser import BytesParser
from email.policy import Policy
from html.parser import HTMLParser
from typing import Any

#: A link in running text. Only ASCII: Chinese text may follow an address without a space.
LINK = re.compile(r"https?://[A-Za-z0-9\-._~:/?#\[\]@!$&()*+,;=%]+")
#: What usually ends a sentence is not part of the link in it.
ENDINGS = ".,;:!?"


#: What Python's parser of modern headers raises for some malformed ones; its older parser takes them as they are.
HEADER_BUGS = (AttributeError, IndexError, KeyError, TypeError, ValueError, NameError)


@dataclass(frozen=True)
class Attachment:
    """A file that came along, or a picture the HTML part shows."""

    name: str
    media_type: str
    content: bytes
    content_id: str = ""


@dataclass(frozen=True)
class Mail:
    """What arrived, taken apart once."""

    id: str
    at: datetime
    sender: str
    recipients: tuple[str, ...]
    subject: str
    headers: tuple[tuple[str, str], ...]
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()
    size: int = 0
    links: tuple[str, ...] = field(default=())

    def is_for(self, address: str) -> bool:
        """Whether it went to this address, whatever its capitals."""
        return address.strip().casefold() in (r.casefold() for r in self.recipients)


def read_mail(key: str, recipients: list[str], raw: bytes) -> Mail:
    """The mail in these bytes."""
    try:
        return _read(key, recipients, raw, policy.default)
    except HEADER_BUGS:
        return _read(key, recipients, raw, policy.compat32)


def _read(key: str, recipients: list[str], raw: bytes, way: "Policy[Any]") -> Mail:
    parsed = BytesParser(policy=way).parsebytes(raw)
    text, html, attachments = _parts(parsed)
    return Mail(
        id=key,
        at=datetime.now(UTC),
        sender=str(parsed.get("From", "")),
        recipients=tuple(recipients),
        subject=str(parsed.get("Subject", "")),
        headers=tuple((name, str(value)) for name, value in parsed.items()),
        text=text,
        html=html,
        attachments=tuple(attachments),
        size=len(raw),
        links=tuple(dict.fromkeys([*links_in(text), *hrefs_in(html)])),
    )


def links_in(text: str) -> list[str]:
    """The web addresses in running text."""
    return [trimmed(found) for found in LINK.findall(text)]


def trimmed(link: str) -> str:
    """The link without the punctuation of its sentence; a bracket stays if it was opened inside."""
    while link and (link[-1] in ENDINGS or (link[-1] == ")" and link.count("(") < link.count(")"))):
        link = link[:-1]
    return link


class _Hrefs(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found += [v for k, v in attrs if k == "href" and v and v.startswith(("http://", "https://"))]


def hrefs_in(html: str) -> list[str]:
    """The web addresses that an HTML part links to."""
    reader = _Hrefs()
    reader.feed(html)
    reader.close()
    return reader.found


def _parts(parsed: Message) -> tuple[str, str, list[Attachment]]:
    text, html = "", ""
    attachments: list[Attachment] = []
    for part in _leaves(parsed):
        kind = part.get_content_type()
        attached = part.get_content_disposition() == "attachment" or part.get_filename() is not None
        if kind == "text/plain" and not attached and not text:
            text = _words(part)
        elif kind == "text/html" and not attached and not html:
            html = _words(part)
        else:
            attachments.append(_file(part, len(attachments) + 1))
    return text, html, attachments


def _leaves(part: Message) -> Iterator[Message]:
    """The parts that hold something; a mail inside the mail is one of them, not opened further."""
    if part.is_multipart() and part.get_content_type() != "message/rfc822":
        for inner in part.get_payload():
            if isinstance(inner, Message):
                yield from _leaves(inner)
    else:
        yield part


def _words(part: Message) -> str:
    content = part.get_payload(decode=True)
    raw = content if isinstance(content, bytes) else b""
    try:
        return raw.decode(part.get_content_charset() or "utf-8", errors="replace").replace("\r\n", "\n")
    except LookupError:  # a charset nobody knows
        return raw.decode("utf-8", errors="replace").replace("\r\n", "\n")


def _file(part: Message, number: int) -> Attachment:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):  # a whole mail inside the mail
        content = b"".join(inner.as_bytes() for inner in part.get_payload() if isinstance(inner, Message))
    return Attachment(
        name=part.get_filename() or f"part-{number}",
        media_type=part.get_content_type(),
        content=content,
        content_id=str(part.get("Content-ID", "")).strip("<> "),
    )
