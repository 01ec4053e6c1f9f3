"""What the second pair of eyes decides."""

from compliance.console import doing
from compliance.console.deed import DIGEST, SECOND, WHY, Deed, Field
from compliance.requests.moves import Move
from imgpilot.language import marked as _

SECONDED = (
    Deed(
        "confirm",
        SECOND,
        _("Agree, and carry it out"),
        _("Yours is the second of two decisions. It is carried out as it stands in the plan you saw."),
        _("Agreed. It is being carried out."),
        doing.confirm,
        Move.CONFIRM,
        (DIGEST,),
        danger=True,
        tally=True,
        fresh_eyes=True,
    ),
    Deed(
        "send-back",
        SECOND,
        _("Send back"),
        _("The plan goes back to be checked; what you write is a comment that calls whoever proposed it."),
        _("Sent back, with your comment."),
        doing.send_back,
        Move.SEND_BACK,
        (Field("reason", _("What should be looked at again"), help=_("Colleagues read it; the person does not.")),),
    ),
    Deed(
        "uphold",
        SECOND,
        _("The appeal is right"),
        _("The request is worked on again from its count, and decided by somebody else than before."),
        _("The appeal succeeded. Everything is being counted again."),
        doing.uphold,
        Move.UPHOLD,
        letter="appeal upheld",
        fresh_eyes=True,
    ),
    Deed(
        "deny",
        SECOND,
        _("The appeal fails"),
        _("The letter says why, and which authority can look at it now."),
        _("The appeal failed. The letter with your reasons is on its way."),
        doing.deny,
        Move.DENY,
        (Field("reason", _("Why the answer stands"), help=WHY),),
        letter="appeal denied",
        danger=True,
        fresh_eyes=True,
    ),
)
