"""What an image model is asked, what it answers, and every way in which it can fail.

Failure
├── InvalidInput      the provider cannot use the request
├── BlockedInput      its safety check stopped the prompt or the reference
├── BlockedOutput     it made a picture and its safety check held that back
├── RateLimited       too many requests just now (tried again)
├── QuotaExhausted    our account there is used up: ours to repair
├── AuthRefused       our key is refused: ours to repair
├── Transient         it had trouble before it made anything (tried again)
│   └── Unreachable   no connection (tried again)
├── TimedOut          no picture within the time allowed
├── Unusable          an answer came that holds no whole picture
├── NotStored         the picture came and our object store did not take it
├── ReferenceGone     the reference picture is no longer there
├── ReferenceNotRead  our object store did not give it out (tried again)
└── Interrupted       our own workers stopped again and again

When we try again: only when the provider cannot have made a picture that it bills. It refused (429), was not
reached, or said that it failed (408, 409, 5xx). Once a success may have begun – a timeout, a connection that broke
after the request was out, a 200 with nothing usable – the picture fails and the person gets the credits back.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol
from uuid import UUID

from imgpilot.errors import ImgPilotError
from imgpilot.language import marked as _


@dataclass(frozen=True, slots=True)
class Request:
    """One picture to be made. `references` are PNGs. `subject` is for the disclosure log and does not go out."""

    model: str
    prompt: str
    width: int
    height: int
    subject: UUID
    references: tuple[bytes, ...] = ()


class Engine(Protocol):
    """A way to one provider."""

    def make(self, request: Request) -> bytes:
        """The picture's bytes as the provider sent them. Raises a Failure, and nothing else of its own."""


class Failure(ImgPilotError):
    """No picture came. The class says what a person reads; the text of the exception is empty on purpose."""

    sentence = ""
    #: How many attempts there are in all, this one included.
    tries = 1
    #: The provider's safety check said no.
    blocked = False
    #: Nothing a person did; somebody of ours has to act.
    alarming = False

    def __init__(self, *, wait: timedelta | None = None, tries: int | None = None) -> None:
        super().__init__()
        #: How long the provider asks us to wait.
        self.wait = wait
        if tries is not None:
            self.tries = tries

    @property
    def name(self) -> str:
        """How it is kept in the database."""
        return type(self).__name__


class InvalidInput(Failure):
    """The provider cannot use the request as it is."""

    sentence = _("The provider could not use this request. Change the prompt or the shape and try again.")


class BlockedInput(Failure):
    """The provider's safety check stopped the prompt or the reference picture."""

    sentence = _("The provider's safety check stopped the prompt or the reference picture. Change it and try again.")
    blocked = True


class BlockedOutput(Failure):
    """The provider made a picture and its safety check held it back."""

    sentence = _("The provider's safety check held the finished picture back. The same prompt may pass another time.")
    blocked = True


class RateLimited(Failure):
    """Too many requests just now."""

    sentence = _("The provider had too much to do. Try again in a few minutes.")
    tries = 4


class QuotaExhausted(Failure):
    """Our account with the provider is used up."""

    sentence = _("Our account with the provider is used up. That is ours to repair. Try again later.")
    alarming = True


class AuthRefused(Failure):
    """The provider refuses our key."""

    sentence = _("The provider did not let us in. That is ours to repair. Try again later.")
    alarming = True


class Transient(Failure):
    """The provider said that it failed."""

    sentence = _("The provider had trouble, several times in a row. Try again later.")
    tries = 3


class Unreachable(Transient):
    """There was no connection to the provider."""

    sentence = _("The provider could not be reached, several times in a row. Try again later.")
    tries = 4


class TimedOut(Failure):
    """No picture within the time allowed."""

    sentence = _("The provider took too long, so we stopped waiting. Try again.")


class Unusable(Failure):
    """An answer that holds no whole picture."""

    sentence = _("The provider's answer was not a picture. Try again.")


class NotStored(Failure):
    """Our object store did not take the picture."""

    sentence = _("The picture was made, but we could not store it. That is ours to repair. Try again later.")
    alarming = True


class ReferenceGone(Failure):
    """The reference picture was removed before its turn came."""

    sentence = _("The reference picture is no longer there. Add it again and retry.")


class ReferenceNotRead(Failure):
    """Our object store did not give the reference picture out; nothing was asked of the provider yet."""

    sentence = _("We could not read the reference picture, several times in a row. Try again later.")
    tries = 4
    alarming = True


class Interrupted(Failure):
    """Our workers stopped in the middle of it, time after time."""

    sentence = _("Our own machines stopped in the middle of it, several times. Try again later.")
    alarming = True


_ALL: dict[str, type[Failure]] = {
    kind.__name__: kind
    for kind in (
        *(InvalidInput, BlockedInput, BlockedOutput, RateLimited, QuotaExhausted, AuthRefused, Transient),
        *(Unreachable, TimedOut, Unusable, NotStored, ReferenceGone, ReferenceNotRead, Interrupted),
    )
}


def sentence_for(name: str | None) -> str:
    """What a person reads about a failure kept in the database, in English, marked for translation."""
    return _ALL.get(name or "", Unusable).sentence
