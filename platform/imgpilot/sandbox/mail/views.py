"""The pages and the JSON that show the caught mail."""

import io
import re
from typing import Any

from flask import Blueprint, Flask, Response, abort, jsonify, render_template, request, send_file, url_for
from markupsafe import Markup, escape

from imgpilot.sandbox.mail.message import LINK, Attachment, Mail, trimmed
from imgpilot.sandbox.world import World

#: A mail's HTML part may show its own pictures and styles, run nothing, and open links in a new tab.
CLOSED = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
    "img-src 'self' data:; style-src 'unsafe-inline'; frame-ancestors 'self'"
)


def mount(app: Flask, world: World) -> None:
    """Adds the mail pages to the sandbox."""
    pages = Blueprint("mail", __name__)
    app.add_template_filter(linked)
    app.add_template_filter(weight)

    def found(key: str) -> Mail:
        return world.mail.find(key) or abort(404)

    @pages.get("/mail/")
    def listing() -> str:
        address = request.args.get("to", "").strip()
        return render_template("sandbox/mails.html", mails=world.mail.to(address), address=address)

    @pages.get("/mail/<key>")
    def one(key: str) -> str:
        return render_template("sandbox/mail.html", mail=found(key))

    @pages.get("/mail/<key>/html")
    def html(key: str) -> Response:
        answer = Response('<base target="_blank">' + _with_pictures(found(key)), mimetype="text/html")
        answer.headers["Content-Security-Policy"] = CLOSED
        return answer

    @pages.get("/mail/<key>/attachments/<int:number>")
    def attachment(key: str, number: int) -> Response:
        files = found(key).attachments
        if number >= len(files):
            abort(404)
        file = files[number]
        shown = bool(file.content_id) and file.media_type.startswith("image/")
        return send_file(io.BytesIO(file.content), file.media_type, as_attachment=not shown, download_name=file.name)

    @pages.get("/api/mail")
    def messages() -> Response:
        return jsonify({"messages": [as_json(m) for m in world.mail.to(request.args.get("to", ""))]})

    @pages.delete("/api/mail")
    def clear() -> Response:
        return jsonify({"deleted": world.mail.clear(request.args.get("to", ""))})

    app.register_blueprint(pages)


def as_json(mail: Mail) -> dict[str, Any]:
    """A mail for scripts."""
    return {
        "id": mail.id,
        "at": mail.at.isoformat(timespec="milliseconds"),
        "from": mail.sender,
        "to": ", ".join(mail.recipients),
        "subject": mail.subject,
        "text": mail.text,
        "html": mail.html,
        "links": list(mail.links),
        "headers": dict(mail.headers),
        "url": url_for("mail.one", key=mail.id, _external=True),
        "attachments": [_file(mail, number, file) for number, file in enumerate(mail.attachments)],
    }


def _file(mail: Mail, number: int, file: Attachment) -> dict[str, Any]:
    return {
        "name": file.name,
        "media_type": file.media_type,
        "bytes": len(file.content),
        "url": url_for("mail.attachment", key=mail.id, number=number, _external=True),
    }


def _with_pictures(mail: Mail) -> str:
    """The HTML part with the pictures it carries (cid:) fetched from here."""
    places = {file.content_id: number for number, file in enumerate(mail.attachments) if file.content_id}

    def place(match: re.Match[str]) -> str:
        number = places.get(match[1])
        return match[0] if number is None else url_for("mail.attachment", key=mail.id, number=number)

    return re.sub(r"cid:([^\"'\s)>]+)", place, mail.html)


def linked(text: str) -> Markup:
    """Running text with its web addresses made clickable."""
    result, done = Markup(""), 0
    for match in LINK.finditer(text):
        link = trimmed(match[0])
        result += escape(text[done : match.start()])
        result += Markup('<a href="{0}" rel="noreferrer">{0}</a>').format(link)
        done = match.start() + len(link)
    return result + escape(text[done:])


def weight(count: int) -> str:
    """A number of bytes as people read it."""
    if count < 1000:
        return f"{count} bytes"
    return f"{count / 1000:.1f} kB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"
