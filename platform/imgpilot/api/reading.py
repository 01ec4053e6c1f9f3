"""What was sent, read strictly: one JSON value, every name once, nothing that the shape does not know."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn, TypeVar

from pydantic import BaseModel, ValidationError

from imgpilot.api.problems import INVALID, UNREADABLE, Trouble, Words
from imgpilot.language import marked as _

#: The largest JSON body, in bytes, and how deep it may be nested.
LARGEST = 64 * 2**10
DEEPEST = 12
#: Problems name at most so many errors.
MOST_ERRORS = 20

Shape = TypeVar("Shape", bound=BaseModel)


def body(shape: type[Shape], sent: bytes) -> Shape:
    """The body as this shape. Raises Trouble: unreadable, or invalid with a pointer for each error."""
    _strictly(sent)
    try:
        return shape.model_validate_json(sent, strict=True)
    except ValidationError as error:
        if error.errors(include_url=False, include_input=False)[0]["type"] == "json_invalid":  # half of a pair
            raise Trouble(UNREADABLE, _("A string holds what is no text.")) from None
        raise Trouble(INVALID, errors=_pointed(error)) from None


def query(shape: type[Shape], sent: Sequence[tuple[str, str]]) -> Shape:
    """The parameters of the address as this shape. Raises Trouble, also for one that stands twice."""
    names = [name for name, _value in sent]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        said = _("It stands in the address twice.")
        errors = tuple({"parameter": name[:60], "detail": said} for name in sorted(twice))
        raise Trouble(INVALID, errors=errors[:MOST_ERRORS])
    try:
        return shape.model_validate_strings(dict(sent))
    except ValidationError as error:
        raise Trouble(INVALID, errors=_named(error)) from None


def _strictly(sent: bytes) -> None:
    """Raises Trouble unless it is JSON whose meaning nobody can argue about."""
    try:
        text = sent.decode()  # strict: no surrogates, no other encoding
        if _depth(text) > DEEPEST:
            said = _("The body is nested deeper than %(levels)s levels.")
            raise Trouble(UNREADABLE, Words(said, {"levels": DEEPEST}))
        json.loads(text, object_pairs_hook=_once, parse_constant=_none)
    except (ValueError, RecursionError):
        raise Trouble(UNREADABLE, _("The body is not JSON in UTF-8.")) from None


def _depth(text: str) -> int:
    """At most how deep it is nested; brackets in strings do not count, if it is JSON."""
    deepest = depth = 0
    quoted = escaped = False
    for letter in text:
        if quoted:
            quoted, escaped = escaped or letter != '"', letter == "\\" and not escaped
        elif letter == '"':
            quoted = True
        elif letter in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif letter in "]}":
            depth -= 1
    return deepest


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise Trouble(UNREADABLE, _("A name stands twice in the same object."))
    return made


def _none(_name: str) -> NoReturn:
    raise Trouble(UNREADABLE, _("A number is none: JSON knows no NaN and no Infinity."))


def _pointed(error: ValidationError) -> tuple[Mapping[str, str], ...]:
    return tuple({"pointer": _pointer(each["loc"]), "detail": _said(each)} for each in _errors(error))


def _named(error: ValidationError) -> tuple[Mapping[str, str], ...]:
    return tuple(
        {"parameter": str(each["loc"][0])[:60] if each["loc"] else "", "detail": _said(each)} for each in _errors(error)
    )


def _errors(error: ValidationError) -> Sequence[Any]:
    return error.errors(include_url=False, include_input=False, include_context=False)[:MOST_ERRORS]


def _pointer(place: Sequence[str | int]) -> str:
    """RFC 6901."""
    return "".join("/" + str(each)[:60].replace("~", "~0").replace("/", "~1") for each in place)


def _said(each: Mapping[str, Any]) -> str:
    if each["type"] == "extra_forbidden":
        return _("There is no such field.")
    if each["type"] == "missing":
        return _("This field is needed.")
    return str(each["msg"]).removeprefix("Value error, ").rstrip(".") + "."
