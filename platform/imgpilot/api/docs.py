"""The OpenAPI document as a page shows it: sections, operations, and the fields of what is sent and answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Field:
    """One field or parameter: its name, what it holds, whether it is needed, and words about it."""

    name: str
    holds: str
    needed: bool
    said: str


@dataclass(frozen=True, slots=True)
class Shape:
    """What is sent or answered: one name and its fields."""

    name: str
    said: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One operation."""

    name: str
    method: str
    path: str
    summary: str
    paragraphs: tuple[str, ...]
    parameters: tuple[Field, ...]
    #: The names of the shapes that are sent and answered; "" for none.
    sends: str
    answers: str
    #: Status and words of everything that may come back.
    ends: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """The operations about one thing."""

    name: str
    said: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Guide:
    """The whole of it."""

    server: str
    paragraphs: tuple[str, ...]
    sections: tuple[Section, ...]
    shapes: tuple[Shape, ...]


def guide(document: Json) -> Guide:
    """The document, for the page."""
    entries = [
        (operation["tags"][0], _entry(path, method, operation))
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    sent = {entry.sends for _of, entry in entries}
    return Guide(
        server=document["servers"][0]["url"],
        paragraphs=_paragraphs(document["info"]["description"]),
        sections=tuple(
            Section(tag["name"], tag["description"], tuple(entry for of, entry in entries if of == tag["name"]))
            for tag in document["tags"]
        ),
        shapes=tuple(
            _shape(name, schema, sent=name in sent)
            for name, schema in sorted(document["components"]["schemas"].items())
        ),
    )


def _entry(path: str, method: str, of: Json) -> Entry:
    good = next(said for status, said in of["responses"].items() if status.startswith("2"))
    return Entry(
        name=of["operationId"],
        method=method.upper(),
        path=path,
        summary=of["summary"],
        paragraphs=_paragraphs(of["description"]),
        parameters=tuple(
            Field(one["name"], _holds(one["schema"]), one["required"], one.get("description", ""))
            for one in of.get("parameters", ())
        ),
        sends=_name(of.get("requestBody", {})),
        answers=_name(good),
        ends=tuple((status, said["description"]) for status, said in of["responses"].items()),
    )


def _name(of: Json) -> str:
    """The shape that a body has: its name, or the media types of a file."""
    content = of.get("content", {})
    named = [each["schema"].get("$ref", "").rpartition("/")[2] for each in content.values()]
    return named[0] if named and named[0] else ", ".join(content)


def _shape(name: str, schema: Json, *, sent: bool) -> Shape:
    needed = schema.get("required", ()) if sent else ()  # every field of an answer is there
    fields = tuple(
        Field(field, _holds(inner), field in needed, inner.get("description", ""))
        for field, inner in schema.get("properties", {}).items()
    )
    said = schema.get("description", "")
    if "enum" in schema:
        said = f"{said} {', '.join(map(str, schema['enum']))}".strip()
    return Shape(name, said, fields)


def _holds(schema: Json) -> str:
    """What a schema lets in, in a few words."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " or ".join(_holds(each) for each in schema["anyOf"])
    if "const" in schema:
        return str(schema["const"])
    if "enum" in schema:
        return ", ".join(map(str, schema["enum"]))
    if schema.get("type") == "array":
        return f"list of {_holds(schema.get('items', {}))}"
    kind = schema.get("format") or schema.get("type", "anything")
    kind = "anything" if kind is None else " or ".join(kind) if isinstance(kind, list) else str(kind)
    return kind + _bounds(schema)


def _bounds(schema: Json) -> str:
    least, most = schema.get("minimum", schema.get("minLength")), schema.get("maximum", schema.get("maxLength"))
    if least is None and most is None:
        return ""
    unit = " characters" if "maxLength" in schema else ""
    return f", {least or 0} to {most}{unit}" if most is not None else f", at least {least}{unit}"


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(" ".join(each.split()) for each in text.split("\n\n") if each.strip())
