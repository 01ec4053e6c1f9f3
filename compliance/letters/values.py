"""What stands in the place of each placeholder, for one request. "" leaves its paragraph out, None is not known."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import cast

from sqlalchemy import Table
from sqlalchemy.orm import Session

import config
from compliance import inventory
from compliance.letters import asked_for, spoken, told
from compliance.letters.paper import LINK
from compliance.letters.texts import TEXTS
from compliance.requests import laws
from compliance.requests.grounds import GROUNDS
from compliance.requests.kinds import AT_ONCE, Channel, Kind, Proof
from compliance.requests.models import Package, PrivacyRequest
from compliance.requests.regimes import Regime
from imgpilot.language import marked as _
from imgpilot.language import translate

PROOFS = {
    Proof.NONE: _("This needs no proof of who asks."),
    Proof.ADDRESS: _("You opened the link that we mailed to this address. We need no other proof that it is you."),
    Proof.SIGNED_IN: _("You asked while you were signed in. We need no other proof that it is you."),
    Proof.FRESH: _("You asked while you were signed in. We need no other proof that it is you."),
    Proof.FURTHER: _("We have checked who you are. We need no other proof."),
    Proof.PERMISSION: _("An agent asked for you, and you confirmed it. We need no other proof."),
    Proof.STAFF: "",
}


@dataclass(frozen=True)
class About:
    """What a letter is about. `given` are values that whoever writes it says; `now` is for what depends on the day."""

    session: Session
    request: PrivacyRequest
    kind: str
    language: str
    given: Mapping[str, object]
    now: datetime | None = None

    @cached_property
    def law(self) -> Regime:
        """The law of this request."""
        return laws.in_force(self.session, self.request.regime)

    def say(self, text: str, **values: object) -> str:
        """In the letter's language."""
        return translate(self.language, text, **values)

    def value(self, name: str) -> str | None:
        """What stands in the place of this placeholder."""
        given = self.given.get(name)
        if isinstance(given, datetime):
            return spoken.moment(given, self.request, self.language)
        if isinstance(given, date):
            return spoken.day(given, self.language)
        said = str(given).replace("\r\n", "\n").strip() if given is not None else None
        # What has to be said is not said by saying nothing.
        if said is not None and name not in _READS_GIVEN and (said or name not in TEXTS[self.kind].open):
            return said
        make = VALUES.get(name)
        return make(self) if make else None


def due(about: About) -> date:
    """By when it is answered; before an extension is decided, by when it would be."""
    request = about.request
    if about.kind == "extension" and request.extended_at is None:
        return laws.extended(about.session, request) or request.due_on
    return request.due_on


def _when(about: About) -> str:
    if about.now is not None and laws.today(about.request, about.now) > due(about):
        return about.say(_("The time for our answer is over, so it goes before everything else."))
    return about.say(_("You have our answer by %(day)s."), day=spoken.day(due(about), about.language))


def _received(about: About) -> str:
    return spoken.day(laws.today(about.request, about.request.received_at), about.language)


def _asked(about: About) -> str:
    values = {"what": asked_for.what(about.request, about.language), "day": _received(about)}
    if about.request.channel in (Channel.AGENT, Channel.DRP):
        return about.say(_("Somebody who says that they act for you asked us for %(what)s, on %(day)s."), **values)
    return about.say(_("Somebody who gave this address asked us for %(what)s, on %(day)s."), **values)


def _next(about: About) -> str:
    if about.request.kind in AT_ONCE:
        return about.say(_("Nobody has to decide that. It is being done now, and we write to you when it is."))
    return about.say(
        _("A person checks it. %(when)s You need do nothing until then, and can take it back before it is decided."),
        when=_when(about),
    )


def _clock(about: About) -> str:
    if about.request.paused_on is not None:
        return about.say(_("The time for our answer stands still until we hear from you."))
    return about.say(_("The time for our answer goes on. %(when)s"), when=_when(about))


def _allows(about: About) -> str:
    extension = about.law.terms(about.request.kind).extension
    return extension.period.law if extension else about.law.name


def _days(_about: About) -> str:
    span = inventory.why(cast(Table, Package.__table__)).kept.span
    return str(span.days) if span else ""


def _change(about: About) -> str:
    if about.request.about == "email":
        return about.say(
            _(
                "The address of your account is about to become %(address)s, everywhere it stands. From then on you "
                "sign in with that one, and we write there."
            ),
            address=about.request.proposed or "–",
        )
    return about.say(_("What you wrote is about to be put beside your data. It stands in every copy from then on."))


def _changed(about: About) -> str:
    if about.request.about == "email":
        return about.say(
            _("The address of your account is %(address)s now, everywhere it stood. Sign in with it from now on."),
            address=about.request.proposed or "–",
        )
    return about.say(_("What you wrote stands beside your data from now on, and in every copy of it."))


def _kept(about: About) -> str:
    if about.request.account_id is not None:
        return ""
    return about.say(_("We know your choice again by a fingerprint of this address, which nobody can read back."))


def _ground(about: About) -> str | None:
    ground = GROUNDS.get(str(about.given.get("ground") or about.request.refused_for or ""))
    if ground is None:
        return None
    if not ground.law:
        return ""  # the reasons say it
    return spoken.by_ground(ground.words, ground.law, about.law, about.language)


def _stands(about: About) -> str:
    request = about.request
    if request.account_id is None:
        return ""  # nor does it say whether there is one
    match request.kind:
        case Kind.DELETION:
            return about.say(_("Your account is as it was, and you can use it."))
        case Kind.OBJECTION:
            return about.say(_("What stood still while we looked at it goes on."))
        case Kind.CORRECTION if request.refused_for and request.details:
            return about.say(
                _("What you wrote stands beside your data from now on, so that whoever reads it knows you dispute it.")
            )
    return ""


def _reason(about: About) -> str | None:
    # Of other letters only whoever writes them knows the reason.
    return {"refusal": about.request.refusal or "", "appeal denied": about.request.refusal, "lifting": ""}.get(
        about.kind
    )


def _needed(about: About) -> str | None:
    from compliance.identity import proofs  # it writes letters too

    asks = proofs.ASKS.get(proofs.asked_for(about.session, about.request))
    return about.say(asks) if asks else None


def _until(about: About) -> str | None:
    until = about.request.cool_until
    return spoken.moment(until, about.request, about.language) if until else None


#: These make words of what they are given.
_READS_GIVEN = ("ground",)

VALUES: dict[str, Callable[[About], str | None]] = {
    "case": lambda about: about.request.case,
    "what": lambda about: asked_for.what(about.request, about.language),
    "received": _received,
    "due": lambda about: spoken.day(due(about), about.language),
    "when": _when,
    "contact": lambda _about: config.CONTACT,
    "law": lambda about: spoken.article(about.law, about.request.kind),
    "asked": _asked,
    "next": _next,
    "proof": lambda about: about.say(PROOFS[Proof(about.request.proof)]) if PROOFS[Proof(about.request.proof)] else "",
    "clock": _clock,
    "allows": _allows,
    "parts": lambda about: told.parts(about.session, about.request, about.law, about.language),
    "days": _days,
    "told": lambda about: told.companies(about.session, about.request, about.language),
    "change": _change,
    "changed": _changed,
    "about": lambda about: asked_for.about(about.request, about.language),
    "kept": _kept,
    "ground": _ground,
    "stands": _stands,
    "until": _until,
    "reason": _reason,
    "needed": _needed,
    "link": lambda _about: LINK,
}
