"""Google, as the company that says who somebody is (policy P01): there is nothing at Google that is ours to end.

The tokens of a sign-in are thrown away as soon as they are read, so none can be revoked. That a person once let us ask
Google stands in their own account there; only they can take it back, at myaccount.google.com/connections.
"""

from typing import Any
from uuid import UUID

from compliance.errors import StepFailed
from compliance.processors.notice import Notice
from compliance.requests.kinds import Kind
from imgpilot.parts import Parts
from imgpilot.processors import Processor


class Google:
    """The sign-in with Google. What it knows, it knew before us."""

    def __init__(self, processor: Processor) -> None:
        self.processor = processor

    def spared(self, kind: Kind) -> str:
        """It never gets a notice: it received a code of its own, and the address of a picture of its own."""
        return "told us"

    def notify(self, parts: Parts, notice: Notice, subject: UUID | None) -> dict[str, Any]:
        """There is nothing that it received from us."""
        raise StepFailed("Google is not told: it received nothing from us but what it gave itself.", again=False)
