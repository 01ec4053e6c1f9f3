"""The privacy centre: what is held, where it went, choices, requests, who looked (P16, P10, P18)."""

from flask import Flask, g, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from compliance import restrictions, words
from compliance.export import access
from compliance.portal import (
    asking,
    asking_views,
    choosing,
    closing,
    delivery,
    drp,
    following,
    following_views,
    held,
    intake,
    ledger,
    seen,
)
from compliance.portal.offers import OFFERS
from compliance.portal.pages import pages, spoken
from compliance.requests import progress
from compliance.requests.models import PrivacyRequest
from compliance.requests.procedures import title
from imgpilot import web
from imgpilot.accounts import choices
from imgpilot.accounts.people import person
from imgpilot.processors import PROCESSORS
from imgpilot.purposes import PURPOSES
from imgpilot.ruler import Mark

__all__ = ["asking_views", "following_views", "mount"]


def mount(app: Flask) -> None:
    """Put the privacy centre on the site."""
    app.register_blueprint(pages)
    delivery.mount(app)
    intake.mount(app)
    drp.mount(app)
    app.before_request(choosing.hear)
    app.jinja_env.filters["capitalize_first"] = words.capitalize_first
    app.context_processor(
        lambda: {
            "words_for": words,
            "processors": PROCESSORS,
            "purposes": PURPOSES,
            "offers": OFFERS,
            "clock_of": lambda one: progress.clock(one, web.parts().clock()),
            "track_of": lambda one: following.track(one, web.parts().clock()),
            "stages_of": _stages,
            "step_title": _title,
            "totals": totals,
            "Mark": Mark,
            "spoken": spoken,
            "closing_notice": closing.notice,
            "erased_on": closing.erased_on,
        }
    )


@pages.get("/privacy")
def centre() -> ResponseReturnValue:
    """Everything at a glance; for somebody who is not signed in, the two ways to ask."""
    if g.person is None:
        return render_template("portal/door.html")
    session, me, parts = web.session(), person(), web.parts()
    made = choices.history(session, me.id)
    looks = seen.looks(session, parts.settings, me, None, 1)
    return render_template(
        "portal/centre.html",
        requests=asking.of(session, me.id),
        held=access.holdings(session, me.id),
        fields_of=held.fields,
        bases=held.BASIS,
        recipients=access.recipients(session, me.id),
        ledger=access.ledger(session, me.id, None, ledger.FEW),
        choices=choosing.standings(made),
        history=made,
        via=choosing.VIA,
        choice_words=choices.OFFERS,
        restrictions=restrictions.standing(session, me.id),
        looked=seen.count(session, parts.settings, me) if looks else 0,
        last_look=looks[0] if looks else None,
        now=parts.clock(),
    )


def _stages(one: PrivacyRequest) -> list[tuple[str | None, str, str]]:
    """The stages with their words in the person's language."""
    return [(state, gettext(said), "") for state, said in progress.stages(one)]


def _title(name: str) -> str:
    """A step in the person's language."""
    text, values = title(name)
    return str(gettext(text, **{key: gettext(value) for key, value in values.items()}))


def totals(rows: int, companies: int) -> str:
    """The sentence that the centre opens with."""
    said = str(ngettext("We hold %(num)s item about you.", "We hold %(num)s items about you.", rows))
    if not companies:
        return f"{said} {gettext('No company has received any of them.')}"
    received = ngettext(
        "One company has received some of them, always to do something you asked for.",
        "%(num)s companies have received some of them, always to do something you asked for.",
        companies,
    )
    return f"{said} {received}"
