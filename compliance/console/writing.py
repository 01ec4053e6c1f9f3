"""Letters as an officer writes them: drafted from the text of their kind, edited, and seen exactly before they go."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

import config
from compliance import letters
from compliance.identity import proofs
from compliance.requests import clocks, laws
from compliance.requests.models import PrivacyRequest
from compliance.requests.moves import Written
from compliance.requests.regimes import Pause
from imgpilot.language import marked as _
from imgpilot.language import translate


def written(kind: str, form: Mapping[str, str]) -> Written:
    """The letter that was typed. Raises MoveRefused if it has no words, too many, or a gap."""
    subject, body = " ".join(form.get("subject", "").split()), form.get("body", "").replace("\r\n", "\n").strip()
    letters.check_letter(kind, subject, body)
    return Written(subject, body)


def draft(
    session: Session,
    settings: config.Settings,
    request: PrivacyRequest,
    kind: str,
    form: Mapping[str, str],
    now: datetime,
) -> Written:
    """The letter of this kind with what was typed in the form, as it would go if nobody changed it."""
    made = letters.draft(session, settings, request, kind, now=now, **_said(session, request, kind, form))
    return Written(made.subject, made.body)


def preview(session: Session, settings: config.Settings, request: PrivacyRequest, kind: str, letter: Written) -> str:
    """The letter as HTML, exactly as it would be sent, with the part that nobody can edit."""
    return letters.preview(session, settings, request, kind, letter.subject, letter.body).html()


def _said(session: Session, request: PrivacyRequest, kind: str, form: Mapping[str, str]) -> dict[str, Any]:
    """What the form says that this letter can quote, and what will be true once it is sent."""
    said: dict[str, Any] = {name: form[name].strip() for name in ("reason", "ground") if form.get(name, "").strip()}
    if kind == "more":
        said["needed"] = translate(request.language, proofs.ASKS.get(form.get("what", ""), ""))
        if clocks.may_pause(laws.in_force(session, request.regime), Pause.IDENTITY, request.kind):
            said["clock"] = translate(
                request.language, _("The time for our answer stands still until we hear from you.")
            )
    return said
