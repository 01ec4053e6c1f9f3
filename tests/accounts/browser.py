"""A browser as these tests use one: it keeps cookies and fills in forms, with the token that their page holds."""

import re

from flask import Flask
from werkzeug.test import TestResponse

from imgpilot.accounts.browsers import COOKIE
from imgpilot.sandbox.server import Sandbox
from tests import signing_up

TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')


class Browser:
    """One person's browser."""

    def __init__(self, app: Flask, *, base: str = "http://127.0.0.1:8000", agent: str = "") -> None:
        self.client = app.test_client()
        self.base = base
        self.agent = agent or "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

    def get(self, path: str, **headers: str) -> TestResponse:
        """Open a page."""
        return self.client.get(path, base_url=self.base, headers={"User-Agent": self.agent} | headers)

    def send(self, path: str, fields: dict[str, str], **headers: str) -> TestResponse:
        """POST exactly this."""
        return self.client.post(path, data=fields, base_url=self.base, headers={"User-Agent": self.agent} | headers)

    def post(self, path: str, fields: dict[str, str] | None = None, *, on: str | None = None) -> TestResponse:
        """Fill in the form on the page `on` (the same path if unset) and send it."""
        return self.send(path, {"csrf_token": self.csrf(on or path)} | (fields or {}))

    def csrf(self, path: str) -> str:
        """The token in the forms of that page."""
        found = TOKEN.search(self.get(path).text)
        assert found, "the page has no form"
        return found[1]

    @property
    def token(self) -> str | None:
        """What the browser has in its sign-in cookie."""
        cookie = self.client.get_cookie(COOKIE, domain=self.base.split("/")[2].split(":")[0])
        return cookie.value if cookie else None

    def ask(self, address: str, *, page: str = "/sign-in") -> TestResponse:
        """Ask for a link."""
        return self.post(page, {"email": address})

    def sign_in(self, sandbox: Sandbox, address: str, *, page: str = "/sign-in") -> TestResponse:
        """Ask for a link, open it, press the button."""
        assert self.ask(address, page=page).status_code == 302
        return self.open_link(link_path(sandbox, address))

    def open_link(self, path: str) -> TestResponse:
        """Press the button on the page of a sign-in link, with the answer that a new account needs."""
        return self.post(path, signing_up.ANSWER)


def link_path(sandbox: Sandbox, address: str) -> str:
    """The path of the newest link in the mails to this address."""
    links = sandbox.mail.to(address)[0].links
    return next("/sign-in/" + link.partition("/sign-in/")[2] for link in links if "/sign-in/" in link)


def link_token(sandbox: Sandbox, address: str) -> str:
    """The token in the newest link."""
    return link_path(sandbox, address).removeprefix("/sign-in/")
