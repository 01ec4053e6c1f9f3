"""A deed: something that staff can do in a case, as data. `deeds` has the table, `doing` the functions that do it.

A deed names the move it makes, whose it is (the permission `can_<by>` of compliance.console.roles), what it asks,
and what its button and its page say.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from compliance.console.case import Case
from compliance.console.doing import Doing
from compliance.requests.conditions import not_be_overruled
from compliance.requests.moves import MOVES, Actor, Move, Who
from imgpilot.language import marked as _

WORK, DECIDE, SECOND = "work", "decide", "second"
#: Which hats may do each group: the same as the rows of roles.PERMISSIONS (a test compares).
HATS = {WORK: {Who.CLERK, Who.OFFICER}, DECIDE: {Who.OFFICER}, SECOND: {Who.OFFICER, Who.APPROVER}}


@dataclass(frozen=True)
class Field:
    """One thing a deed asks. kind: area, line, choice, sure, shown (a hidden value of the page that was seen)."""

    name: str
    label: str
    kind: str = "area"
    help: str = ""
    optional: bool = False
    choices: Callable[[Case], Iterable[tuple[str, str]]] | None = None


@dataclass(frozen=True)
class Deed:
    """Something that can be done. `letter`: the kind of letter it sends, which is edited and seen before it goes."""

    key: str
    by: str
    words: str
    means: str
    said: str
    act: Callable[[Doing], None]
    move: Move | None = None
    fields: tuple[Field, ...] = ()
    letter: str = ""
    danger: bool = False
    when: Callable[[Case], bool] = lambda _case: True
    tally: bool = False
    #: Whoever decided or proposed it cannot do this.
    fresh_eyes: bool = False

    def offered(self, case: Case, actor: Actor) -> bool:
        """Whether this member of staff can do it in this case now, as far as can be seen without trying."""
        if not actor.hats & HATS[self.by]:
            return False
        if self.fresh_eyes and actor.staff in (case.request.decided_by, case.request.proposed_by):
            return False
        if self.move is not None:
            rule = MOVES[self.move]
            if case.request.state not in rule.leaves or not actor.hats & set(rule.by):
                return False
            if actor.staff in case.overruled and not_be_overruled in rule.needs:
                return False
        return self.when(case)


#: What several deeds ask.
ACCOUNT = Field(
    "account",
    _("E-mail address of the account"),
    "line",
    _("As the person gave it. It can stay empty if the request says which account it claims."),
    optional=True,
)
DIGEST = Field("digest", "", "shown")
WHY = _("In plain words, at least a sentence. The person reads it.")
