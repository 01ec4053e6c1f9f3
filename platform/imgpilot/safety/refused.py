"""Prompts that we did not send: kept once, listed for their writer, appealed against once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

import config
from imgpilot import limits
from imgpilot.accounts import standing
from imgpilot.billing import ledger
from imgpilot.errors import NotYours, PersonalError
from imgpilot.language import marked as _
from imgpilot.limits import Limit
from imgpilot.safety.models import PromptRefusal
from imgpilot.safety.rules import Rule

UPHELD, LIFTED = "upheld", "lifted"
#: Characters of an appeal, and of the answer to it.
LONGEST = 2000
#: Refusals on one page of the list.
PAGE = 50
APPEALS = Limit("appeal", 10, timedelta(days=1))


class AppealError(PersonalError):
    """Something about the appeal is wrong; what was typed is kept."""

    field = "appeal"


class AppealMissing(AppealError):
    """There is no word in it."""

    def __init__(self) -> None:
        super().__init__(_("Say in a few words what the picture was to show, and why you think it is fine."))


class AppealTooLong(AppealError):
    """More than fits."""

    def __init__(self, length: int) -> None:
        super().__init__(
            _("Your text has %(length)s characters and %(most)s fit. Shorten it."), length=length, most=LONGEST
        )


class TooManyAppeals(AppealError):
    """More in a day than we can read."""

    status = 429

    def __init__(self) -> None:
        super().__init__(
            _("You appealed %(most)s times within a day. Nothing is lost: come back tomorrow."), most=APPEALS.most
        )


def note(session: Session, account_id: UUID, prompt: str, rule: Rule, now: datetime) -> PromptRefusal:
    """The row of this refusal; the same prompt and rule have one. The caller commits. Raises NothingNew."""
    ledger.lock(session, account_id)  # a form sent twice at once waits here
    standing.check(session, account_id)
    prompt = prompt.strip()
    there = session.scalar(_the_same(account_id, prompt, rule.key).limit(1))
    if there is not None:
        return there
    made = PromptRefusal(account_id=account_id, at=now, prompt=prompt, rule=rule.key)
    session.add(made)
    session.flush()
    return made


def lifted(session: Session, account_id: UUID, prompt: str, rule: Rule) -> bool:
    """Whether staff allowed this account this very prompt, which the rule would stop."""
    same = _the_same(account_id, prompt.strip(), rule.key).where(PromptRefusal.decision == LIFTED)
    return session.scalar(same.limit(1)) is not None


def mine(session: Session, account_id: UUID, id_: UUID) -> PromptRefusal:
    """The refusal of that id. Raises NotYours: not there and somebody else's are one answer."""
    found = session.scalar(select(PromptRefusal).where(PromptRefusal.id == id_, PromptRefusal.account_id == account_id))
    if found is None:
        raise NotYours
    return found


def of(session: Session, account_id: UUID) -> Sequence[PromptRefusal]:
    """The refusals of an account, newest first; the last PAGE of them."""
    newest = select(PromptRefusal).where(PromptRefusal.account_id == account_id)
    return session.scalars(newest.order_by(PromptRefusal.at.desc(), PromptRefusal.id).limit(PAGE)).all()


def appeal(
    session: Session, settings: config.Settings, account_id: UUID, id_: UUID, text: str, now: datetime
) -> PromptRefusal:
    """Write the appeal down; the caller commits. A second one changes nothing: there is one for each refusal.

    Raises NotYours, NothingNew or an AppealError. The caller commits after TooManyAppeals too, so that it counts.
    """
    standing.check(session, account_id)
    found = session.scalar(
        select(PromptRefusal)
        .where(PromptRefusal.id == id_, PromptRefusal.account_id == account_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotYours
    if found.appealed_at is not None:
        return found
    said = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if not said:
        raise AppealMissing
    if len(said) > LONGEST:
        raise AppealTooLong(len(said))
    if not limits.count(session, settings, APPEALS, str(account_id), now).allowed:
        raise TooManyAppeals
    found.appealed_at, found.appeal = now, said
    return found


def _the_same(account_id: UUID, prompt: str, rule: str) -> Select[PromptRefusal]:
    return (
        select(PromptRefusal)
        .where(PromptRefusal.account_id == account_id, PromptRefusal.prompt == prompt, PromptRefusal.rule == rule)
        .order_by(PromptRefusal.decided_at.desc().nulls_last(), PromptRefusal.at)
    )
