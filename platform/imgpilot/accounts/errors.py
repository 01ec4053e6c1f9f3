"""What can go wrong on the way in, as one tree. No text holds an address or a link.

AccountError
├── BadAddress        this is no address that mail can reach; may know the address that was meant
├── TooManyLinks      the address was sent several links just now
├── AccountFrozen     the account is being deleted
└── LinkError         the link does not let anybody in
    ├── LinkUnknown   we never sent it, or it was cut off or altered
    ├── LinkUsed      it let somebody in already
    └── LinkExpired   its time is over
        └── LinkReplaced  a newer one was sent to the same address
"""

from imgpilot.errors import PersonalError
from imgpilot.language import marked as _


class AccountError(PersonalError):
    """Every error of this feature. A class says one sentence, in `SAYS`."""

    SAYS = ""

    def __init__(self, text: str = "", **values: object) -> None:
        super().__init__(text or self.SAYS, **values)


class BadAddress(AccountError):
    """What was typed is no e-mail address. `meant` is the one that it may have been, if we can tell.

    The text has %(address)s where that one goes; only `said`, for the person who typed it, fills it in.
    """

    def __init__(self, text: str, meant: str = "") -> None:
        super().__init__(text, **({"address": meant} if meant else {}))
        self.meant = meant

    def __str__(self) -> str:
        return self.text  # as it is: an exception's text may end up in a log


class TooManyLinks(AccountError):
    """Several links are on their way to this address. The answer is the same whether it has an account or not."""

    status = 429
    SAYS = _(
        "Several links were sent to this address just now. Open the newest one, or ask again in %(minutes)s minutes."
    )


class AccountFrozen(AccountError):
    """The account is being deleted; nobody signs in to it any more."""

    status = 403
    SAYS = _(
        "This account is being deleted, so nobody can sign in to it. Write to %(contact)s if that is not what you want."
    )


class LinkError(AccountError):
    """The link does not let anybody in."""

    status = 410


class LinkUnknown(LinkError):
    """We never sent this link, or it was cut off or altered on its way."""

    status = 404
    SAYS = _("We do not know this link. It may have been cut off. Copy it whole from the mail, or ask for a new one.")


class LinkUsed(LinkError):
    """It let somebody in already."""

    SAYS = _("This link was used already. Ask for a new one.")


class LinkExpired(LinkError):
    """Its time is over."""

    SAYS = _("This link has run out. Ask for a new one.")


class LinkReplaced(LinkExpired):
    """A newer one was sent to the same address."""

    SAYS = _("A newer link was sent after this one. Open the newest mail, or ask for a new one.")
