"""What stands under every letter and can be edited by nobody: what the person can do, by the law where they live.

GDPR 12(4), 13(2)(d), 77, 79; Cal. Civ. Code 1798.125; the appeals of the states of the USA.
"""

from dataclasses import dataclass

import config
from compliance.letters import spoken
from compliance.requests import authorities
from compliance.requests.authorities import Authority
from compliance.requests.kinds import Outcome
from compliance.requests.models import PrivacyRequest
from compliance.requests.regimes import APPEAL_WITHIN, CCPA, GDPR, UK_GDPR, Regime
from imgpilot.language import marked as _
from imgpilot.language import translate

#: Letters that answer: of what they do not grant one can appeal.
ANSWERS = ("ready", "portable", "erased")


@dataclass(frozen=True)
class Right:
    """One thing a person can do, and where if that is on the web."""

    words: str
    site: str = ""

    def __str__(self) -> str:
        return f"{self.words} {self.site}".strip()


def under(request: PrivacyRequest, kind: str, law: Regime, language: str) -> tuple[Right, ...]:
    """The rights that stand under a letter of this kind, in its language."""
    return (
        *_given(request, law, language),
        *_appeal(request, kind, law, language),
        *_complaint(request, law, language),
        *_court(request, law, language),
        _no_worse(law, language),
    )


def _given(request: PrivacyRequest, law: Regime, language: str) -> tuple[Right, ...]:
    article = law.article(request.kind)
    if article is None:
        said = _("The law where you live does not oblige us to do this. We do it for everybody.")
        return (Right(translate(language, said)),)
    if not spoken.holds_there(law, request.country):
        said = _("We answer by %(article)s, the strictest rules we know, wherever you live.")
    else:
        said = _("You have this right by %(article)s.")
    return (Right(translate(language, said, article=article)),)


def _appeal(request: PrivacyRequest, kind: str, law: Regime, language: str) -> tuple[Right, ...]:
    refused = kind == "refusal" or (kind in ANSWERS and request.outcome == Outcome.PARTIAL)
    if not refused:
        return ()
    decided = law.appeal.period if law.appeal else law.terms(request.kind).answer
    said = _(
        "You can appeal within %(days)s days: write to %(contact)s with the number %(case)s, or say so at your request "
        "in the privacy centre. Somebody who did not decide it looks at it again and answers within %(period)s. It "
        "costs nothing."
    )
    values = {"days": APPEAL_WITHIN, "contact": config.CONTACT, "case": request.case}
    return (Right(translate(language, said, period=spoken.period(decided, language), **values)),)


def _complaint(request: PrivacyRequest, law: Regime, language: str) -> tuple[Right, ...]:
    where = _place(request, law)
    found = authorities.for_person(*where)
    if found is None:
        said = (
            _("You can complain to the attorney general of your state at any time, free of charge.")
            if where[0] == "US"
            else _("You can complain to the data protection authority where you live at any time, free of charge.")
        )
        return (Right(translate(language, said)),)
    said = _("You can complain at any time, free of charge, to the authority where you live: %(authority)s,")
    first = Right(translate(language, said, authority=_named(found)), found.website)
    note = (Right(translate(language, found.note)),) if found.note else ()
    if found.also is None:
        return (first, *note)
    also = translate(language, _("Or to this one: %(authority)s,"), authority=_named(found.also))
    return (first, *note, Right(also, found.also.website))


def _place(request: PrivacyRequest, law: Regime) -> tuple[str | None, str | None]:
    """Where the person lives; if they did not say, where their law holds, as far as that is one place."""
    if request.country or len(law.places) != 1:
        return request.country, request.subdivision
    country, _dash, part = law.places[0].partition("-")
    return country, part or None


def _named(authority: Authority) -> str:
    return f"{authority.name}, {authority.own_name}" if authority.own_name else authority.name


def _court(request: PrivacyRequest, law: Regime, language: str) -> tuple[Right, ...]:
    if law.key not in (GDPR.key, UK_GDPR.key) or not spoken.holds_there(law, request.country):
        return ()
    return (Right(translate(language, _("You can also go to court (%(law)s Article 79)."), law=law.name)),)


def _no_worse(law: Regime, language: str) -> Right:
    said = translate(language, _("Nobody is treated worse for using these rights."))
    return Right(f"{said} (Cal. Civ. Code 1798.125)" if law.key == CCPA.key else said)
