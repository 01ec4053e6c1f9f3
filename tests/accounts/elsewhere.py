"""The pages that the site's frame links to and that are not ours: each says its name."""

from flask import Blueprint, Flask
from sqlalchemy import text

from imgpilot import web


def mount(app: Flask) -> None:
    """Stand where the other features are."""
    for part, page, path in (
        ("site", "home", "/"),
        ("generation", "studio", "/studio"),
        ("portal", "centre", "/privacy"),
        ("sharing", "shares", "/shared"),
    ):
        blueprint = Blueprint(part, __name__)
        blueprint.add_url_rule(path, page, lambda said=page: said)
        app.register_blueprint(blueprint)
    app.add_url_rule("/broken", "broken", _broken)


def _broken() -> str:
    web.session().execute(text("SELECT 1/0"))
    return "never"
