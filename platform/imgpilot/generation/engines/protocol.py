"""What an image model is asked, what it answers, and every way in which it can fail.

Failure
├── InvalidInput      the provider cannot use the request
├── BlockedInput      its safety check stopped the prompt or the reference
├── BlockedOutput     it made a picture and its safety check held that back
├── RateLimited       too many requests just now (tried again)
├── QuotaExhausted    our account there is used up: ours to repair
├── AuthRefused       our key is refused: ours to repair
├── Transient         it had trouble and bills nothing (tried again)
│   └── Unreachable   no connection (tried again)
├── TimedOut          no picture within the time allowed
├── Unusable          an answer came that holds no whole picture
├── AnswerLost        it was ordered, and nobody wrote down what came of it
├── BrokeOff          it began the picture and gave it up
├── NotOffered        the model left the catalogue, or nobody is behind it any more
├── NotStored         the picture came and our object store did not take it
├── ReferenceGone     the reference picture is no longer there
├── ReferenceNotRead  our object store did not give it out (tried again)
└── Interrupted       our own workers stopped again and again before anything was ordered

When we try again: only when the provider cannot have made a picture that it bills. It refused (429, 409), was not
reached, or said itself that it failed, if it says that it bills no failures (5xx of Gemini and fal). Once a success
may have begun – a timeout, a connection that broke after the request was out, any other 5xx, a 200 with nothing
usable, a worker that died – the picture fails and the person gets the credits back. To ask how a picture is that was
handed in bills nothing: that is done again and again, until its time is over.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol
from uuid import UUID

from imgpilot.errors import ImgPilotError
from imgpilot.language import marked as _


@dataclass(frozen=True, slots=True)
class Request:
    """One picture to be made. `references` are PNGs. `subject` is for the disclosure log and does not go out.

    `model` is the provider's name for it. What a model cannot be told is None or "".
    """

    model: str
    prompt: str
    width: int
    height: int
    subject: UUID
    references: tuple[bytes, ...] = ()
    ratio: str = "1:1"
    #: The catalogue's size: "2K".
    size: str = ""
    negative: str = ""
    seed: int | None = None
    #: How much of the reference is changed, 0 to 100.
    strength: int | None = None
    #: Where the provider may knock when it is done; "": nowhere.
    knock: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """A picture's bytes as the provider sent them, and the seed if it said it."""

    data: bytes
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class StillWaiting:
    """It is not ready."""

    #: Its place in the provider's line, 1 for the next; None if it is not said.
    position: int | None = None
    #: How long the provider asks us to wait before we ask again.
    wait: timedelta | None = None


#: What a provider gave us to ask with: its own ids and addresses, as JSON. Never anything of a person.
Handle = Mapping[str, Any]


class Engine(Protocol):
    """A way to a provider that answers with the picture."""

    def make(self, request: Request) -> Made:
        """The picture. Raises a Failure, and nothing else of its own."""


class WaitingEngine(Protocol):
    """A way to a provider that takes an order and has the picture later. All but `hand_in` may be repeated freely."""

    def hand_in(self, request: Request) -> Handle:
        """Order the picture. Raises a Failure."""

    def look(self, handle: Handle) -> Made | StillWaiting:
        """How it is. What may pass by itself is StillWaiting; a Failure is its end."""

    def call_off(self, handle: Handle) -> bool:
        """Whether the provider stopped it for us. False if it cannot, or was done. Raises nothing of its own."""

    def remove(self, handle: Handle) -> bool:
        """Whether nothing of it is left there that we could remove. Raises nothing of its own."""


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
    """The provider said that it failed, and bills nothing for it."""

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


class AnswerLost(Failure):
    """It was ordered, and whoever waited for the answer died, or might not keep it. It may be billed: not again."""

    sentence = _("We ordered this picture and lost the answer. Your credits are back. Order it again.")
    alarming = True


class BrokeOff(Failure):
    """The provider began and gave up. Whether it bills that, nobody can tell: not again."""

    sentence = _("The provider began this picture and could not finish it. Try again.")


class NotOffered(Failure):
    """The model left the catalogue while the picture waited, or nobody is behind it any more."""

    sentence = _("This model is not offered any more. Choose another one.")


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
    """Our workers stopped time after time before the order left."""

    sentence = _("Our own machines stopped in the middle of it, several times. Try again later.")
    alarming = True


_ALL: dict[str, type[Failure]] = {
    kind.__name__: kind
    for kind in (
        *(InvalidInput, BlockedInput, BlockedOutput, RateLimited, QuotaExhausted, AuthRefused, Transient),
        *(Unreachable, TimedOut, Unusable, AnswerLost, BrokeOff, NotOffered, NotStored, ReferenceGone),
        *(ReferenceNotRead, Interrupted),
    )
}


def sentence_for(name: str | None) -> str:
    """What a person reads about a failure kept in the database, in English, marked for translation."""
    return _ALL.get(name or "", Unusable).sentence
