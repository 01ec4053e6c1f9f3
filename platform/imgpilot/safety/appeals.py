"""Appeals against a refusal, as staff see them: a queue, one of them with its prompt, the decision, the mail.

Staff read a prompt only if its writer appealed, and not while the account is frozen, closing or restricted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from imgpilot.accounts import standing
from imgpilot.accounts.models import Account
from imgpilot.errors import NotYours, PersonalError
from imgpilot.language import marked as _
from imgpilot.look.letters import letter
from imgpilot.parts import Parts
from imgpilot.purposes import MESSAGES
from imgpilot.safety.models import PromptRefusal
from imgpilot.safety.refused import LIFTED, LONGEST, UPHELD

#: Decided appeals that are listed below those that wait.
LISTED = 50
NO_SUCH = _("There is no such appeal.")


class DecisionError(PersonalError):
    """The decision cannot be written down as it is."""

    status = 409


class NoDecision(DecisionError):
    """Neither of the two."""

    def __init__(self) -> None:
        super().__init__(_("Choose one of the two."))


class NoAnswer(DecisionError):
    """The writer gets a reason, whichever way it goes."""

    def __init__(self) -> None:
        super().__init__(_("Write the answer. The person reads it with the decision."))


class AnswerTooLong(DecisionError):
    """More than fits."""

    def __init__(self, length: int) -> None:
        super().__init__(
            _("Your answer has %(length)s characters and %(most)s fit. Shorten it."), length=length, most=LONGEST
        )


class DecidedOtherwise(DecisionError):
    """Somebody else was first."""

    def __init__(self) -> None:
        super().__init__(_("This appeal is decided already. The first decision stands."))


@dataclass(frozen=True, slots=True)
class Appeal:
    """A refusal that was appealed against, and the address of its writer."""

    refusal: PromptRefusal
    email: str
    language: str


def waiting(session: Session) -> Sequence[Appeal]:
    """Those that wait for a decision, the oldest first."""
    return _read(session, _appealed().where(PromptRefusal.decided_at.is_(None)).order_by(PromptRefusal.appealed_at))


def count_waiting(session: Session) -> int:
    """How many wait."""
    waits = _appealed().where(PromptRefusal.decided_at.is_(None)).subquery()
    return session.scalar(select(func.count()).select_from(waits)) or 0


def decided(session: Session) -> Sequence[Appeal]:
    """Those that were decided, the newest first; the last LISTED of them."""
    done = _appealed().where(PromptRefusal.decided_at.is_not(None))
    return _read(session, done.order_by(PromptRefusal.decided_at.desc()).limit(LISTED))


def find(session: Session, id_: UUID, *, lock: bool = False) -> Appeal:
    """The appeal of that id. Raises NotYours: there is none, or its account's standing keeps staff out.

    `lock` keeps others from deciding it until the transaction ends.
    """
    wanted = _appealed().where(PromptRefusal.id == id_)
    if lock:
        wanted = wanted.with_for_update(of=PromptRefusal).execution_options(populate_existing=True)
    found = _read(session, wanted)
    if not found:
        raise NotYours(NO_SUCH)
    return found[0]


def decide(session: Session, id_: UUID, decision: str, answer: str, staff: int, now: datetime) -> bool:
    """Uphold or lift the refusal, with the answer its writer reads. Whether it was decided now; the caller commits.

    The same decision by the same member of staff again changes nothing. Raises NotYours or a DecisionError.
    """
    # The account before the row, as whoever erases it: the other way round each would wait for the other.
    if standing.against(session, find(session, id_).refusal.account_id) is not None:
        raise NotYours(NO_SUCH)
    refusal = find(session, id_, lock=True).refusal
    if decision not in (UPHELD, LIFTED):
        raise NoDecision
    said = answer.replace("\r\n", "\n").replace("\x00", "").strip()
    if refusal.decided_at is not None:
        if (refusal.decision, refusal.decided_by, refusal.answer) == (decision, staff, said):
            return False
        raise DecidedOtherwise
    if not said:
        raise NoAnswer
    if len(said) > LONGEST:
        raise AnswerTooLong(len(said))
    refusal.decided_at, refusal.decision, refusal.answer, refusal.decided_by = now, decision, said, staff
    return True


def tell(parts: Parts, session: Session, id_: UUID) -> None:
    """Mail the writer that there is an answer, and where; neither prompt nor answer is in the mail.

    Raises NotYours, MailNotSent, or Stopped.
    """
    found = find(session, id_)
    address, page = found.email, f"{parts.settings.site_url}/refusals/{id_}"
    made = letter("appeal_decided", found.language, address=page, lifted=found.refusal.decision == LIFTED)
    account_id, language = found.refusal.account_id, found.language
    session.rollback()  # no connection is held while a mail server thinks
    parts.mailer.send(
        address, made.subject, made.text, made.html, purpose=MESSAGES, subject=account_id, language=language
    )


def _appealed() -> Select[PromptRefusal, str, str]:
    return (
        select(PromptRefusal, Account.email, Account.language)
        .join(Account, Account.id == PromptRefusal.account_id)
        .where(PromptRefusal.appealed_at.is_not(None), standing.may_act())
    )


def _read(session: Session, wanted: Select[PromptRefusal, str, str]) -> list[Appeal]:
    return [Appeal(*row) for row in session.execute(wanted)]
