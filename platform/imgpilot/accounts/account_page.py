"""The account page: everything that its forms stand on, and what was wrong in one of them."""

from collections.abc import Mapping
from typing import Any

from flask import render_template

from imgpilot import web
from imgpilot.accounts import addresses, changes, google, identities, people, preferences, sign_ins, tokens
from imgpilot.accounts.people import person

#: For how many days a token may last; 0: until it is ended.
TOKENS_LAST = (30, 90, 365, 0)


def shown(errors: Mapping[str, str] | None = None, typed: Mapping[str, Any] | None = None) -> str:
    """The page. `errors` by field, `typed` what those fields held."""
    database, parts, of = web.session(), web.parts(), person()
    now = parts.clock()
    change = changes.pending(database, of, now)
    return render_template(
        "accounts/account.html",
        account=of,
        change=change and {"email": addresses.shown(change.email), "row": change},
        days=sign_ins.LASTS.days,
        errors=errors or {},
        here=people.sign_in_id(),
        identity=identities.of(database, of.id),
        lasts=TOKENS_LAST,
        offered=google.provider(parts.settings) is not None,
        scopes=tokens.SCOPES,
        sign_ins=sign_ins.of(database, of.id, now),
        tokens=tokens.of(database, of.id, now),
        typed=typed or {},
        zones=preferences.zones(),
    )
