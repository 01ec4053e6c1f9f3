"""Why an order is not taken. Each says what to do and names the part of the form it is about."""

from imgpilot.errors import PersonalError
from imgpilot.language import marked as _


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
