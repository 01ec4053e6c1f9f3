"""Addresses that somebody else chose: which are public, and what is called in production."""

import socket
import time
from ipaddress import ip_address
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from imgpilot import elsewhere, gateway
from imgpilot.errors import Refused
from imgpilot.parts import Parts
from imgpilot.processors import AGENT
from imgpilot.purposes import GENERATION, RIGHTS
from tests.generation import dripping

CATEGORIES = ("user.privacy_preferences",)


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:4700::1111"])
def test_hosts_of_the_internet_are_public(address: str) -> None:
    assert elsewhere.is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
        *("224.0.0.1", "255.255.255.255", "192.0.2.1", "240.0.0.1"),
        *("::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1"),
        *("2002:7f00:1::", "2002:808:808::", "2001:0:7f00:1::", "2001:db8::1"),
    ],
)
def test_nothing_else_is(address: str) -> None:
    assert not elsewhere.is_public(ip_address(address))


def names(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """Every name leads to these addresses."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 443)) for each in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: found)


def test_a_name_with_one_address_that_is_not_public_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    names(monkeypatch, "93.184.216.34")
    assert elsewhere.resolved("agent.example.org", 443, loopback=False) == "93.184.216.34"
    names(monkeypatch, "93.184.216.34", "10.0.0.1")
    with pytest.raises(Refused):
        elsewhere.resolved("agent.example.org", 443, loopback=True)


def test_this_machine_is_called_only_while_developing(monkeypatch: pytest.MonkeyPatch) -> None:
    names(monkeypatch, "127.0.0.1")
    assert elsewhere.resolved("localhost", 80, loopback=True) == "127.0.0.1"
    with pytest.raises(Refused):
        elsewhere.resolved("localhost", 80, loopback=False)


def test_a_name_that_leads_nowhere_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_a: Any, **_k: Any) -> None:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", fails)
    with pytest.raises(ConnectionError, match="nowhere"):
        elsewhere.resolved("agent.example.org", 443, loopback=False)


def call(parts: Parts, url: str, **changed: Any) -> int:
    given: dict[str, Any] = {"recipient": AGENT, "purpose": RIGHTS, "categories": CATEGORIES} | changed
    return parts.gateway.call(url, subject=None, sent=b"{}", **given)


def test_a_call_goes_to_the_address_that_was_checked_under_the_name_that_was_given(
    parts: Parts, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    httpserver.expect_request(
        "/x", method="POST", headers={"Host": f"agent.test:{httpserver.port}"}
    ).respond_with_data()
    asked: list[str] = []
    real = socket.getaddrinfo

    def once(host: Any, port: Any, *rest: Any, **named: Any) -> Any:
        if host == "agent.test":
            asked.append(host)
            return real("127.0.0.1", port, *rest, **named)
        return real(host, port, *rest, **named)

    monkeypatch.setattr(socket, "getaddrinfo", once)
    assert call(parts, f"http://agent.test:{httpserver.port}/x") == 200
    assert asked == ["agent.test"], "looked up once: what is called is what was checked"


@pytest.mark.parametrize(
    "changed", [{"purpose": GENERATION}, {"categories": ("user.contact.email",)}], ids=["purpose", "category"]
)
def test_only_what_an_agent_may_have_goes_out(parts: Parts, changed: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        call(parts, "http://127.0.0.1:9/", **changed)


@pytest.mark.parametrize("url", ["ftp://agent.test/", "x", "", "https://u:p@agent.test/", "https://", "http://[::1/"])
def test_what_is_no_address_is_refused(parts: Parts, url: str) -> None:
    with pytest.raises(Refused):
        call(parts, url)


def test_nothing_goes_out_in_clear_text(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    names(monkeypatch, "93.184.216.34")
    with pytest.raises(Refused, match="clear text"):
        call(parts, "http://agent.example.org/")


def test_nobody_there_is_a_connection_error_without_the_address(parts: Parts) -> None:
    with pytest.raises(ConnectionError) as error:
        call(parts, "http://127.0.0.1:9/secret-path")
    assert "secret" not in str(error.value)


def test_whoever_drips_does_not_hold_a_worker_for_ever(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "WHOLE", 0.5)
    with dripping.serving(dripping.drip_head) as url:
        began = time.monotonic()
        with pytest.raises(ConnectionError):
            call(parts, url)
        assert time.monotonic() - began < 60, "it would drip for ever"
