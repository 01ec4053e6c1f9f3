"""The sandbox's front page, its samples and its pulse."""

from functools import lru_cache

from flask import Blueprint, Flask, Response, abort, jsonify, render_template, request

from imgpilot.sandbox.faults import KINDS
from imgpilot.sandbox.openai.models import CATALOGUE
from imgpilot.sandbox.painting import paint
from imgpilot.sandbox.painting.finish import encoded
from imgpilot.sandbox.world import World

#: Prompts for the samples on the front page; each asks for one scene.
SAMPLES = {
    "ridges": "Ridges at first light, low mist between them",
    "waves": "Long waves on an open sea, summer noon",
    "pears": "Still life with pears and a vase",
    "aurora": "Aurora over a still lake",
    "fern": "Cyanotype of ferns",
    "city": "A city at dusk",
    "dunes": "Desert dunes, morning",
    "tiles": "Bauhaus tiles",
}


def mount(app: Flask, world: World) -> None:
    """Adds the front page to the sandbox."""
    pages = Blueprint("pages", __name__)

    @pages.get("/")
    def index() -> str:
        return render_template(
            "sandbox/index.html",
            world=world,
            here=request.host_url.rstrip("/"),
            models=list(CATALOGUE.values()),
            kinds=KINDS,
            samples=SAMPLES,
        )

    @pages.get("/samples/<name>.webp")
    def sample(name: str) -> Response:
        if name not in SAMPLES:
            abort(404)
        answer = Response(_sample(SAMPLES[name]), mimetype="image/webp")
        answer.cache_control.max_age = 3600
        return answer

    @pages.get("/healthz")
    def healthz() -> Response:
        return jsonify({"status": "ok", "mails": len(world.mail), "smtp": world.smtp_url})

    app.register_blueprint(pages)


@lru_cache(maxsize=len(SAMPLES))
def _sample(prompt: str) -> bytes:
    return encoded(paint(prompt, (480, 480)), "webp", 84)
