"""What can go wrong on the way in, as one tree. No text holds an address or a link.

AccountError
├── BadAddress        this is no address that mail can reach; may know the address that was meant
├── TooManyLinks      the address was sent several links just now
├── TooManyAsks       one client asked for many links just now
├── AccountFrozen     the account is being deleted
├── GoogleError       the way through Google does not lead in
│   ├── GoogleAway    it does not answer
│   ├── GoogleDenied  it was called off, or does not fit
│   ├── GoogleUnsure  Google does not vouch for the address
│   ├── GoogleTaken   one of the two is linked already
│   └── GoogleOther   it is another account of Google's than the linked one
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


class TooManyAsks(AccountError):
    """Many links were asked for from one place, whatever the addresses."""

    status = 429
    SAYS = _("Many links were asked for from where you are. Ask again in %(minutes)s minutes.")


class GoogleError(AccountError):
    """The way through Google does not lead in."""


class GoogleAway(GoogleError):
    """Google does not answer, or not as agreed."""

    status = 503
    SAYS = _("Google does not answer at the moment. Nothing was changed. Try again later, or use a link by mail.")


class GoogleDenied(GoogleError):
    """The person called it off there, or what came back does not fit what we asked."""

    SAYS = _("The sign-in with Google was not finished. Nothing was changed. Begin it again, or use a link by mail.")


class GoogleUnsure(GoogleError):
    """Google does not vouch for the address, so it neither opens an account nor makes one."""

    status = 403
    SAYS = _(
        "Google does not confirm that this e-mail address is yours now. Sign in with a link by mail; after that you "
        "can link Google on your account page."
    )


class GoogleTaken(GoogleError):
    """This account of Google's is somebody else's here, or this account has another one of Google's."""

    status = 409
    SAYS = _("This Google account cannot be linked: one of the two is linked already. Unlink that first.")


class GoogleOther(GoogleError):
    """It proves that somebody is there, and not that it is the person."""

    status = 403
    SAYS = _("That was not the Google account that is linked here. Nothing was proved.")


class GoogleNotAnew(GoogleError):
    """It is the linked account, and Google does not say that the person signed in there just now."""

    status = 403
    SAYS = _(
        "Google does not say that you signed in there just now, so nothing was proved. "
        "A link by mail proves it: have one sent to you."
    )
