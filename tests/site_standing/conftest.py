"""The people and the site of the generation tests: what stops them is what these tests are about."""

from tests.generation.conftest import ana, bob, ordered, picture, signed_in, site, templates

__all__ = ["ana", "bob", "ordered", "picture", "signed_in", "site", "templates"]
