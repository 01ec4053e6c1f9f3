"""The console keeps to the same list of cookies and links to nobody carelessly, page by page (P06, P20)."""

from uuid import UUID

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.requests.models import Step
from imgpilot import cookies
from tests.accounts.browser import Browser
from tests.console.conftest import ana, asked, browser, case, console, made_once, officer, signed_in
from tests.console.test_roles import pages
from tests.site_cookies import anchors
from tests.site_cookies.test_every_page import given

__all__ = ["ana", "asked", "browser", "case", "console", "made_once", "officer", "signed_in"]

CONSOLE = "127.0.0.1:8001"


def test_p06_and_p20_in_the_console_too(session: Session, console: Flask, officer: Browser, case: UUID) -> None:
    assert console.config["SESSION_COOKIE_NAME"] == cookies.CONSOLE.name
    step = session.scalars(select(Step.id).where(Step.request_id == case)).first()
    assert step
    seen = 0
    for _endpoint, method, path in pages(console, case, step):
        if method != "GET":
            continue
        answer = officer.get(path)
        assert {morsel.key for morsel in given(answer)} <= cookies.names(), path
        if answer.mimetype == "text/html" and answer.status_code < 300:
            assert not list(anchors.wrong(answer.text, CONSOLE)), path
            seen += 1
        answer.close()
    assert seen > 15
