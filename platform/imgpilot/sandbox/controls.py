"""What tests and demonstrations steer the sandbox with: faults to come, calls and purges that were made."""

from flask import Blueprint, Flask, Response, jsonify, request

from imgpilot.sandbox.faults import FaultError
from imgpilot.sandbox.world import World


def mount(app: Flask, world: World) -> None:
    """Adds /api/faults, /api/calls and /api/purges to the sandbox."""
    controls = Blueprint("controls", __name__, url_prefix="/api")

    @controls.get("/faults")
    def waiting() -> Response:
        return jsonify({"faults": world.faults.waiting()})

    @controls.post("/faults")
    def add() -> tuple[Response, int]:
        # Only a JSON content type is read: a page of another site cannot send one unasked.
        given = request.get_json(silent=True)
        if not isinstance(given, dict):
            raise FaultError("Send a JSON object with a kind, as application/json.")
        world.faults.add(**{"kind": "", **given})
        return jsonify({"faults": world.faults.waiting()}), 201

    @controls.delete("/faults")
    def forget() -> Response:
        return jsonify({"deleted": world.faults.clear()})

    @controls.get("/calls")
    def calls() -> Response:
        return jsonify({"calls": world.calls.as_json()})

    @controls.get("/purges")
    def purges() -> Response:
        return jsonify({"purges": world.purged.as_json()})

    @controls.delete("/purges")
    def forget_purges() -> Response:
        return jsonify({"deleted": world.purged.clear()})

    @controls.delete("/calls")
    def forget_calls() -> Response:
        return jsonify({"deleted": world.calls.clear()})

    @controls.errorhandler(FaultError)
    def refused(error: FaultError) -> tuple[Response, int]:
        return jsonify({"error": str(error)}), 400

    app.register_blueprint(controls)
