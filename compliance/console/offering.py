"""What the form of a deed offers to choose from, and what has to be true of a case for a deed to make sense."""

from collections.abc import Callable

from compliance.console.case import Case
from compliance.console.timeline import PAUSED_FOR
from compliance.requests import clocks, procedures
from compliance.requests.casework import IdentityCheck
from compliance.requests.grounds import for_part, for_refusing
from compliance.requests.kinds import AT_ONCE, Kind
from compliance.requests.regimes import REGIMES, Pause
from compliance.standing import Restriction
from imgpilot.language import marked as _


def grounds(case: Case) -> list[tuple[str, str]]:
    """The grounds that refuse a request of this kind; of one that needs no decision, the few that are left."""
    kind = Kind(case.request.kind)
    few = ("not-proved", "nothing-held", "excessive") if kind in AT_ONCE else None
    return [(g.key, g.words) for g in for_refusing(kind) if few is None or g.key in few]


def grounds_for_part(case: Case) -> list[tuple[str, str]]:
    """The grounds on which a part can be left undone."""
    return [(ground.key, ground.words) for ground in for_part(Kind(case.request.kind))]


def reasons_to_pause(case: Case) -> list[tuple[str, str]]:
    """Why this law lets the clock stand. What staff changed is checked by the move."""
    law = REGIMES[case.request.regime]
    return [(str(why), PAUSED_FOR[why]) for why in Pause if clocks.may_pause(law, why, case.request.kind)]


def proofs(_case: Case) -> list[tuple[str, str]]:
    """What an officer can have checked."""
    from compliance.identity.proofs import CHECKED

    return list(CHECKED.items())


def asks(_case: Case) -> list[tuple[str, str]]:
    """What more can be asked for."""
    from compliance.identity.proofs import ASKS

    return list(ASKS.items())


def answers(key: str) -> Callable[[Case], list[tuple[str, str]]]:
    """The answers to one of the three questions."""
    from compliance.identity.facts import facts_to_ask

    def offered(_case: Case) -> list[tuple[str, str]]:
        given = next(question.answers for question in facts_to_ask() if question.key == key)
        return [("", _("They do not say")), *given]

    return offered


def open_check(case: Case) -> IdentityCheck | None:
    """The identity check that waits for staff, if there is one."""
    waiting = [c for c in case.checks if c.passed_at is None and c.failed_at is None]
    return next((c for c in reversed(waiting) if c.method in ("further", "permission")), None)


def can_be_skipped(case: Case) -> bool:
    """Whether the step that failed may be left out."""
    return case.stuck is not None and procedures.can_be_skipped(case.stuck.name, case.request.contact is not None)


def reasons_to_skip(_case: Case) -> list[tuple[str, str]]:
    """Why a step can be left out."""
    return list(procedures.SKIPPED_FOR.items())


def stands(case: Case) -> bool:
    """Whether the restriction that this request set stands, and nobody was told yet that it ends."""
    return any(one.announced_at is None for one in of_this(case))


def can_be_lifted(case: Case) -> bool:
    """Whether the person was told that it ends."""
    return bool(of_this(case)) and not stands(case)


def of_this(case: Case) -> list[Restriction]:
    """The restriction that this request set, if it stands."""
    return [one for one in case.restrictions if one.request_id == case.request.id]
