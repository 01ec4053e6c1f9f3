"""Which address a request is said to come from: cf-connecting-ip counts from a trusted proxy and from nobody else."""

import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

import config
from imgpilot import visitors

CLOUDFLARE = "173.245.48.0/20, 2400:cb00::/32"


def address(peer: str, trusted: str = CLOUDFLARE, **headers: str) -> str:
    """What is believed of a request from this peer."""
    built = EnvironBuilder(headers=headers, environ_overrides={"REMOTE_ADDR": peer})
    return visitors.address(config.read_settings(trusted_proxies=trusted), Request(built.get_environ()))


def cf(value: str) -> dict[str, str]:
    return {"cf-connecting-ip": value}


@pytest.mark.parametrize(
    ("peer", "said", "believed"),
    [
        ("173.245.48.9", "203.0.113.7", "203.0.113.7"),
        ("2400:cb00::1", "2001:db8::2", "2001:db8::2"),
        # IPv4 in the clothes of IPv6, a zone, another way of writing the same.
        ("::ffff:173.245.48.9", "::ffff:203.0.113.7", "203.0.113.7"),
        ("173.245.48.9", "2001:0DB8:0::0002", "2001:db8::2"),
        ("173.245.48.9", " 203.0.113.7 ", "203.0.113.7"),
        ("173.245.48.9", "fe80::1%eth0", "fe80::1"),
        # Garbage, and more than one: then it is the proxy that asks.
        ("173.245.48.9", "not an address", "173.245.48.9"),
        ("173.245.48.9", "203.0.113.7, 198.51.100.1", "173.245.48.9"),
        ("173.245.48.9", "203.0.113.7:443", "173.245.48.9"),
        ("173.245.48.9", "'; DROP TABLE usage", "173.245.48.9"),
        ("173.245.48.9", "", "173.245.48.9"),
    ],
)
def test_p05_a_trusted_proxy_is_believed(peer: str, said: str, believed: str) -> None:
    assert address(peer, **cf(said)) == believed


@pytest.mark.parametrize("peer", ["198.51.100.4", "173.245.64.1", "2001:db8::9", "127.0.0.1"])
def test_p05_nobody_else_is_believed(peer: str) -> None:
    assert address(peer, **cf("203.0.113.7")) == peer
    assert address(peer, trusted="", **cf("203.0.113.7")) == peer


def test_a_proxy_that_says_nothing_is_the_peer_and_other_headers_say_nothing() -> None:
    others = {"X-Forwarded-For": "203.0.113.7", "X-Real-IP": "203.0.113.7", "True-Client-IP": "203.0.113.7"}
    assert address("173.245.48.9", **others) == "173.245.48.9"
    assert address("198.51.100.4", **others) == "198.51.100.4"


def test_a_socket_on_this_machine_has_no_address() -> None:
    assert address("", **cf("203.0.113.7")) == ""


def test_two_headers_of_that_name_are_not_believed() -> None:
    built = EnvironBuilder(
        headers=[("cf-connecting-ip", "203.0.113.7"), ("cf-connecting-ip", "198.51.100.1")],
        environ_overrides={"REMOTE_ADDR": "173.245.48.9"},
    )
    settings = config.read_settings(trusted_proxies=CLOUDFLARE)
    assert visitors.address(settings, Request(built.get_environ())) == "173.245.48.9"


def test_a_proxy_list_that_is_none_stops_the_start_and_says_so() -> None:
    with pytest.raises(config.SettingsError, match=r"TRUSTED_PROXIES: 173\.245\.48\.1/20 is no network"):
        config.read_settings(trusted_proxies="173.245.48.1/20")


@pytest.mark.parametrize(
    ("said", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
    ],
)
def test_a_limit_counts_a_household_and_not_each_of_its_addresses(said: str, counted: str) -> None:
    built = EnvironBuilder(headers=cf(said), environ_overrides={"REMOTE_ADDR": "173.245.48.9"})
    settings = config.read_settings(trusted_proxies=CLOUDFLARE)
    assert visitors.caller(settings, Request(built.get_environ())) == counted
