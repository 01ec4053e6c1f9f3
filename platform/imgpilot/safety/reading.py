"""Ways to read a text for our rules, so that words written to slip past them are read as what they are."""

import re
import unicodedata
from collections.abc import Iterator

from imgpilot.safety.plain import plain

#: Letters of other alphabets that look like Latin ones, and the Latin ones.
_ALIKE = str.maketrans(
    "абвгеёзикмнорстухһіјѕԁԛԝɡɑαβγεικνορτυχѵ",
    "abbreezukmhopctyxhijsdqwgaabyeiknoptuxv",
)
_LEET = str.maketrans("013457@$!|+", "oieastasiit")
#: A word with a digit or sign in the place of a letter: letters on both sides, or a letter at one end.
_DISGUISED = re.compile(r"(?=\S*[a-z])[a-z0-9@$!|+]*[013457@$!|+][a-z0-9@$!|+]*")
#: Single letters with one and the same kind of mark between them: n u d e, n.u.d.e, n-u-d-e.
_SPACED = re.compile(r"(?<![a-z])[a-z](?:[ ._*-]{1,2}[a-z]){2,}(?![a-z])")
_HAN_SPACED = re.compile(r"(?<=[\u4e00-\u9fff])[ ._*·-]{1,2}(?=[\u4e00-\u9fff])")
_LONG = re.compile(r"([a-z])\1{2,}")
#: An age or a size stays a number: 12yo, 8k, 4x5.
_NUMBER = re.compile(r"\d+(?:k|x\d+|yo|yr|mm|px|d|th|st|nd|rd|s)?")


def cased(text: str) -> str:
    """The text in its plain form, capitals kept, every gap one space."""
    return " ".join(plain(text).text.split())


def readings(text: str) -> Iterator[str]:
    """The text in small letters as it stands, and, if that differs, with its disguises taken off."""
    folded = unicodedata.normalize("NFD", cased(text).lower().replace("\u2019", "'"))
    first = "".join(letter for letter in folded if not unicodedata.combining(letter)).translate(_ALIKE)
    yield first
    open_ = _HAN_SPACED.sub("", _SPACED.sub(lambda match: re.sub(r"[^a-z]", "", match.group()), _bare(first)))
    open_ = _LONG.sub(r"\1", open_)
    if open_ != first:
        yield open_


def _bare(text: str) -> str:
    return _DISGUISED.sub(
        lambda match: match.group() if _NUMBER.fullmatch(match.group()) else _undisguised(match.group()), text
    )


def _undisguised(word: str) -> str:
    # The mark at the end of a sentence is no letter.
    body = word.rstrip("!|+")
    return body.translate(_LEET) + word[len(body) :]
