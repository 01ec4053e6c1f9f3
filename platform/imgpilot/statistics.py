"""What is used, in counts that name nobody: pictures by model and week (purpose STATISTICS).

Counted are only people who did not object (GDPR 21(1)) and with whose data something may be done now. Nothing is
kept: every look counts afresh, so an objection takes a person's pictures out of every count at once, the past ones too.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import distinct, func, select
from sqlalchemy.orm import Session

from imgpilot.accounts import choices, standing
from imgpilot.accounts.models import Account
from imgpilot.generation.models import Generation, Image, State

#: A count over fewer people could say something about one of them: it is not given.
FEWEST_PEOPLE = 5


@dataclass(frozen=True)
class Group:
    """The finished pictures of one model in one week. `week` is its Monday, in UTC."""

    week: date
    model: str
    pictures: int


@dataclass(frozen=True)
class Counts:
    """The groups that are large enough, newest week first, then by pictures; and how many were too small to give."""

    groups: tuple[Group, ...]
    suppressed: int


def pictures_by_model(session: Session, now: datetime, weeks: int = 12) -> Counts:
    """Finished pictures by model in the last `weeks` weeks, the one under way included. One query."""
    this = (now - timedelta(days=now.weekday())).date()
    week = func.date_trunc("week", Image.finished_at, "UTC")
    pictures, people = func.count(), func.count(distinct(Generation.account_id))
    found = session.execute(
        select(week, Generation.model, pictures, people)
        .join(Generation, Generation.id == Image.generation_id)
        .join(Account, Account.id == Generation.account_id)
        .where(
            Image.state == State.FINISHED,
            func.timezone("UTC", Image.finished_at) >= this - timedelta(weeks=weeks - 1),
            standing.may_act(),
            choices.who_allows("statistics"),
        )
        .group_by(week, Generation.model)
        .order_by(week.desc(), pictures.desc(), Generation.model)
    ).all()
    large = tuple(Group(at.date(), model, n) for at, model, n, who in found if who >= FEWEST_PEOPLE)
    return Counts(large, len(found) - len(large))
