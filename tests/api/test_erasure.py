"""Somebody whose own program was told is erased: nobody writes to that program, and it holds nothing up."""

from sqlalchemy.orm import Session

from compliance.requests import notifying
from compliance.requests.kinds import Kind
from imgpilot.parts import Parts
from imgpilot.processors import OWN
from tests.recipients.conftest import Sent, sent
from tests.requests import ending
from tests.requests.conftest import Asked, ana, approved, asked, bob, plain_documents, step, work_off
from tests.world import Somebody

__all__ = ["ana", "approved", "asked", "bob", "plain_documents", "sent"]


def test_her_own_program_is_no_company_that_is_told_of_her_erasure(
    session: Session, parts: Parts, ana: Somebody, approved: Asked, sent: Sent, plain_documents: None
) -> None:
    sent(OWN.key, 2, "user.unique_id.pseudonymous")
    request_id = approved(Kind.DELETION)
    work_off(parts)
    ending.is_answered(session, parts, request_id)
    noted = step(session, request_id, "note recipients").evidence["recipients"]
    (line,) = [each for each in noted if each["processor"] == OWN.key]
    assert (line["times"], line["notice"]) == (2, "own")
    told = {each.company: each.what for each in notifying.told(session, request_id)}
    assert told[OWN.name] == notifying.SPARED["own"]
