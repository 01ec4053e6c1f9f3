"""The files under /static: addressed by their content, so that browsers may keep them for good."""

import logging
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from flask import Response, current_app, request, url_for

log = logging.getLogger(__name__)

#: A year. The address changes with the content, so nobody has to ask again.
FOR_GOOD = "public, max-age=31536000, immutable"
#: What stylesheets name without a content hash: fonts, from a locked package.
FOR_A_WEEK = "public, max-age=604800"


def asset(path: str) -> str:
    """The address of a file under /static, with a digest of what is in it."""
    file = Path(current_app.static_folder or "") / path
    try:
        at = file.stat()
    except FileNotFoundError:
        if current_app.config.get("LOOK_STRICT", True):
            raise
        log.exception("static file %s is missing", path)
        return url_for("static", filename=path)
    return url_for("static", filename=path, v=_digest(file, at.st_mtime_ns, at.st_size))


@lru_cache(maxsize=512)
def _digest(file: Path, _changed: int, _size: int) -> str:
    return sha256(file.read_bytes()).hexdigest()[:12]


def keep_long(response: Response) -> Response:
    """Let browsers keep what cannot change under its address."""
    if request.endpoint == "static" and response.status_code in {200, 304}:
        if "v" in request.args:
            response.headers["Cache-Control"] = FOR_GOOD
        elif request.path.partition("/static/")[2].startswith("vendor/"):
            response.headers["Cache-Control"] = FOR_A_WEEK
    return response
