"""What a person allows, as switches that count at once, each with its proof; and the end of a restriction."""

from dataclasses import dataclass
from datetime import datetime

from flask import Response, flash, g, redirect, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

import config
from compliance import restrictions
from compliance.audit.actions import Action
from compliance.audit.append import record
from compliance.portal.pages import pages
from imgpilot import digests, web
from imgpilot.accounts import choices
from imgpilot.accounts.choices import OFFERS, Offer
from imgpilot.accounts.models import Account, Choice
from imgpilot.accounts.people import person, person_required
from imgpilot.errors import NotYours, PersonalError
from imgpilot.language import marked as _

#: Global Privacy Control: a browser that says so for its owner is believed at once (11 CCR 7025).
SIGNAL = "Sec-GPC"
_HEARD = "gpc"

#: Where a choice was made, in words.
VIA = {
    "centre": _("here, in the privacy centre"),
    "request": _("by a privacy request"),
    "browser": _("by your browser (Global Privacy Control)"),
    "officer": _("by us, as the answer to your objection"),
}


class OneWay(PersonalError):
    """An opt-out is not taken back by a switch."""

    status = 409


@dataclass(frozen=True)
class Standing:
    """One offer as it stands for this person; `said` is the choice that counts, if one was made."""

    offer: Offer
    said: Choice | None

    @property
    def allowed(self) -> bool:
        """Whether the processing may happen."""
        return self.offer.unless_said if self.said is None else self.said.allowed

    @property
    def honoured(self) -> datetime | None:
        """Since when an opt-out stands (11 CCR 7025(c)(6), 7026(g): its status is shown)."""
        return self.said.at if self.offer.kind == "opt-out" and self.said and not self.said.allowed else None


def standings(made: list[Choice]) -> list[Standing]:
    """Every offer with the choice that counts, from a history that begins with the newest."""
    newest: dict[str, Choice] = {}
    for one in made:
        newest.setdefault(one.what, one)
    return [Standing(offer, newest.get(key)) for key, offer in OFFERS.items()]


def say(
    session: Session, settings: config.Settings, me: Account, what: str, allowed: bool, via: str, now: datetime
) -> Choice:
    """Write a choice down, and that it was made. It counts at once. Saying it again changes nothing."""
    if what not in OFFERS:
        raise NotYours(_("There is nothing of that kind to choose."))
    if allowed and OFFERS[what].kind == "opt-out":
        # There is nothing to permit: we do not sell, share or use it so.
        raise OneWay(_("Your opt-out stands. We do not do this, so there is nothing to switch on again."))
    before = choices.newest(session, me.id, what)
    made = choices.say(session, me.id, what, allowed, via, now)
    if before is None or before.id != made.id:
        facts: dict[str, object] = {"what": what, "allowed": allowed, "via": via, "policy": made.policy_version}
        subject = digests.of_subject(settings, me.id)
        record(session, at=now, actor="person", action=Action.CHOICE_MADE, subject=subject, facts=facts)
    return made


@pages.post("/privacy/choices/<what>")
@person_required
def switch(what: str) -> ResponseReturnValue:
    """Turn one choice."""
    session, parts = web.session(), web.parts()
    allowed = request.form.get("allowed") == "1"
    say(session, parts.settings, person(), what, allowed, "centre", parts.clock())
    session.commit()
    flash(_saved(OFFERS[what], allowed), "success")
    return redirect(url_for("portal.centre", _anchor="choices"))


def _saved(offer: Offer, allowed: bool) -> str:
    name = gettext(offer.words)
    if offer.kind == "opt-out":
        return str(gettext("Saved: opt-out request honoured. %(what)s: no.", what=name))
    if allowed:
        return str(gettext("Saved: %(what)s is on.", what=name))
    return str(gettext("Saved: %(what)s is off. It counts from now on.", what=name))


@pages.post("/privacy/restriction/end")
@person_required
def end_restriction() -> ResponseReturnValue:
    """The person ends her restrictions: they stood for her sake."""
    session, parts = web.session(), web.parts()
    if restrictions.standing(session, person().id):
        restrictions.lift_own(session, parts.settings, person().id, parts.clock())
        session.commit()
        flash(gettext("Saved: the restriction is over. Everything works as before."), "success")
    return redirect(url_for("portal.centre", _anchor="choices"))


def heard() -> bool:
    """Whether the browser of this request sends Global Privacy Control; said in words where people look for it."""
    return request.headers.get(SIGNAL) == "1"


def hear() -> Response | None:
    """Before every request: a browser that sends Global Privacy Control opts its owner out, once, without a word.

    Not while the account is being closed: nothing new is written to it then, and nothing is done with it anyway.
    """
    if not heard() or g.get("person") is None or cookie.get(_HEARD):
        return None
    session, parts = web.session(), web.parts()
    me = session.scalar(select(Account).where(Account.id == g.person.id))
    if me is None or me.closing_at is not None:
        return None
    say(session, parts.settings, me, "sale-sharing", False, "browser", parts.clock())
    session.commit()
    cookie[_HEARD] = True
    return None
