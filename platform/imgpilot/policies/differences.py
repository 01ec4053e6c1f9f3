"""What changed between two versions of the policy: clause by clause, paragraph by paragraph, word by word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from imgpilot.policies.texts import Clause, Text

#: Words; each Chinese character is one. Spaces and signs are pieces of their own.
_PIECES = re.compile(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+(?:[’'-][^\W\u3400-\u9fff]+)*|\s+|[^\w\s]")
#: Paragraphs that are less alike than this are another paragraph, not the same one changed.
ALIKE = 0.35


class Mark(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Run:
    """Words in a row with the same fate."""

    mark: Mark
    text: str


@dataclass(frozen=True, slots=True)
class Changed:
    """A clause that is not what it was. `paragraphs` are in reading order, what was removed before what came."""

    key: str
    title: tuple[Run, ...]
    mark: Mark
    paragraphs: tuple[tuple[Run, ...], ...]
    #: What the clause says of itself ("", "not yet", "in part"), before and now; none where it was not there.
    states: tuple[str | None, str | None]


@dataclass(frozen=True, slots=True)
class Difference:
    """All that changed, and how many clauses are as they were."""

    clauses: tuple[Changed, ...]
    same: int


def between(old: Text, new: Text) -> Difference:
    """What the new text has changed. A clause is the same one if it has the same id."""
    keys = sorted({one.key for one in (*old.clauses, *new.clauses)})
    pairs = [(key, old.clause(key), new.clause(key)) for key in keys]
    changed = tuple(_changed(key, was, now) for key, was, now in pairs if was != now)
    return Difference(changed, len(keys) - len(changed))


def _changed(key: str, was: Clause | None, now: Clause | None) -> Changed:
    mark = Mark.ADDED if was is None else Mark.REMOVED if now is None else Mark.CHANGED
    before = [one.plain for one in was.paragraphs] if was else []
    after = [one.plain for one in now.paragraphs] if now else []
    title = words(was.title if was else "", now.title if now else "")
    states = (was.state if was else None, now.state if now else None)
    return Changed(key, title, mark, tuple(_paragraphs(before, after)), states)


def _paragraphs(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[Run, ...]]:
    for what, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            yield from ((Run(Mark.SAME, text),) for text in before[a:b])
            continue
        left = list(after[c:d])
        for text in before[a:b]:
            like = max(left, key=lambda other: _likeness(text, other), default="")
            if like and _likeness(text, like) >= ALIKE:
                # What stands before the paragraph that this one became is new.
                yield from ((Run(Mark.ADDED, other),) for other in left[: left.index(like)])
                left = left[left.index(like) + 1 :]
                yield words(text, like)
            else:
                yield (Run(Mark.REMOVED, text),)
        yield from ((Run(Mark.ADDED, text),) for text in left)


def _likeness(one: str, other: str) -> float:
    """By their words alone: every two sentences have spaces and full stops in common."""
    return SequenceMatcher(None, _words(one), _words(other), autojunk=False).ratio()


def _words(text: str) -> list[str]:
    return [piece for piece in _PIECES.findall(text) if piece.isalnum()]


def words(before: str, after: str) -> tuple[Run, ...]:
    """The two as one text: what stayed, what was removed, what was added."""
    if not before or not after:
        return tuple(Run(mark, text) for mark, text in ((Mark.REMOVED, before), (Mark.ADDED, after)) if text)
    old, new = _PIECES.findall(before), _PIECES.findall(after)
    runs: list[Run] = []
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            runs.append(Run(Mark.SAME, "".join(old[a:b])))
        else:
            runs += [
                Run(mark, text)
                for mark, text in ((Mark.REMOVED, "".join(old[a:b])), (Mark.ADDED, "".join(new[c:d])))
                if text
            ]
    return tuple(_joined(runs))


def _joined(runs: Sequence[Run]) -> Iterator[Run]:
    """A comma or a single word that stayed between two changes goes with them, so that it reads as phrases."""
    waiting: dict[Mark, str] = {}
    for place, run in enumerate(runs):
        short = run.mark is Mark.SAME and len(_words(run.text)) <= 1
        if run.mark is not Mark.SAME or (short and waiting and place + 1 < len(runs)):
            for mark in (run.mark,) if run.mark is not Mark.SAME else (Mark.REMOVED, Mark.ADDED):
                waiting[mark] = waiting.get(mark, "") + run.text
            continue
        yield from _given(waiting)
        waiting = {}
        yield run
    yield from _given(waiting)


def _given(waiting: dict[Mark, str]) -> Iterator[Run]:
    yield from (Run(mark, waiting[mark]) for mark in (Mark.REMOVED, Mark.ADDED) if waiting.get(mark))
