"""Words typed into the search box, as PostgreSQL asks for them.

All words are wanted, in any order. "Two words" in quotes stand side by side; -word is not there; OR between two takes
either. The last word may be unfinished. Chinese, Japanese and Korean need no quotes: letters typed side by side are
found side by side.
"""

import re
from typing import Any

from sqlalchemy import ColumnElement, String, case, cast, false, func, literal, literal_column
from sqlalchemy.dialects.postgresql import TSQUERY

from imgpilot.generation.models import SINGLE, words_of

_TERM = re.compile(r'(-?)"([^"]*)"?|(\S+)')
_SINGLE = re.compile(SINGLE)
_SIMPLE: ColumnElement[Any] = literal_column("'simple'::regconfig")


def matches(words: str) -> ColumnElement[bool]:
    """The condition on Generation that its prompt has these words. Nothing has words that are none."""
    sought = _query(words)
    return false() if sought is None else words_of("prompt").bool_op("@@")(sought)


def _query(words: str) -> ColumnElement[Any] | None:
    whole: ColumnElement[Any] | None = None
    either: ColumnElement[Any] | None = None
    joined = False
    terms = list(_TERM.finditer(words))
    for found in terms:
        loose = found[3] or ""
        if loose == "OR":
            joined = either is not None
            continue
        no = bool(found[1]) or (loose.startswith("-") and len(loose) > 1)
        text = found[2] if found[2] is not None else loose.lstrip("-")
        if not re.search(r"\w", text):
            continue
        unfinished = found is terms[-1] and bool(loose) and not no
        one = _phrase(text, unfinished)
        one = func.tsquery_not(one, type_=TSQUERY) if no else one
        if joined and either is not None:
            either, joined = func.tsquery_or(either, one, type_=TSQUERY), False
            continue
        whole = _and(whole, either)
        either = one
    return _and(whole, either)


def _and(one: ColumnElement[Any] | None, other: ColumnElement[Any] | None) -> ColumnElement[Any] | None:
    if one is None or other is None:
        return one if other is None else other
    return func.tsquery_and(one, other, type_=TSQUERY)


def _phrase(text: str, unfinished: bool) -> ColumnElement[Any]:
    """These words side by side, split as the index splits them; `unfinished`: more letters may follow the last."""
    phrase = func.phraseto_tsquery(_SIMPLE, literal(_SINGLE.sub(r" \g<0> ", text)), type_=TSQUERY)
    if not unfinished:
        return phrase
    longer = cast(cast(phrase, String).concat(":*"), TSQUERY)
    return case((func.numnode(phrase) > 0, longer), else_=phrase)
