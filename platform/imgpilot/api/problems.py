"""What can go wrong with a call, as RFC 9457 problems. Each kind has a page of its own that explains it.

Trouble                a call that is answered with a problem: its kind, what happened, what else is known
of_person(error)       the same for an error that the site would show to a person
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from imgpilot.accounts.standing import NothingNew
from imgpilot.billing.ledger import NotEnoughCredits
from imgpilot.errors import ImgPilotError, PersonalError
from imgpilot.language import DEFAULT, translate
from imgpilot.language import marked as _
from imgpilot.safety.screen import FoundPersonal, NotMade

MEDIA_TYPE = "application/problem+json"
#: Where the pages of the kinds are.
PAGES = "/api/problems"


class Sayable(Protocol):
    """What can be said in a language: Words, an error of the site."""

    def said(self, language: str) -> str:
        """It in that language."""


@dataclass(frozen=True, slots=True)
class Words:
    """A text marked for translation, with the values of its %(name)s."""

    text: str
    values: Mapping[str, object] = field(default_factory=dict)

    def said(self, language: str) -> str:
        """The text in that language."""
        return translate(language, self.text, **self.values)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem. `slug` is the end of its type's address; the rest is for people."""

    slug: str
    status: int
    title: str
    explained: str


UNREADABLE = Kind(
    "unreadable",
    400,
    _("The body could not be read"),
    _(
        "The body is not one JSON value in UTF-8 as RFC 8259 has it; or a name stands twice in an object, a number is "
        "none (NaN, Infinity), or it is nested too deep. Nothing was changed. Send it again, written by a JSON library."
    ),
)
BAD_CURSOR = Kind(
    "bad-cursor",
    400,
    _("This cursor leads nowhere"),
    _(
        "A cursor is taken as it is from the member `next` of an answer, for the same list and the same account. "
        "Begin again without one."
    ),
)
BAD_KEY = Kind(
    "bad-idempotency-key",
    400,
    _("The Idempotency-Key cannot be used"),
    _("A key has 1 to 255 visible ASCII characters without spaces; a random UUID is a good one. Nothing was changed."),
)
BAD_REQUEST = Kind(
    "bad-request",
    400,
    _("The call could not be understood"),
    _("The request breaks the rules of HTTP. Nothing was changed."),
)
UNAUTHORIZED = Kind(
    "unauthorized",
    401,
    _("No valid token"),
    _(
        "Every call needs the header `Authorization: Bearer ipk_…` with a token that you made on your account page. "
        "It may have been ended, have run out, or be mistyped."
    ),
)
NOT_ENOUGH = Kind(
    "not-enough-credits",
    402,
    _("Not enough credits"),
    _("The pictures cost more than the account has. The members `there` and `needed` say both. Nothing was taken."),
)
FORBIDDEN = Kind(
    "not-allowed",
    403,
    _("This may not be done now"),
    _("The member `detail` says what stands against it. Nothing was changed."),
)
MISSING_SCOPE = Kind(
    "missing-scope",
    403,
    _("The token may not do that"),
    _(
        "The member `scope` names what the token lacks. A token's scopes do not change: make another one on your "
        "account page."
    ),
)
STANDING = Kind(
    "account-standing",
    403,
    _("Nothing new is made for this account now"),
    _(
        "The account is closing, or its data is restricted (GDPR Art. 18); the member `standing` says which. "
        "The privacy centre is where that ends."
    ),
)
NOT_MADE = Kind(
    "not-made",
    403,
    _("This picture is not made here"),
    _(
        "The prompt asks for something that our rules exclude; the member `rule` names the rule. Nothing was sent to "
        "anybody and nothing was taken. If that is a mistake, `appeal` is the address where a person looks at it."
    ),
)
NOT_FOUND = Kind(
    "not-found",
    404,
    _("There is no such thing"),
    _("The address is wrong, or the thing is not yours, was never there, or was removed."),
)
METHOD = Kind(
    "method-not-allowed",
    405,
    _("This address does not take that method"),
    _("The header `Allow` says which methods it takes."),
)
NOT_ACCEPTABLE = Kind(
    "not-acceptable",
    406,
    _("Not in that format"),
    _("The call accepts only formats that this address does not have. It answers application/json."),
)
CONFLICT = Kind(
    "conflict", 409, _("Not as things are now"), _("The member `detail` says what is in the way. Nothing was changed.")
)
IN_PROGRESS = Kind(
    "in-progress",
    409,
    _("The same call is still being carried out"),
    _("Another call with this Idempotency-Key is under way. Repeat this one in a few seconds to get its answer."),
)
GONE = Kind(
    "gone",
    410,
    _("It was removed since"),
    _("The call with this Idempotency-Key made something that is not there any more. Use a new key."),
)
TOO_LARGE = Kind(
    "too-large", 413, _("Too large"), _("JSON may have up to 64 KiB, a reference picture up to 20 MB of bytes.")
)
MEDIA = Kind(
    "unsupported-media-type",
    415,
    _("Not this kind of body"),
    _("Send application/json in UTF-8 without compression; reference pictures as multipart/form-data."),
)
INVALID = Kind(
    "invalid",
    422,
    _("Something in the call does not fit"),
    _(
        "Each entry of `errors` says what is wrong and where: `pointer` is a JSON Pointer into the body, `parameter` "
        "a name in the address. Nothing was changed and nothing was taken."
    ),
)
FOUND_PERSONAL = Kind(
    "personal-data-found",
    422,
    _("The prompt holds personal data"),
    _(
        "It would go to the model's provider. Each entry of `findings` has its `kind` and where it stands in the "
        "prompt as we read it. Take it out, or send the kinds in `knowing` if you mean it."
    ),
)
KEY_REUSED = Kind(
    "idempotency-key-reused",
    422,
    _("This Idempotency-Key belongs to another call"),
    _("The key was used within 24 hours for another address or body. Use a new key for a new call."),
)
TOO_MANY = Kind(
    "too-many-requests",
    429,
    _("That was a lot at once"),
    _("The header `Retry-After` says in how many seconds there is room again; RateLimit-Policy is the rule."),
)
OURS = Kind(
    "internal-error",
    500,
    _("Something on our side failed"),
    _("Nothing of yours was lost. Try again in a minute. If you write to us, send the member `instance`."),
)
AWAY = Kind(
    "unavailable",
    503,
    _("Out for a moment"),
    _("A part that this needs does not answer. Nothing was lost. Try again in a few minutes."),
)

KINDS = {
    kind.slug: kind
    for kind in (
        *(UNREADABLE, BAD_CURSOR, BAD_KEY, BAD_REQUEST, UNAUTHORIZED, NOT_ENOUGH, FORBIDDEN, MISSING_SCOPE, STANDING),
        *(NOT_MADE, NOT_FOUND, METHOD, NOT_ACCEPTABLE, CONFLICT, IN_PROGRESS, GONE, TOO_LARGE, MEDIA, INVALID),
        *(FOUND_PERSONAL, KEY_REUSED, TOO_MANY, OURS, AWAY),
    )
}
#: The kind for a status that nothing more is known about.
BY_STATUS = {
    **{400: BAD_REQUEST, 401: UNAUTHORIZED, 402: NOT_ENOUGH, 403: FORBIDDEN, 404: NOT_FOUND, 405: METHOD},
    **{406: NOT_ACCEPTABLE, 409: CONFLICT, 410: GONE, 413: TOO_LARGE, 415: MEDIA, 422: INVALID, 429: TOO_MANY},
    503: AWAY,
}


class Trouble(ImgPilotError):
    """A call that is answered with a problem. `more` are further members, `headers` go with the answer.

    `detail`, here and in an entry of `errors`, is a text marked for translation, or says itself in any language.
    """

    def __init__(
        self,
        kind: Kind,
        detail: str | Sayable = "",
        *,
        errors: tuple[Mapping[str, str | Sayable], ...] = (),
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(kind.slug)  # no detail: an exception's text may end up in a log
        self.kind, self.detail, self.errors = kind, detail, errors
        self.headers, self.more = dict(headers or {}), more

    def document(self, site_url: str, instance: str, language: str = DEFAULT) -> dict[str, Any]:
        """The problem as RFC 9457 has it. `instance` names this one call, for our log and nothing else.

        `title` and every `detail` are in that language, but for what the parser of JSON says, which is English.
        """
        said: dict[str, Any] = {
            "type": f"{site_url}{PAGES}/{self.kind.slug}",
            "title": translate(language, self.kind.title),
            "status": self.kind.status,
            "detail": _said(self.detail, language) or translate(language, self.kind.explained),
            "instance": instance,
        }
        if self.errors:
            said["errors"] = [
                {name: _said(value, language) if name == "detail" else value for name, value in each.items()}
                for each in self.errors
            ]
        return said | self.more


def _said(words: str | Sayable, language: str) -> str:
    if isinstance(words, str):
        return translate(language, words) if words else ""
    return words.said(language)


def of_person(error: PersonalError) -> Trouble:
    """The problem for an error that the site would show to a person."""
    said: Sayable = error
    if isinstance(error, FoundPersonal):
        found = [{"kind": each.kind, "start": each.start, "end": each.end} for each in error.findings]
        return Trouble(FOUND_PERSONAL, said, findings=found)
    if isinstance(error, NotMade):
        return Trouble(NOT_MADE, said, rule=error.rule.key)
    if isinstance(error, NothingNew):
        return Trouble(STANDING, said, standing=error.key)
    if isinstance(error, NotEnoughCredits):
        return Trouble(NOT_ENOUGH, said, there=error.there, needed=error.needed)
    field = getattr(error, "field", "")
    if error.status in (400, 422) and field:
        return Trouble(INVALID, said, errors=({"pointer": f"/{POINTERS.get(field, field)}", "detail": said},))
    return Trouble(BY_STATUS.get(error.status, BAD_REQUEST), said)


#: What the fields of the site's forms are called here.
POINTERS = {"reference": "references"}
