"""Every component in every state on one page, for us and for the tests. There is none in production."""

from datetime import UTC, datetime

from flask import Blueprint, render_template

blueprint = Blueprint("specimen", __name__)


@blueprint.get("/specimen")
def show() -> str:
    """The page."""
    return render_template("specimen.html", then=datetime(2026, 11, 3, 10, 14, tzinfo=UTC))
