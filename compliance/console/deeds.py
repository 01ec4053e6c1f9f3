"""Everything that can be done in a case: one table, from which its page makes the buttons and the forms."""

from compliance.console.case import Case
from compliance.console.deed import DECIDE, HATS, SECOND, WORK, Deed
from compliance.console.deeds_decided import DECIDED
from compliance.console.deeds_second import SECONDED
from compliance.console.deeds_worked import WORKED
from compliance.requests.kinds import AT_ONCE
from compliance.requests.moves import Actor

__all__ = ["DECIDE", "DEEDS", "HATS", "SECOND", "WORK", "Deed", "offered"]

DEEDS = {deed.key: deed for deed in (*DECIDED, *SECONDED, *WORKED)}


def offered(case: Case, actor: Actor) -> list[Deed]:
    """What this member of staff can do in this case now, in the order of the table."""
    if case.request.kind in AT_ONCE:
        return [deed for deed in DEEDS.values() if deed.key != "ask" and deed.offered(case, actor)]
    return [deed for deed in DEEDS.values() if deed.offered(case, actor)]
