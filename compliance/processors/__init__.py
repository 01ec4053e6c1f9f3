"""What each company that receives data is told and asked when a right is carried out: one adapter per processor.

`notify` tells it (GDPR Art. 19); `purge` removes what it still serves, where it has an interface for that.
"""

from typing import Any, Protocol
from uuid import UUID

from compliance.processors.by_mail import ByMail
from compliance.processors.cloudflare import Cloudflare
from compliance.processors.google import Google
from compliance.processors.notice import Notice
from compliance.requests.kinds import Kind
from imgpilot.parts import Parts
from imgpilot.processors import BFL, CLOUDFLARE, FAL, GEMINI, GOOGLE, MAIL, OPENAI, REPLICATE, SANDBOX, Processor


class Adapter(Protocol):
    """How one company is dealt with."""

    processor: Processor

    def spared(self, kind: Kind) -> str:
        """Why it needs no notice of this, as a code of notifying.SPARED; "" where it gets one."""

    def notify(self, parts: Parts, notice: Notice, subject: UUID | None) -> dict[str, Any]:
        """Send the notice; what proves it comes back. `subject` is the account, if it is still there.

        Raises StepFailed. Sending twice after a crash delivers it twice, under one number.
        """


_ALL: tuple[Adapter, ...] = (
    *(ByMail(each) for each in (OPENAI, GEMINI, FAL, BFL, REPLICATE, MAIL, SANDBOX)),
    Cloudflare(CLOUDFLARE),
    Google(GOOGLE),
)
ADAPTERS: dict[str, Adapter] = {adapter.processor.key: adapter for adapter in _ALL}


def of(key: str) -> Adapter | None:
    """The adapter for this processor; None for one that is not in the register any more."""
    return ADAPTERS.get(key)
