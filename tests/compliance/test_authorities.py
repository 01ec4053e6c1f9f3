"""Whom a person can complain to. Every place whose law we know has somebody."""

from urllib.parse import urlsplit

import pytest

from compliance.requests.authorities import AUTHORITIES, for_person
from compliance.requests.regimes import EEA, REGIMES

PLACES = sorted(place for law in REGIMES.values() for place in law.places if place != "US")


@pytest.mark.parametrize("country", EEA)
def test_every_country_of_the_eea_has_an_authority(country: str) -> None:
    found = for_person(country)
    assert found is not None
    assert (found.country, found.subdivision) == (country, None)


@pytest.mark.parametrize("place", PLACES)
def test_every_place_whose_law_we_know_has_an_authority(place: str) -> None:
    country, _, part = place.partition("-")
    found = for_person(country, part or None)
    assert found is not None
    assert (found.country, found.subdivision or "") == (country, part)


def test_names_and_websites_are_there_and_plain() -> None:
    for body in AUTHORITIES.values():
        for one in filter(None, (body, body.also)):
            parts = urlsplit(one.website)
            assert one.name
            assert one.own_name != one.name
            assert parts.scheme == "https"
            assert parts.hostname
            assert not parts.query
            assert not parts.fragment
            # A name of one's own below a government's domain (/ag), nothing deeper.
            assert parts.path.count("/") <= 1


def test_no_two_authorities_are_at_one_address() -> None:
    sites = [body.website for body in AUTHORITIES.values()]
    assert len(sites) == len(set(sites))


def test_california_has_two() -> None:
    found = for_person("US", "CA")
    assert found is not None
    assert found.also is not None
    assert "CPPA" in found.name
    assert found.also.name == "Attorney General of California"


def test_germany_says_that_its_states_have_their_own() -> None:
    found = for_person("DE", "BY")
    assert found is not None
    assert "each federal state has its own" in found.note


def test_a_part_without_its_own_has_that_of_the_country() -> None:
    ontario, quebec = for_person("CA", "ON"), for_person("CA", "CA-QC")
    assert ontario is not None
    assert quebec is not None
    assert ontario.website == "https://www.priv.gc.ca"
    assert "CAI" in quebec.name


@pytest.mark.parametrize(("country", "part"), [("AQ", None), ("US", None), ("US", "WY"), ("", None), (None, None)])
def test_where_we_know_none_we_say_none(country: str | None, part: str | None) -> None:
    assert for_person(country, part) is None
