"""The headers that keep a page to itself: what it may load, who may frame it, what it gives away."""

import secrets
from collections.abc import Callable, Iterable, Mapping

from flask import Response, current_app, g, request

#: Everything from this host; inline style and script only with this answer's nonce; nobody may frame us.
POLICY: dict[str, tuple[str, ...]] = {
    "default-src": ("'self'",),
    "style-src": ("'self'", "'nonce-{nonce}'"),
    "script-src": ("'self'", "'nonce-{nonce}'"),
    "img-src": ("'self'", "data:", "blob:"),
    "frame-ancestors": ("'none'",),
    "base-uri": ("'self'",),
    "form-action": ("'self'",),
    "object-src": ("'none'",),
}

FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "accelerometer=(), browsing-topics=(), camera=(), geolocation=(), gyroscope=(), "
    "magnetometer=(), microphone=(), payment=(), usb=()",
}

#: Two years, as the preload lists ask for.
ONLY_HTTPS = "max-age=63072000; includeSubDomains"


def csp_nonce() -> str:
    """The word that inline style and script of this answer must carry."""
    if "look_nonce" not in g:
        g.look_nonce = secrets.token_urlsafe(18)
    return str(g.look_nonce)


def guard(also: Mapping[str, Iterable[str]]) -> Callable[[Response], Response]:
    """Put the headers on every answer. A view that set one of them knew why; its value stays."""
    policy = {name: [*sources, *also.get(name, ())] for name, sources in POLICY.items()}
    policy.update({name: ["'self'", *sources] for name, sources in also.items() if name not in POLICY})
    template = "; ".join(f"{name} {' '.join(sources)}" for name, sources in policy.items())

    def put(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", template.replace("{nonce}", csp_nonce()))
        for name, value in FIXED.items():
            response.headers.setdefault(name, value)
        # Behind a proxy that ends TLS the request looks plain; that cookies are Secure says how the site is reached.
        if request.is_secure or current_app.config["SESSION_COOKIE_SECURE"]:
            response.headers.setdefault("Strict-Transport-Security", ONLY_HTTPS)
        return response

    return put
