"""What can go wrong on the site, as one tree.

ImgPilotError
├── StartError        the platform cannot start; the message is one line that says what to do
├── PersonalError     a person may read this: it says what happened and what to do next
│   ├── NotYours      there is no such thing for this person (the same answer as for "not there")
│   └── …             one per feature, beside it
├── Refused           the gateway did not let something out
└── StorageError      the object store did not do what it was asked
"""


class ImgPilotError(Exception):
    """Every error of ours."""


class StartError(ImgPilotError):
    """The platform cannot start; the message is one line that says what to do."""


class PersonalError(ImgPilotError):
    """A person may read the message. `status` is the HTTP status of the page that shows it."""

    status = 400


class NotYours(PersonalError):
    """There is no such thing for this person. Somebody else's thing gets the same answer."""

    status = 404


class Refused(ImgPilotError):
    """The gateway refused before anything left: processor, purpose or host is not registered."""


class StorageError(ImgPilotError):
    """The object store refused or failed; nothing half-written is left under the key."""
