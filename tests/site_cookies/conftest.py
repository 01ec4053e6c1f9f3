"""The whole site with everything of Ana's on it, and every address on it that answers GET."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

import config
from imgpilot import app
from imgpilot.parts import Parts
from imgpilot.policies import versions
from tests.bob.conftest import hers
from tests.bob.trying import TRIES, Hers
from tests.generation.conftest import templates
from tests.portal.conftest import ana, bob, signed_in
from tests.serving import address_of, free, served
from tests.world import Somebody

__all__ = ["ana", "bob", "hers", "signed_in", "templates"]

#: What stands in an address where no row's id does, by the name of the argument.
WORDS = {
    "kind": ("access", "correction", "deletion"),
    "answer": ("yes", "no"),
    "version": tuple(one.key for one in versions.every()),
    "old": (versions.every()[0].key,),
    "new": (versions.newest().key,),
}
#: Answers that never end are no pages, and files of the site are loaded by the pages.
NOT_PAGES = ("static", "generation.events")


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    """Where the site will be served: known before it is made, as some of its pages name their whole address."""
    with free() as made:
        yield made


@pytest.fixture
def settings(settings: config.Settings, listening: socket.socket) -> config.Settings:
    """The same, with that address."""
    return settings.model_copy(update={"site_url": address_of(listening)})


@pytest.fixture
def site(parts: Parts, templates: FileSystemBytecodeCache) -> Flask:
    """The site as it is served."""
    made = app.site(parts)
    made.jinja_env.bytecode_cache = templates
    made.testing = True
    return made


@pytest.fixture
def address(site: Flask, listening: socket.socket) -> Iterator[str]:
    """The same, served on loopback."""
    with served(site, listening) as url:
        yield url


@dataclass(frozen=True)
class Place:
    """An address and whose view answers there."""

    endpoint: str
    path: str


@pytest.fixture
def places(site: Flask, session: Session, ana: Somebody, bob: Somebody, hers: Hers) -> list[Place]:
    """Every address that answers GET; where it takes an id, with Ana's."""
    found = []
    for rule in site.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint not in NOT_PAGES:
            found += [Place(rule.endpoint, path) for path in _paths(site, rule, ana, hers)]
    return sorted(found, key=lambda place: place.path)


def _paths(site: Flask, rule: Rule, ana: Somebody, hers: Hers) -> list[str]:
    wanted = TRIES.get((rule.endpoint, "GET"))
    ids = hers.ids.get(wanted.of, ()) if wanted else ()
    choices: list[dict[str, object]] = [{}]
    for name in sorted(rule.arguments):
        values: tuple[object, ...] = WORDS.get(name) or ids or (ana.image.id,)
        if rule.endpoint.startswith("public.") and name == "id_":
            values = (ana.share.id,)
        elif "token" in name:
            values = (hers.token,)
        choices = [{**chosen, name: value} for chosen in choices for value in values]
    with site.test_request_context():
        built = (rule.build({name: str(value) for name, value in chosen.items()}) for chosen in choices)
        return [made[1] for made in built if made is not None]
