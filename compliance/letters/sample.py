"""A letter filled with invented values, so that staff see how a text reads before anybody gets it."""

from datetime import date, datetime, timedelta, timezone
from typing import cast
from uuid import UUID

from sqlalchemy import Table
from sqlalchemy.orm import Session

import config
from compliance import inventory
from compliance.letters import filling, told, write
from compliance.letters.paper import Letter
from compliance.letters.texts import IN_PART
from compliance.letters.values import About
from compliance.requests.grounds import GROUNDS
from compliance.requests.kinds import Channel, Kind, Outcome, Proof, State
from compliance.requests.models import PrivacyRequest
from compliance.requests.regimes import REGIMES
from imgpilot.billing.models import CreditEntry
from imgpilot.generation.models import Generation
from imgpilot.language import marked as _
from imgpilot.language import translate
from imgpilot.processors import PROCESSORS

#: Somebody in Berlin asked on a day of November. The case is nobody's: its number is never given.
_ASKED = datetime(2026, 11, 3, 9, 30, tzinfo=timezone(timedelta(hours=1)))
_DUE = date(2026, 12, 3)
_NOBODY = UUID(int=0)
#: What the letter of each kind is about; the others are about a deletion.
_ABOUT = {
    "ready": (Kind.ACCESS, ""),
    "portable": (Kind.PORTABILITY, ""),
    "changing": (Kind.CORRECTION, "email"),
    "corrected": (Kind.CORRECTION, "email"),
    "restricted": (Kind.RESTRICTION, "accuracy"),
    "lifting": (Kind.RESTRICTION, "accuracy"),
    "stopped": (Kind.OBJECTION, "statistics"),
    "consent withdrawn": (Kind.CONSENT_WITHDRAWAL, "news"),
    "opted out": (Kind.OPT_OUT, "sale-sharing"),
}
_REASON = _("A court has asked us to keep what concerns a dispute that is before it.")


def sample(session: Session, settings: config.Settings, kind: str, language: str, subject: str, body: str) -> Letter:
    """The letter of this kind with these words, as it would read to somebody invented. Nothing is kept."""
    whole = next((each for each, part in IN_PART.items() if part == kind), kind)
    request = _invented(whole, language, in_part=whole != kind)
    about = About(session, request, whole, language, _given(request, language), _ASKED)
    said = filling.fill_line(subject, about.value), filling.fill(body, about.value)
    return write.preview(session, settings, request, whole, *said, language=language)


def _invented(kind: str, language: str, *, in_part: bool) -> PrivacyRequest:
    what, about = _ABOUT.get(kind, (Kind.DELETION, ""))
    return PrivacyRequest(
        id=_NOBODY,
        account_id=None if kind == "confirm" else _NOBODY,
        number=412,
        received_at=_ASKED,
        due_on=_DUE,
        state=State.PROVING if kind in ("confirm", "more") else State.REVIEW,
        kind=what,
        about=about,
        proposed="new@example.com",
        language=language,
        regime="gdpr",
        country="DE",
        zone="Europe/Berlin",
        channel=Channel.CENTRE,
        proof=Proof.SIGNED_IN,
        outcome=Outcome.PARTIAL if in_part else None,
        refusal=translate(language, _REASON),
        refused_for="legal-duty",
        cool_until=_ASKED + timedelta(days=14),
    )


def _given(request: PrivacyRequest, language: str) -> dict[str, object]:
    """What the case would say, were there one."""
    from compliance.identity.proofs import ASKS  # it writes letters too

    erased = request.kind == Kind.DELETION
    ground, until = GROUNDS["legal-duty" if erased else "rights-of-others"], "2036-12-31" if erased else ""
    noun = inventory.why(cast(Table, CreditEntry.__table__ if erased else Generation.__table__)).noun
    law, companies = REGIMES[request.regime], _("We have told those who received some of it: %(names)s.")
    return {
        "reason": translate(language, _REASON),
        "needed": translate(language, ASKS["two facts"]),
        "parts": told.part([translate(language, noun)], ground.words, ground.law, until, law, language),
        "told": translate(language, companies, names=PROCESSORS["openai"].name),
    }
