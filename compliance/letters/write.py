"""Writes the letters about a request: from the text that counts and the facts of the case, or as an officer said."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

import config
from compliance.errors import MoveRefused
from compliance.letters import filling, rights, texts, wording
from compliance.letters.paper import Action, Letter
from compliance.letters.values import About
from compliance.requests import laws, moves
from compliance.requests.casework import RequestLetter
from compliance.requests.kinds import Outcome, State
from compliance.requests.models import PrivacyRequest, Step
from compliance.requests.moves import Written
from compliance.requests.queueing import done_name
from imgpilot.language import known, translate
from imgpilot.language import marked as _

#: What the button of a letter says, where it is not "Follow your request".
_ACTIONS = {
    "ready": _("Fetch your data"),
    "portable": _("Fetch your data"),
    "refusal": _("See your request"),
    "cooling": _("Keep my account"),
}
_PROVE = {"confirm": _("Say whether it was you"), "more": _("Show that this address is yours")}
#: Stands for the key in what staff see.
_UNSEEN = "…"


def draft(
    session: Session,
    settings: config.Settings,
    request: PrivacyRequest,
    kind: str,
    language: str | None = None,
    now: datetime | None = None,
    **values: object,
) -> Letter:
    """The letter of this kind as it would go by itself.

    `values` are what only its writer knows, or what is not decided yet: `reason`, `needed`, `ground` (a key of
    grounds.GROUNDS), `due` (a date). Of what is still unknown the placeholder is left standing, and `missing` names
    it: such a letter is not sent. Raises MoveRefused for a kind that is not known.
    """
    said = known(language or request.language)
    about = About(session, request, kind, said, values, now)
    name = _text_kind(request, kind)
    subject, body = wording.text_of(session, name, said)
    missing = [each for each in dict.fromkeys(filling.names(f"{subject}\n{body}")) if about.value(each) is None]
    return _letter(
        session,
        settings,
        request,
        kind,
        said,
        filling.fill_line(subject, about.value),
        filling.fill(body, about.value),
        tuple(missing),
    )


def worded(
    session: Session, request: PrivacyRequest, kind: str, now: datetime | None = None, **values: object
) -> Written:
    """The subject and body of the draft, to be handed to a move. Raises MoveRefused while something is missing."""
    said = known(request.language)
    about = About(session, request, kind, said, values, now)
    subject, body = wording.text_of(session, _text_kind(request, kind), said)
    subject, body = filling.fill_line(subject, about.value), filling.fill(body, about.value)
    filling.check_letter(kind, subject, body)
    return Written(subject, body)


def preview(
    session: Session,
    settings: config.Settings,
    request: PrivacyRequest,
    kind: str,
    subject: str,
    body: str,
    language: str | None = None,
) -> Letter:
    """The letter exactly as it would be sent with these words; `missing` names what is still to be written."""
    _known_kind(kind)
    said = known(language or request.language)
    left = tuple(dict.fromkeys(filling.gaps(_text_kind(request, kind), subject, body)))
    return _letter(session, settings, request, kind, said, filling.one_line(subject), body, left)


def waiting(session: Session, request_id: object, step: str) -> RequestLetter | None:
    """What a member of staff wrote for this step, if it is not sent yet."""
    return session.scalar(
        select(RequestLetter)
        .where(
            RequestLetter.request_id == request_id,
            RequestLetter.step == step,
            RequestLetter.sent_at.is_(None),
        )
        .order_by(RequestLetter.written_at.desc(), RequestLetter.id)
        .limit(1)
    )


def edited(
    session: Session, request: PrivacyRequest, step: str, subject: str, body: str, actor: moves.Actor, now: datetime
) -> RequestLetter:
    """Write a letter that waits to be sent, or failed, in other words. `step` is the name of its step.

    Raises MoveRefused if it has gone already, is on its way just now, or still has a gap. The caller commits.
    """
    request = moves.locked(session, request.id)
    kind = done_name(step).removeprefix("tell ")
    found = session.scalar(
        select(Step)
        .where(Step.request_id == request.id, Step.name == step, Step.name.startswith("tell "))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None or found.state not in ("waiting", "ready", "failed"):
        raise MoveRefused(_("There is no such letter waiting: it has gone, or is not needed any more."))
    if found.lease is not None and found.lease_until is not None and found.lease_until > now:
        raise MoveRefused(_("This letter is being sent just now. Load the page again."))
    filling.check_letter(kind, subject, body)
    letter = waiting(session, request.id, step)
    if letter is None:
        letter = RequestLetter(request_id=request.id, step=step, kind=kind, language=request.language)
        session.add(letter)
    letter.subject, letter.body = filling.one_line(subject), body.replace("\r\n", "\n").strip()
    letter.written_at, letter.written_by = now, actor.staff
    moves.note(session, request, actor, "letter written", now, {"step": step})
    return letter


def proves(request: PrivacyRequest, kind: str) -> bool:
    """Whether the button of this letter is the link that proves the address."""
    return kind == "confirm" or (kind == "more" and request.state == State.PROVING and request.account_id is None)


def _letter(
    session: Session,
    settings: config.Settings,
    request: PrivacyRequest,
    kind: str,
    language: str,
    subject: str,
    body: str,
    missing: tuple[str, ...],
) -> Letter:
    return Letter(
        language,
        subject,
        body,
        request.case,
        rights.under(request, kind, laws.in_force(session, request.regime), language),
        _action(settings, request, kind, language),
        missing,
    )


def _action(settings: config.Settings, request: PrivacyRequest, kind: str, language: str) -> Action | None:
    if proves(request, kind):
        return Action(translate(language, _PROVE[kind]), f"{settings.site_url}/privacy/confirm/{_UNSEEN}", secret=True)
    if request.account_id is None or kind == "erased":
        return None  # there is no page that they could sign in to
    words = _ACTIONS.get(kind, _("Follow your request"))
    return Action(translate(language, words), f"{settings.site_url}/privacy/requests/{request.id}")


def _text_kind(request: PrivacyRequest, kind: str) -> str:
    """Which text a letter of this kind has: in part, where part was not granted."""
    _known_kind(kind)
    return texts.IN_PART.get(kind, kind) if request.outcome == Outcome.PARTIAL else kind


def _known_kind(kind: str) -> None:
    if kind not in texts.TEXTS or kind in texts.IN_PART.values():
        raise MoveRefused(_("There is no such letter."))
