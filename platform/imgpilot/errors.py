"""What can go wrong on the site, as one tree.

ImgPilotError
├── StartError        the platform cannot start; the message is one line that says what to do
├── PersonalError     a person may read this: it says what happened and what to do next
│   ├── NotYours      there is no such thing for this person (the same answer as for "not there")
│   └── …             one per feature, beside it
├── Refused           the gateway did not let something out
└── StorageError      the object store did not do what it was asked
    └── NotThere      there is no object under this key
"""

from imgpilot.language import translate


class ImgPilotError(Exception):
    """Every error of ours."""


class StartError(ImgPilotError):
    """The platform cannot start; the message is one line that says what to do."""


class PersonalError(ImgPilotError):
    """A person may read the message. `status` is the HTTP status of the page that shows it.

    The text is plain English marked for translation, with %(name)s where a value goes; `said` gives it in a
    person's language, `str` in English.
    """

    status = 400

    def __init__(self, text: str = "", **values: object) -> None:
        super().__init__(text)
        self.text, self.values = text, values

    def __str__(self) -> str:
        return self.text % self.values if self.values else self.text

    def said(self, language: str) -> str:
        """The message in that language."""
        return translate(language, self.text, **self.values) if self.text else ""


class NotYours(PersonalError):
    """There is no such thing for this person. Somebody else's thing gets the same answer."""

    status = 404


class Refused(ImgPilotError):
    """The gateway refused before anything left: processor, purpose or host is not registered."""


class StorageError(ImgPilotError):
    """The object store refused or failed; nothing half-written is left under the key."""


class NotThere(StorageError):
    """There is no object under this key."""
