"""What machines ask: does the process live, can it serve, with which key do we sign."""

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Blueprint, Flask, Response, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from imgpilot import db, web

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


def ready() -> dict[str, str]:
    """What this process needs, each "ok" or what is wrong with it. No address and no password is in it."""
    try:
        with web.parts().engine.connect() as connection:
            there = set(MigrationContext.configure(connection).get_current_heads())
    except SQLAlchemyError as error:
        return {"database": f"does not answer ({type(error).__name__})"}
    wanted = set(ScriptDirectory.from_config(db.alembic_config("")).get_heads())
    return {"database": "ok", "migrations": "ok" if there == wanted else "not all applied: imgpilot db upgrade"}
