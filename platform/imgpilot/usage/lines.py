"""A line of the usage log: what it says of a request, and how it is written (policy P05)."""

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from imgpilot.accounts import standing
from imgpilot.accounts.models import Account
from imgpilot.usage.models import Usage

#: A line is not worth waiting for: whoever holds the account's row longer than this wins.
PATIENCE = "500ms"

#: The first that is found is it.
_DEVICES = (
    ("tablet", r"\biPad\b|\bTablet\b|\bAndroid\b(?!.*\bMobile\b)"),
    ("phone", r"\biPhone\b|\bMobile\b"),
    ("computer", r"\bWindows NT\b|\bMacintosh\b|\bX11\b|\bCrOS\b"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One use of a page or a feature. `account_id`: who was signed in."""

    at: datetime
    account_id: UUID | None
    ip: str
    browser: str
    device: str
    feature: str
    method: str
    status: int
    took_ms: int
    referrer: str = ""
    error: str | None = None


def write(session: Session, line: Line) -> None:
    """Add the line. The caller commits.

    Without the account if it is gone, or nothing new may happen with it (standing.may_act): of somebody whose data is
    restricted (GDPR Art. 18) or being deleted no more is noted. Raises what the database raises.
    """
    # A power failure may take the last lines with it; nobody waits for a disk for them.
    settings = select(
        func.set_config("lock_timeout", PATIENCE, True), func.set_config("synchronous_commit", "off", True)
    )
    session.execute(settings)
    owner = select(Account.id).where(Account.id == line.account_id, standing.may_act()).scalar_subquery()
    session.execute(
        insert(Usage).values(
            id=uuid4(),
            at=line.at,
            account_id=owner if line.account_id else None,
            ip=line.ip,
            browser=line.browser,
            device=line.device,
            feature=line.feature[:100],
            method=line.method[:10],
            status=line.status,
            took_ms=line.took_ms,
            referrer=line.referrer,
            error=line.error,
        )
    )


def device_of(user_agent: str) -> str:
    """The kind of device: "phone", "tablet", "computer", "program"; "" if it does not say what it is."""
    for kind, pattern in _DEVICES:
        if re.search(pattern, user_agent):
            return kind
    return "program" if user_agent.strip() else ""


def host_of(referrer: str | None, *ours: str) -> str:
    """The host that a link led here from, and no more of that address; "" if it is one of ours, or none."""
    try:
        parts = urlsplit(referrer or "")
        host = parts.hostname or ""
    except ValueError:
        return ""
    plain = len(host) <= 253 and re.fullmatch(r"[a-z0-9.-]+|[0-9a-f:.]+", host)
    return host if parts.scheme in ("http", "https") and plain and host not in ours else ""
