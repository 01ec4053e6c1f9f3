"""The numbers of a law that an officer may change, and what each of them may be."""

from collections.abc import Mapping
from dataclasses import replace

from compliance.errors import MoveRefused
from compliance.requests.regimes_terms import Period, Regime, Unit
from imgpilot.language import marked as _

#: What a number must be, for each number that an officer may change.
_RANGES = {
    "answer": _("The time to answer must be a whole number from 1 to %(most)s."),
    "extension": _("The extension must be a whole number from 1 to %(most)s."),
    "acknowledge": _("The time to confirm receipt must be a whole number from 1 to %(most)s."),
    "appeal": _("The time to decide an appeal must be a whole number from 1 to %(most)s."),
}
_ABSENT = {
    "extension": _("%(law)s allows no extension, so there is none to change."),
    "acknowledge": _("%(law)s sets no time to confirm receipt, so there is none to change."),
    "appeal": _("%(law)s gives no appeal, so there is no time to change."),
}
_MOST = {Unit.MONTHS: 12}
_MOST_DAYS = 365


def with_changes(regime: Regime, changes: Mapping[str, int | None]) -> Regime:
    """The law with an officer's numbers: "answer", "extension", "acknowledge", "appeal". None leaves one as it is.

    Units, rolling and the times of special kinds stay. Raises MoveRefused for a number outside 1 to 365 (months:
    to 12), for a time that the law does not know, and for any other name.
    """
    usual, longer, appeal = regime.usual, regime.extension, regime.appeal
    for name, count in changes.items():
        if name not in _RANGES:
            raise MoveRefused(_("There is no such number to change."))
        if count is None:
            continue
        match name:
            case "answer":
                usual = replace(usual, answer=_counting(regime, name, usual.answer, count))
            case "acknowledge":
                usual = replace(usual, acknowledge=_counting(regime, name, usual.acknowledge, count))
            case "extension":
                more = _counting(regime, name, longer.period if longer else None, count)
                usual = replace(usual, extension=longer and replace(longer, period=more))
            case "appeal":
                decided = _counting(regime, name, appeal.period if appeal else None, count)
                appeal = appeal and replace(appeal, period=decided)
    return replace(regime, usual=usual, appeal=appeal)


def _counting(regime: Regime, name: str, period: Period | None, count: int) -> Period:
    if period is None:
        raise MoveRefused(_ABSENT[name], law=regime.name)
    most = _MOST.get(period.unit, _MOST_DAYS)
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= most:
        raise MoveRefused(_RANGES[name], most=most)
    return replace(period, count=count)
