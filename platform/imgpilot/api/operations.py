"""The operations there are, each declared once: what parses a call, carries it out and describes it are one thing.

A module adds its own with `operation`; `everything` is the list, from which the routes and the OpenAPI document come.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from typing import IO, Any, TypeVar
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy.orm import Session

from imgpilot.accounts.models import Account
from imgpilot.api.problems import Kind
from imgpilot.parts import Parts

PREFIX = "/api/v1"
#: Where operations are declared, in the order in which they are described.
MODULES = ("account", "jobs", "images", "references", "shares", "endpoints")


@dataclass
class Call:
    """One call, read and allowed."""

    parts: Parts
    session: Session
    account: Account
    now: datetime
    #: What the token may do.
    scopes: frozenset[str]
    #: What stands in the address.
    ids: Mapping[str, Any]
    #: Of the classes that the operation declares.
    body: Any = None
    query: Any = None
    #: The uploaded file, where there is one.
    file: IO[bytes] | None = None
    #: To be called with the id of what was made, before the commit; see api/idempotency.py.
    made: Callable[[str], None] = lambda _id: None

    @property
    def id(self) -> UUID:
        """The id that stands in the address."""
        found: UUID = self.ids["id_"]
        return found

    def url(self, path: str) -> str:
        """The address of something of this interface."""
        return f"{self.parts.settings.site_url}{PREFIX}{path}"


@dataclass(frozen=True)
class Answer:
    """What is answered: JSON of `body`, or the pieces of a file, opened only if they are sent, or nothing."""

    body: BaseModel | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    pieces: Callable[[], Iterator[bytes]] | None = None
    media_type: str = "application/json"
    #: Names this very content; "" for what changes.
    tag: str = ""


@dataclass(frozen=True)
class Operation:
    """One method of one address. `path` has ids as {id}."""

    name: str
    method: str
    path: str
    tag: str
    summary: str
    #: What a token needs; "" is any token.
    scope: str
    does: Callable[[Call], Answer]
    answer: type[BaseModel] | None
    status: int = 200
    description: str = ""
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    #: What else can go wrong beside what every call can.
    problems: tuple[Kind, ...] = ()
    #: For operations that make something: the answer once more, from the id of what was made.
    again: Callable[[Call, str], Answer] | None = None
    upload: bool = False
    #: Media types of a file that is answered.
    files: tuple[str, ...] = ()
    has_location: bool = False

    @property
    def writes(self) -> bool:
        """Whether it changes anything."""
        return self.method != "GET"


_ALL: dict[str, Operation] = {}
Does = TypeVar("Does", bound=Callable[[Call], Answer])


def operation(method: str, path: str, **said: Any) -> Callable[[Does], Does]:
    """Declare the function below as an operation; its docstring is the description."""

    def declared(does: Does) -> Does:
        name = does.__name__
        description = " ".join((does.__doc__ or "").split())
        _ALL[name] = Operation(name=name, method=method, path=path, does=does, description=description, **said)
        return does

    return declared


def everything() -> tuple[Operation, ...]:
    """Every operation there is."""
    for module in MODULES:
        import_module(f"imgpilot.api.{module}")
    return tuple(_ALL.values())
