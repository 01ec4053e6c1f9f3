"""What can stand between a picture and its public page."""

from typing import ClassVar

from imgpilot.errors import PersonalError
from imgpilot.language import marked as _


class SharingError(PersonalError):
    """It was not published; nothing was changed. `field` is the part of the form that it is about."""

    field: ClassVar[str] = "share"


class Gone(SharingError):
    """There was a page at this address; its owner took it back, or it was taken down. For good (P11)."""

    status = 410

    def __init__(self) -> None:
        super().__init__(_("This page was taken back. It does not come back at this address."))


class NotPublic(SharingError):
    """There is no public page at this address; perhaps there never was."""

    status = 404

    def __init__(self) -> None:
        super().__init__(_("There is no public picture at this address. Check the last part of it."))


class Barred(SharingError):
    """Staff took the page of this picture down."""

    status = 403

    def __init__(self) -> None:
        super().__init__(
            _("We took the public page of this picture down, so it cannot be published again. It is still yours.")
        )


class TellsPrompt(SharingError):
    """The file itself says the prompt, which is not to be shown."""

    status = 409

    def __init__(self) -> None:
        super().__init__(
            _(
                "The words of your prompt are written inside this file, so the page cannot hide them. "
                "Publish it with the prompt, or not at all."
            )
        )


class NotReadable(SharingError):
    """The stored picture could not be read, so no page can show it."""

    status = 503

    def __init__(self) -> None:
        super().__init__(_("This picture cannot be reached at the moment. Nothing was published. Try again later."))
