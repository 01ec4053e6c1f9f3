"""How often something may be asked for: counted in the database, so that it holds for all processes together.

A window is fixed: it begins with the first call and lasts its span. Who calls is kept as a keyed digest only.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import String, case, delete, func, literal
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

import config
from imgpilot.columns import At, Key
from imgpilot.db import Base
from imgpilot.digests import keyed
from imgpilot.language import marked as _
from imgpilot.privacy import Kept, record, rows, secret
from imgpilot.purposes import SECURITY


class Counted(Base):
    """How often somebody asked for something within a window."""

    __tablename__ = "counted"
    __table_args__ = rows(
        SECURITY,
        noun=_("counts against asking too often"),
        kept=Kept(_("24 hours after the window"), timedelta(hours=24), "until"),
    )

    id: Mapped[Key]
    digest: Mapped[str] = mapped_column(
        String(64), unique=True, info=secret(_("It names nobody; only the same caller leads to it."))
    )
    count: Mapped[int] = mapped_column(info=record())
    until: Mapped[At]


@dataclass(frozen=True, slots=True)
class Limit:
    """So many of `what` within `span`. `what` is a word of ours: "sign-in link", "api"."""

    what: str
    most: int
    span: timedelta


@dataclass(frozen=True, slots=True)
class Standing:
    """How a caller stands after a call: how many are left, and when the window ends."""

    limit: Limit
    count: int
    until: datetime

    @property
    def allowed(self) -> bool:
        """Whether this call was within the limit."""
        return self.count <= self.limit.most

    @property
    def left(self) -> int:
        """How many more there may be in this window."""
        return max(0, self.limit.most - self.count)

    def seconds(self, now: datetime) -> int:
        """Until the window ends, in whole seconds, at least 1."""
        return max(1, -int(-(self.until - now).total_seconds() // 1))


def count(session: Session, settings: config.Settings, limit: Limit, who: str, now: datetime) -> Standing:
    """Count one call of `who` (an address, an account's id). The caller commits, also if it is over the limit."""
    fresh = now + limit.span
    over = Counted.until <= now
    row = session.execute(
        insert(Counted)
        .values(id=func.gen_random_uuid(), digest=keyed(settings, f"limit {limit.what}", who), count=1, until=fresh)
        .on_conflict_do_update(
            index_elements=[Counted.digest],
            set_={
                "count": func.least(case((over, literal(1)), else_=Counted.count + 1), limit.most + 1),
                "until": case((over, literal(fresh)), else_=Counted.until),
            },
        )
        .returning(Counted.count, Counted.until)
    ).one()
    return Standing(limit, row[0], row[1])


def tidy(session: Session, now: datetime) -> None:
    """Remove windows that are long over."""
    session.execute(delete(Counted).where(Counted.until < now - timedelta(hours=24)))
