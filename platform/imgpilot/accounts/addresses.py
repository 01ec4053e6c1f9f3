"""E-mail addresses: what a person typed becomes the one spelling under which we know it."""

from email_validator import EmailNotValidError, validate_email

from imgpilot.accounts.errors import BadAddress
from imgpilot.language import marked as _

#: A Chinese keyboard writes ＠ and 。 where an address has @ and a dot.
_AS_MEANT = {0xFF01 + n: 0x21 + n for n in range(94)} | {ord("。"): "."}
#: What is copied along with an address and is no part of it.
_AROUND = " \t\r\n\u00a0\u3000\u200b\ufeff<>"


def read(typed: str) -> str:
    """The address, in lower case, its domain as mail servers write it (xn--…). Raises BadAddress."""
    text = typed.translate(_AS_MEANT).strip(_AROUND).lower()
    _see_the_obvious(text)
    try:
        return _normal(text)
    except EmailNotValidError:
        # `from None`: the library's own sentence quotes what was typed.
        raise BadAddress(_("Mail cannot reach this address. One looks like ana@example.com.")) from None


def shown(email: str) -> str:
    """The address as its owner writes it: bücher.example, not xn--bcher-kva.example."""
    local, _at, domain = email.rpartition("@")
    try:
        return f"{local}@{domain.encode('ascii').decode('idna')}"
    except UnicodeError:
        return email


def _normal(text: str) -> str:
    found = validate_email(text, check_deliverability=False)
    return found.ascii_email or found.normalized


def _see_the_obvious(text: str) -> None:
    """Raises BadAddress that names the mistake, for the mistakes people make."""
    local, at, domain = text.partition("@")
    if not text:
        raise BadAddress(_("Type your e-mail address."))
    if not at:
        raise BadAddress(_("There is no @ in this. An address looks like ana@example.com."))
    if "@" in domain:
        raise BadAddress(_("There is more than one @ in this. An address has one."))
    if any(character.isspace() for character in text):
        raise BadAddress(_("There is a space in this address. Take it out and try again."))
    if not local:
        raise BadAddress(_("The part before @ is missing."))
    if not domain.strip("."):
        raise BadAddress(_("The part after @ is missing."))
    if meant := _whole(local, domain):
        raise BadAddress(_("The part after @ looks cut off. Did you mean %(address)s?"), meant)


def _whole(local: str, domain: str) -> str:
    """The address that was cut off to this one, or nothing if it is not cut off, or we cannot tell."""
    labels = domain.rstrip(".").split(".")
    stump = len(labels) > 1 and len(labels[-1]) == 1 and labels[-1].isascii()  # no ending has one letter
    if len(labels) > 1 and not stump and not domain.endswith("."):
        return ""
    if stump:
        labels.pop()
    try:
        return _normal(f"{local}@{'.'.join(labels)}{'.com' if stump or len(labels) == 1 else ''}")
    except EmailNotValidError:
        return ""
