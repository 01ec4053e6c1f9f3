"""Payment cards and bank accounts in a plain text (see safety.plain): the right beginning, length and check digits."""

import re
from collections.abc import Iterator
from functools import cache

from stdnum import iban, luhn, numdb

from imgpilot.safety.runs import written

#: First digits (from, to) and how many digits in all, of the card networks. Source: ISO/IEC 7812, public ranges.
CARDS = (
    ("4", "4", (13, 16, 19)),  # Visa
    ("51", "55", (16,)),  # Mastercard
    ("2221", "2720", (16,)),
    ("34", "34", (15,)),  # American Express
    ("37", "37", (15,)),
    ("300", "305", (14,)),  # Diners Club
    ("36", "36", (14,)),
    ("38", "39", (14, 16)),
    ("6011", "6011", (16, 19)),  # Discover
    ("644", "659", (16, 19)),
    ("3528", "3589", (16, 17, 18, 19)),  # JCB
    ("62", "62", (16, 17, 18, 19)),  # UnionPay
    ("81", "82", (16,)),
    ("5018", "5018", (13, 16, 18, 19)),  # Maestro
    ("5020", "5020", (13, 16, 18, 19)),
    ("5038", "5038", (13, 16, 18, 19)),
    ("6304", "6304", (13, 16, 18, 19)),
    ("6759", "6763", (13, 16, 18, 19)),
    ("2200", "2204", (16, 19)),  # Mir
    ("60", "60", (16,)),  # RuPay
    ("506", "509", (16,)),  # Verve, Elo, RuPay
    ("9792", "9792", (16,)),  # Troy
)
#: How a card's digits are grouped; without groups they are one number too.
GROUPED = frozenset(
    ((4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (4, 4, 4, 4, 3), (4, 4, 4, 4, 2), (4, 4, 4, 4, 1), (4, 4, 4, 1), (6, 13))
)
_IBAN = re.compile(r"(?=([A-Za-z]{2}\d\d(?:[ -]?[A-Za-z0-9]){11,30}))")


def found(text: str) -> Iterator[tuple[str, int, int]]:
    """Kind, start and end of each card and account."""
    for one in written(text, 13, 19):
        if (len(one.sizes) == 1 or one.sizes in GROUPED) and is_card(one.digits):
            yield "card", one.start, one.end
    for match in _IBAN.finditer(text):
        end = _account(match.group(1))
        if end:
            yield "iban", match.start(), match.start() + end


def is_card(digits: str) -> bool:
    """Whether these digits can be the number of a payment card: a known beginning, its length, and the check digit."""
    return any(
        len(digits) in lengths and first <= digits[: len(first)] <= last for first, last, lengths in CARDS
    ) and bool(luhn.is_valid(digits))


@cache
def iban_length(country: str) -> int:
    """How many characters an IBAN of this country has (ISO 13616 registry); 0 if it has none."""
    _country, facts = numdb.get("iban").info(country)[0]
    sizes = re.findall(r"(\d+)!", facts.get("bban", ""))
    return 4 + sum(map(int, sizes)) if sizes else 0


def _account(text: str) -> int:
    """Where the IBAN ends that this text begins with; 0 if it begins with none."""
    size, made = iban_length(text[:2].upper()), ""
    for end, letter in enumerate(text, 1):
        made += letter if letter.isalnum() else ""
        if size and len(made) == size:
            return end if iban.is_valid(made, check_country=False) else 0
    return 0
