"""The work around a decision."""

from compliance.console import doing, offering
from compliance.console.deed import ACCOUNT, WORK, Deed, Field
from compliance.requests.kinds import Kind, State
from compliance.requests.moves import Move
from imgpilot.language import marked as _

WORKED = (
    Deed(
        "acknowledge",
        WORK,
        _("Confirm receipt now"),
        _("The person gets the letter that says we have the request, and by when it is answered."),
        _("Receipt is being confirmed."),
        doing.acknowledge,
        Move.ACKNOWLEDGE,
        when=lambda case: (
            case.request.acknowledged_at is None
            and case.request.contact is not None
            and case.request.state != State.PROVING
            and not any(step.name == "tell acknowledgement" and step.state != "dropped" for step in case.steps)
        ),
    ),
    Deed(
        "ask",
        WORK,
        _("Ask for more"),
        _("The letter says what we need to know who asks, and no more. The clock stands where the law lets it."),
        _("Asked. The letter is on its way."),
        doing.ask_more,
        Move.ASK_PROOF,
        (Field("what", _("What we need"), "choice", _("No more than needed (GDPR 12(6))."), choices=offering.asks),),
        letter="more",
        when=lambda case: case.request.contact is not None and case.request.kind != Kind.OPT_OUT,
    ),
    Deed(
        "compare",
        WORK,
        _("Compare answers"),
        _("You learn how many of the three are right, never which, and never what is. Three times at most."),
        _("Compared. The timeline says how many answers match."),
        doing.compare,
        fields=(
            Field("made", _("In which month was the account made?"), "line", _("As 2026-05."), optional=True),
            Field("model", _("Which model was used last?"), "choice", choices=offering.answers("model")),
            Field("pictures", _("About how many pictures are in it?"), "choice", choices=offering.answers("pictures")),
            ACCOUNT,
        ),
        when=lambda case: case.request.state == State.PROVING,
    ),
    Deed(
        "pause",
        WORK,
        _("Stop the clock"),
        _("Only for a reason that the law knows. The deadline moves by the days it stands."),
        _("The clock stands."),
        doing.pause,
        Move.PAUSE,
        (Field("reason", _("What we wait for"), "choice", choices=offering.reasons_to_pause),),
        when=lambda case: case.request.paused_on is None and bool(offering.reasons_to_pause(case)),
    ),
    Deed(
        "resume",
        WORK,
        _("Let the clock run"),
        _("The deadline moves by the days the clock stood."),
        _("The clock runs again."),
        doing.resume,
        Move.RESUME,
        when=lambda case: case.request.paused_on is not None,
    ),
    Deed(
        "merge",
        WORK,
        _("Merge with another case"),
        _("This one is closed; the other goes on with the earlier of the clocks. Both must be of one person."),
        _("Merged. The other case goes on."),
        doing.merge,
        Move.MERGE,
        (Field("into", _("Number of the case that goes on"), "line", help=_("As IP-2026-0412.")),),
        danger=True,
    ),
    Deed(
        "withdraw",
        WORK,
        _("Withdraw for the person"),
        _("The request is closed and nothing is carried out. The person gets a letter that says so."),
        _("Withdrawn. The person gets a letter."),
        doing.withdraw,
        Move.WITHDRAW,
        (Field("reason", _("How and when the person said so"), help=_("It is kept as a comment.")),),
        danger=True,
    ),
    Deed(
        "appeal",
        WORK,
        _("Record an appeal"),
        _("Somebody who did not decide it looks again, by a clock of its own."),
        _("The appeal is recorded. Somebody who did not decide judges it."),
        doing.appeal,
        Move.APPEAL,
        (Field("words", _("What the person says"), help=_("In their words, as they came.")),),
        when=lambda case: case.request.outcome in ("refused", "partial"),
    ),
)
