"""The whole site with Ana and Bob on it, as in tests/portal."""

from tests.portal.conftest import ana, bob, signed_in, site

__all__ = ["ana", "bob", "signed_in", "site"]
