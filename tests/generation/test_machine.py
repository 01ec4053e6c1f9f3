"""What machines ask."""

from cryptography.hazmat.primitives.serialization import load_pem_public_key
from flask import Flask
from sqlalchemy import text

from imgpilot import db
from imgpilot.parts import Parts
from tests.accounts.browser import Browser


def test_a_process_that_lives_says_so(site: Flask) -> None:
    answer = Browser(site).get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_ready_is_a_database_with_every_migration(site: Flask) -> None:
    answer = Browser(site).get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok", "database": "ok", "migrations": "ok"})


def test_a_missing_migration_is_not_ready(site: Flask, parts: Parts) -> None:
    with parts.engine.begin() as connection:
        known = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        connection.execute(text("UPDATE alembic_version SET version_num = 'an_older_one'"))
    try:
        answer = Browser(site).get("/readyz")
        assert (answer.status_code, answer.json["status"]) == (503, "not ready")
        assert "imgpilot db upgrade" in answer.json["migrations"]
        assert Browser(site).get("/healthz").status_code == 200
    finally:
        with parts.engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": known})


def test_a_database_that_is_away_is_not_ready(site: Flask, parts: Parts) -> None:
    parts.engine = db.connect("postgresql+psycopg://nobody:secret@127.0.0.1:9/none")
    answer = Browser(site).get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {"status": "not ready", "database": "does not answer (OperationalError)"}


def test_the_signing_key_is_the_public_half(site: Flask, parts: Parts) -> None:
    answer = Browser(site).get("/.well-known/imgpilot-signing-key.pem")
    assert b"PRIVATE" not in answer.data
    assert load_pem_public_key(answer.data) == parts.settings.signing.public_key()
