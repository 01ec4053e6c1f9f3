"""The same people, orders and browsers as in tests/generation."""

from tests.generation.conftest import ana, bob, ordered, picture, signed_in, site, templates

__all__ = ["ana", "bob", "ordered", "picture", "signed_in", "site", "templates"]
