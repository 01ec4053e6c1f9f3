"""Pictures that we do not make, whatever the provider would say: by rules of our own, before anything is sent.

Sexual pictures of minors, and intimate pictures of people who were not asked (for both: EU AI Act, Art. 5(1)). The
rules read words, so they are wrong at times; that is why each refusal can be appealed (safety.refused).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from imgpilot.language import marked as _
from imgpilot.safety import rule_words as words
from imgpilot.safety.reading import cased, readings


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of picture that we do not make. `said`: why, for its writer, marked for translation."""

    key: str
    name: str
    said: str


MINORS = Rule(
    "minors",
    _("no sexual pictures of minors"),
    _("We do not make sexual pictures of children or teenagers, and our rules read this prompt as asking for one."),
)
INTIMATE = Rule(
    "intimate",
    _("no intimate pictures of people who were not asked"),
    _(
        "We do not make intimate pictures of real people who were not asked, and our rules read this prompt as "
        "asking for one."
    ),
)
RULES = {rule.key: rule for rule in (MINORS, INTIMATE)}


def _any(*lists: Iterable[str]) -> re.Pattern[str]:
    """One pattern of many, for capitals too. Latin words are whole words; Chinese ones have no ends to look for."""
    parts = [each for one in lists for each in one]
    latin = "|".join(each for each in parts if each.isascii())
    other = "|".join(each for each in parts if not each.isascii())
    return re.compile(
        "|".join(filter(None, (rf"(?<![a-z])(?:{latin})(?![a-z])" if latin else "", other))), re.IGNORECASE
    )


_HARMLESS = _any(words.HARMLESS)
_MINOR, _EXPLICIT, _SUGGESTIVE = _any(words.MINOR), _any(words.EXPLICIT), _any(words.SUGGESTIVE)
_ALONE_MINORS, _ALONE_INTIMATE = _any(words.ALONE_MINORS), _any(words.ALONE_INTIMATE)
_SOMEBODY, _INTIMATE, _WITH_REFERENCE = _any(words.SOMEBODY), _any(words.INTIMATE), _any(words.WITH_REFERENCE)

_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]+")
#: In more than SHORT words of which more than this share has a capital, capitals say nothing.
SHORT, TITLE = 4, 0.75
_NAME = r"[A-Z][a-z\u00e0-\u024f'-]+ (?:[A-Z]\. |de |van |von |la )?[A-Z][a-z\u00e0-\u024f'-]+"
#: Whose manner it is in is not who is shown.
_MANNER = re.compile(rf"(?:style of|styled? like|by|after|inspired by|à la|homage to|works? of) {_NAME}")
_BARE = r"(?i:nudes?|naked|topless|porn\w*|nsfw|undressed|sex tape)"
_NAMED = re.compile(
    rf"\b{_BARE} (?:[a-z]+ ){{0,4}}(?:of|with|featuring|starring|as|like|showing) (?P<after>{_NAME})"
    rf"|\b{_BARE},? (?P<beside>{_NAME})"
    rf"|\b(?P<before>{_NAME})(?:'s)?,? (?:[a-z]+ ){{0,4}}{_BARE}\b"
)


def against(text: str, *, reference: bool = False) -> Rule | None:
    """The rule against this text; None if there is none. `reference`: whether a picture goes with it."""
    for reading in readings(text):
        meant = _HARMLESS.sub(" ", reading)
        if _of_minors(meant):
            return MINORS
        if _of_somebody(meant) or (reference and _WITH_REFERENCE.search(meant)):
            return INTIMATE
    return INTIMATE if _of_a_name(cased(text)) else None


def _of_minors(text: str) -> bool:
    if _ALONE_MINORS.search(text):
        return True
    young = _spans(_MINOR, text)
    return bool(young) and (bool(_EXPLICIT.search(text)) or _near(young, _spans(_SUGGESTIVE, text), words.NEAR_MINOR))


def _of_somebody(text: str) -> bool:
    if _ALONE_INTIMATE.search(text):
        return True
    return _near(_spans(_SOMEBODY, text), _spans(_INTIMATE, text), words.NEAR_SOMEBODY)


def _of_a_name(text: str) -> bool:
    """Whether somebody is shown so who has a first and a last name. In a Title Like This every word looks like one."""
    latin = _WORD.findall(text)
    if len(latin) > SHORT and sum(word[0].isupper() for word in latin) > len(latin) * TITLE:
        return False
    return any(
        words.NOBODY.isdisjoint(re.findall(r"[a-z]+", name.lower()))
        for match in _NAMED.finditer(_MANNER.sub(" ", _HARMLESS.sub(" ", text)))
        for name in match.groups()
        if name
    )


def _spans(pattern: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    return [match.span() for match in pattern.finditer(text)]


def _near(some: list[tuple[int, int]], others: list[tuple[int, int]], most: int) -> bool:
    """Whether one of each stands within so many characters of the other. Both come in the order of the text."""
    return any(0 <= _gap(one, other) <= most for one, other in _neighbours(some, others))


def _neighbours(
    some: list[tuple[int, int]], others: list[tuple[int, int]]
) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Of each of `some`, the nearest of `others` before and after it: as many steps as there are of both."""
    at = 0
    for one in some:
        while at < len(others) and others[at][0] < one[0]:
            at += 1
        yield from ((one, others[near]) for near in (at - 1, at) if 0 <= near < len(others))


def _gap(one: tuple[int, int], other: tuple[int, int]) -> int:
    return max(other[0] - one[1], one[0] - other[1], 0)
