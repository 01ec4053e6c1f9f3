"""What machines ask: does the process live, can it serve, with which key do we sign; and what they look for at agreed
places: that Global Privacy Control is honoured (https://w3c.github.io/gpc/), where to report a hole (RFC 9116).
"""

from datetime import datetime, time, timedelta

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Blueprint, Flask, Response, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

import config
from imgpilot import db, web

#: Since when the answer about Global Privacy Control stands as it does.
GPC_SINCE = "2026-11-23"
#: security.txt says that it is good for so long; RFC 9116 asks for less than a year. It is not signed.
GOOD_FOR = timedelta(days=180)

pages = Blueprint("machine", __name__)


def mount(app: Flask) -> None:
    """Put the machine's addresses on an app."""
    app.register_blueprint(pages)


@pages.get("/healthz")
def healthz() -> ResponseReturnValue:
    """The process lives. It says nothing of anything else."""
    return jsonify(status="ok")


@pages.get("/readyz")
def readyz() -> ResponseReturnValue:
    """The database answers and has every migration; else 503, and which of the two it is."""
    checks = ready()
    good = all(value == "ok" for value in checks.values())
    return jsonify(status="ok" if good else "not ready", **checks), 200 if good else 503


@pages.get("/.well-known/imgpilot-signing-key.pem")
def signing_key() -> ResponseReturnValue:
    """The public half of the key that signs export packages and audit heads."""
    public = web.parts().settings.signing.public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return Response(pem, mimetype="application/x-pem-file", headers={"Cache-Control": "public, max-age=3600"})


@pages.get("/.well-known/gpc.json")
def gpc() -> ResponseReturnValue:
    """That `Sec-GPC: 1` is honoured (policy P12)."""
    answer = jsonify(gpc=True, lastUpdate=GPC_SINCE)
    answer.headers["Cache-Control"] = "public, max-age=86400"
    return answer


@pages.get("/.well-known/security.txt")
def security() -> ResponseReturnValue:
    """Where to report a hole in our security."""
    parts = web.parts()
    body = security_txt(parts.settings.site_url, parts.clock())
    return Response(body, mimetype="text/plain", headers={"Cache-Control": "public, max-age=86400"})


def security_txt(site_url: str, now: datetime) -> str:
    """The file, for a site at this address. It is the same all day."""
    expires = datetime.combine((now + GOOD_FOR).date(), time.min)
    languages = ", ".join(code.partition("_")[0] for code in config.LANGUAGES)
    return (
        f"Contact: mailto:{config.CONTACT}\n"
        f"Expires: {expires.isoformat()}Z\n"
        f"Preferred-Languages: {languages}\n"
        f"Canonical: {site_url}/.well-known/security.txt\n"
    )


def ready() -> dict[str, str]:
    """What this process needs, each "ok" or what is wrong with it. No address and no password is in it."""
    try:
        with web.parts().engine.connect() as connection:
            there = set(MigrationContext.configure(connection).get_current_heads())
    except SQLAlchemyError as error:
        return {"database": f"does not answer ({type(error).__name__})"}
    wanted = set(ScriptDirectory.from_config(db.alembic_config("")).get_heads())
    return {"database": "ok", "migrations": "ok" if there == wanted else "not all applied: imgpilot db upgrade"}
