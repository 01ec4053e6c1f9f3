"""Who was shown which version of the policy, when and how (policy P21)."""

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from imgpilot.columns import At, Fact, Key, OwnerId
from imgpilot.db import Base
from imgpilot.language import marked as _
from imgpilot.privacy import rows
from imgpilot.purposes import ACCOUNT_LIVES, ACCOUNTABILITY


class PolicyShown(Base):
    """That a person was shown a version: once for each way it was shown."""

    __tablename__ = "policy_shown"
    __table_args__ = (
        Index("uq_policy_shown_once", "account_id", "version", "how", unique=True),
        rows(ACCOUNTABILITY, noun=_("versions of the policy that you were shown"), kept=ACCOUNT_LIVES),
    )

    id: Mapped[Key]
    account_id: Mapped[OwnerId]
    version: Mapped[Fact]
    #: "sign-up", "banner", "page" or "mail".
    how: Mapped[Fact]
    at: Mapped[At]
