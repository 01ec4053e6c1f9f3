"""The pages about the interface: everything is on them, every link leads somewhere, nobody has to sign in."""

import html
import re

import pytest
from flask import Flask

from imgpilot.api.operations import everything
from imgpilot.api.problems import KINDS
from tests.api.conftest import BASE


@pytest.mark.parametrize("language", ["en", "zh_Hans"])
def test_the_guide_has_every_operation_and_every_link_in_it_leads_somewhere(site: Flask, language: str) -> None:
    client = site.test_client()
    client.set_cookie("lang", language, domain="127.0.0.1")
    page = client.get("/api", base_url=BASE)
    assert page.status_code == 200
    there = set(re.findall(r' id="([^"]+)"', page.text))
    for one in everything():
        assert one.name in there
        assert one.summary in html.unescape(page.text)
    for kind in KINDS.values():
        assert f'href="/api/problems/{kind.slug}"' in page.text
    linked = set(re.findall(r'href="#([^"]+)"', page.text))
    assert linked <= there, linked - there
    assert not re.findall(r'(?:src|href)="https?://(?!127\.0\.0\.1)[^"]+"', page.text), "no other host"
