"""Why an order is not taken. Each says what to do and names the part of the form it is about."""

from imgpilot.errors import PersonalError
from imgpilot.language import marked as _
from imgpilot.safety.screen import FoundPersonal


class OrderError(PersonalError):
    """Something about the order is wrong. `field` names the part of the form."""

    field = ""
    SAYS = ""

    def __init__(self, text: str = "", **values: object) -> None:
        super().__init__(text or self.SAYS, **values)


class PromptMissing(OrderError):
    """There is nothing to make a picture of."""

    field, SAYS = "prompt", _("Say what the picture should show.")


class PromptTooLong(OrderError):
    """More words than fit."""

    field, SAYS = "prompt", _("The prompt has %(length)s characters and %(most)s fit. Shorten it.")


class BadCount(OrderError):
    """Not a number of pictures that can be made at once."""

    field, SAYS = "count", _("Choose from 1 to %(most)s pictures.")


class NotAcknowledged(OrderError):
    """The first order needs a yes to where the prompt goes."""

    field, SAYS = "acknowledged", _("Tick the box first. Without the provider there is no picture.")


class NoReferenceHere(OrderError):
    """The model makes pictures from words only."""

    field, SAYS = "reference", _("%(model)s takes no reference picture. Choose another model, or leave it out.")


class ReferenceMissing(OrderError):
    """The reference is not there any more."""

    field, SAYS = "reference", _("That reference picture is no longer there. Add it again.")


class TooManyHere(OrderError):
    """More reference pictures than the model takes."""

    field = "reference"
    SAYS = _("%(model)s takes at most %(most)s of them and there are %(sent)s. Remove some, or choose another model.")


class NegativeTooLong(OrderError):
    """More words than fit."""

    field, SAYS = "negative", _("This has %(length)s characters and %(most)s fit. Shorten it.")


class NoNegativeHere(OrderError):
    """The model cannot be told what to leave out."""

    field, SAYS = "negative", _("%(model)s cannot be told what to leave out. Empty this, or choose another model.")


class BadSeed(OrderError):
    """Not a number that a seed can be."""

    field, SAYS = "seed", _("A seed is a whole number from 0 to %(most)s. Leave it empty for any.")


class NoSeedHere(OrderError):
    """The model cannot be told a seed."""

    field, SAYS = "seed", _("%(model)s takes no seed. Empty this, or choose another model.")


class BadStrength(OrderError):
    """Not a part of a hundred."""

    field, SAYS = "strength", _("Choose a whole number from 0 to 100.")


class NoStrengthHere(OrderError):
    """The model decides by itself how much it keeps of a reference."""

    field, SAYS = "strength", _("%(model)s cannot be told how much to change. Choose another model, or leave it out.")


class FoundInNegative(FoundPersonal):
    """There are private facts in what should not be shown."""

    field = "negative"


#: At which stage a picture was refused, by the class of the failure (engines.protocol). What our own rules refuse
#: never becomes an order (safety.screen): nothing was sent then.
STAGES = {
    "BlockedInput": _("Refused by the provider, before it made anything"),
    "BlockedOutput": _("Refused by the provider, once the picture was made"),
}
