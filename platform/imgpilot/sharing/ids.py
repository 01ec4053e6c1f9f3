"""The number of a public page: 128 random bits in 22 letters and digits. It is a key of nothing else."""

import hashlib
import re
import secrets
import string

ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
#: 62²² is more than 2¹²⁸, 62²¹ is less.
LENGTH = 22
_FORM = re.compile(f"[0-9A-Za-z]{{{LENGTH}}}")


def fresh() -> str:
    """A new one."""
    number, written = secrets.randbits(128), ""
    for _place in range(LENGTH):
        number, digit = divmod(number, len(ALPHABET))
        written = ALPHABET[digit] + written
    return written


def is_one(text: str) -> bool:
    """Whether this could be one."""
    return _FORM.fullmatch(text) is not None


def digest(id_: str) -> str:
    """How a page that is gone is remembered (GoneShare), which tells nobody its address."""
    return hashlib.sha256(id_.encode()).hexdigest()


def tag(digest_: str) -> str:
    """The word under which the delivery network keeps what belongs to a page, and forgets it all at once."""
    return f"share-{digest_[:32]}"
