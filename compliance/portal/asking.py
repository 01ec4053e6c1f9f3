"""A person asks in the privacy centre: which law, by when, and what they typed as a request."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.portal import places
from compliance.portal.offers import ABOUT
from compliance.portal.places import Place
from compliance.requests import clocks, laws, regimes
from compliance.requests.decisions import BEFORE_DUE, COOLING_OFF
from compliance.requests.kinds import AT_ONCE, Kind, Proof
from compliance.requests.models import PrivacyRequest
from compliance.requests.opening import LONGEST_DETAILS, Asked, open_request
from compliance.requests.regimes import Extension, Period, Regime
from imgpilot.accounts import addresses
from imgpilot.accounts.errors import BadAddress
from imgpilot.accounts.models import Account
from imgpilot.errors import NotYours, PersonalError
from imgpilot.language import marked as _
from imgpilot.parts import Parts

#: Fewer characters say nothing.
_SAYS_WHY = 10


class Unfinished(PersonalError):
    """Something in the form is missing or does not fit; the message is for its field."""


@dataclass(frozen=True)
class Law:
    """By which law a request would be answered, and by when, if it were sent now."""

    regime: Regime
    #: False: we know no law of that place, and act by the strictest we know.
    of_the_place: bool
    article: str | None
    answer: Period
    due_on: date
    extension: Extension | None
    acknowledge: Period | None
    at_once: bool
    #: How long a decided deletion can be taken back at the latest.
    cool_until: date


@dataclass
class Form:
    """What was typed, as it was typed; and what is wrong with it, by field."""

    place: Place = field(default_factory=Place)
    about: str = ""
    proposed: str = ""
    details: str = ""
    cooling: bool = True
    errors: dict[str, PersonalError] = field(default_factory=dict)


def kind(text: str) -> Kind:
    """The kind that an address names."""
    try:
        return Kind(text)
    except ValueError:
        raise NotYours(_("There is nothing of that kind to ask for.")) from None


def blank(session: Session, me: Account, what: Kind, about: str, languages: Iterable[str]) -> Form:
    """The form before anything is typed: where they lived the last time they asked, else where their browser is."""
    last = session.execute(
        select(PrivacyRequest.country, PrivacyRequest.subdivision)
        .where(PrivacyRequest.account_id == me.id, PrivacyRequest.country.is_not(None))
        .order_by(PrivacyRequest.received_at.desc(), PrivacyRequest.id)
        .limit(1)
    ).first()
    place = places.read(last[0] or "", last[1] or "") if last else places.guess(languages)
    offered = ABOUT.get(what, {})
    # One thing to choose from is no choice.
    chosen = about if about in offered else next(iter(offered), "") if len(offered) == 1 else ""
    return Form(place=place, about=chosen)


def typed(what: Kind, given: Mapping[str, str]) -> Form:
    """What came in, unchecked but for the place."""
    return Form(
        place=places.read(given.get("country", ""), given.get("part", "")),
        about=given.get("about", "") if what in ABOUT else "",
        proposed=given.get("proposed", "").strip(),
        details=given.get("details", "").strip(),
        cooling=given.get("cooling", "wait") == "wait",
    )


def check(form: Form, what: Kind, me: Account) -> bool:
    """Whether it can be sent; what is wrong is in `form.errors`, by the field's name."""
    wrong = form.errors
    if not form.place.known and what not in AT_ONCE:
        if form.place.country:
            wrong["part"] = Unfinished(_("Choose your state or province: the law differs from one to the next."))
        else:
            wrong["country"] = Unfinished(_("Say where you live: the time we have to answer depends on it."))
    if what in ABOUT and form.about not in ABOUT[what]:
        wrong["about"] = Unfinished(_("Choose one: it decides what we do."))
    if len(form.details) > LONGEST_DETAILS:
        wrong["details"] = Unfinished(_("Say it in at most 5,000 characters."))
    if what is Kind.CORRECTION:
        _check_correction(form, me)
    return not wrong


def _check_correction(form: Form, me: Account) -> None:
    if form.about == "email":
        try:
            if addresses.read(form.proposed) == me.email:
                form.errors["proposed"] = Unfinished(_("That is the address we have. Type the new one."))
        except BadAddress as error:
            form.errors["proposed"] = error
    elif form.about == "other" and len(form.details) < _SAYS_WHY:
        form.errors["details"] = Unfinished(_("Say in a sentence what is wrong and what would be right."))


def law(session: Session, what: Kind, place: Place, now: datetime) -> Law:
    """The law of that place, with the numbers in force, and the days as they would fall."""
    found = laws.in_force(session, regimes.for_place(place.country, place.part).key)
    zone = laws.zone_of(place.zone)
    days = clocks.deadline(found, what, now, zone, place.country or None, place.part or None)
    terms = found.terms(what)
    cool = min(clocks.received_on(now + COOLING_OFF, zone), days.answer - BEFORE_DUE)
    known = any(each.partition("-")[0] == place.country for each in found.places)
    at_once = what in AT_ONCE
    return Law(
        found,
        known or not place.country,
        found.article(what),
        terms.answer,
        days.answer,
        terms.extension,
        terms.acknowledge,
        at_once,
        cool,
    )


def ask(session: Session, parts: Parts, me: Account, what: Kind, form: Form, proof: Proof) -> PrivacyRequest:
    """Write a checked form down as a request under the law of its place, or find the one that is open."""
    place = form.place
    asked = Asked(
        about=form.about,
        details=form.details,
        # Only a new address is proposed as such; anything else is in the words.
        proposed=form.proposed if form.about == "email" else "",
        country=place.country or None,
        subdivision=place.part or None,
        zone=place.zone,
        cooling=form.cooling and what is Kind.DELETION,
    )
    regime = regimes.for_place(place.country, place.part).key
    return open_request(session, parts.settings, me, what, regime, parts.clock(), proof=proof, asked=asked)


def open_of(session: Session, account_id: UUID, what: Kind) -> PrivacyRequest | None:
    """The request of this kind that is being worked on, if there is one."""
    return session.scalar(
        select(PrivacyRequest)
        .where(
            PrivacyRequest.account_id == account_id,
            PrivacyRequest.kind == what,
            PrivacyRequest.closed_at.is_(None),
        )
        .order_by(PrivacyRequest.received_at.desc(), PrivacyRequest.id)
        .limit(1)
    )


def of(session: Session, account_id: UUID) -> list[PrivacyRequest]:
    """The person's requests, the open ones first, then the newest."""
    return list(
        session.scalars(
            select(PrivacyRequest)
            .where(PrivacyRequest.account_id == account_id)
            .order_by(PrivacyRequest.closed_at.is_not(None), PrivacyRequest.received_at.desc())
        )
    )
