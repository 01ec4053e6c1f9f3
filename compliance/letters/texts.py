"""What our letters about requests say: for each kind of letter its subject and its paragraphs, as data.

`{case}` and the like are placeholders (PLACEHOLDERS says what each stands for). A paragraph with a placeholder that
has nothing to say is left out. A line that begins with "– " is a point of a list. A paragraph `{link}` is the button;
without it the button stands at the end. What follows the text (rights, authority, case number) is no part of it.
"""

from dataclasses import dataclass

from imgpilot.language import marked as _
from imgpilot.language import translate

#: What each placeholder stands for.
PLACEHOLDERS = {
    "case": _("the case number"),
    "what": _("what was asked for: “a copy of your data”"),
    "received": _("the day on which we got the request"),
    "due": _("the day by which we answer"),
    "when": _("a sentence that says by when we answer, also when that day is over"),
    "contact": _("our address"),
    "law": _("the article that gives the right, or the name of the law"),
    "asked": _("a sentence that says who asked for what, and when"),
    "next": _("a sentence that says what happens now"),
    "proof": _("a sentence that says how we know who asks"),
    "clock": _("a sentence that says whether the time for the answer stands still"),
    "allows": _("the article that allows the longer time"),
    "parts": _("the list of what was not granted, each part with its ground and law"),
    "days": _("how many days a package can be fetched"),
    "told": _("a sentence that names the companies that were told, and those that could not be"),
    "change": _("a sentence that says what is about to be corrected"),
    "changed": _("a sentence that says what was corrected"),
    "about": _("what was objected to, withdrawn or opted out of"),
    "kept": _("a sentence that says how the choice of somebody without an account is kept"),
    "ground": _("the ground of the refusal, with its law"),
    "stands": _("a sentence that says how things stand now"),
    "until": _("the moment until which a deletion can be taken back"),
    "reason": _("the reasons, in the officer’s words"),
    "needed": _("what we need and what for, in the officer’s words"),
    "link": _("the button; for somebody without an account, the link that proves the address"),
}
#: Known in every letter.
EVERYWHERE = ("case", "what", "received", "due", "when", "contact", "law", "link")
#: What a subject may name: it is read over shoulders and on locked screens.
IN_SUBJECT = ("case", "due", "received", "until")


@dataclass(frozen=True)
class Text:
    """One kind of letter. `title` is what staff call it."""

    title: str
    subject: str
    paragraphs: tuple[str, ...]
    #: Placeholders that this kind knows besides those of EVERYWHERE.
    also: tuple[str, ...] = ()
    #: Those that no text of this kind may leave out: without them the letter would not be what the law asks for.
    needs: tuple[str, ...] = ()
    #: Those of which only whoever writes the letter knows the value; it cannot go out while they are open.
    open: tuple[str, ...] = ()

    @property
    def knows(self) -> tuple[str, ...]:
        """Every placeholder that can stand in it."""
        return (*EVERYWHERE, *self.also)


_NOT_YOU = _("If it was not you who asked, write to {contact} at once and give the number {case}.")
_FETCH = _(
    "Sign in to fetch it. So that nobody else can, we ask you to prove once more that it is you. It is there for "
    "{days} days, then we delete it."
)
_CERTIFICATE = _(
    "The certificate that comes with this letter says what went, what a law makes us keep and for how long, and that "
    "we searched everything again afterwards."
)
_RECORD = _("We keep a record that this was asked and done, as the law wants. It does not say by whom.")
_LAST = _("This is our last message. When it is sent we delete your e-mail address from the request too.")

TEXTS = {
    "acknowledgement": Text(
        _("Receipt is confirmed"),
        _("We have your request {case}"),
        (
            _("You asked for {what}. We received this on {received}."),
            "{next}",
            "{proof}",
            _NOT_YOU,
        ),
        also=("next", "proof"),
        needs=("next",),
    ),
    "confirm": Text(
        _("Was it you who asked?"),
        _("Was it you who asked? {case}"),
        (
            "{asked}",
            _(
                "Say on this page whether that was you. Until then we do nothing, and we have told nobody whether we "
                "hold anything."
            ),
            "{link}",
            _("The link works once, for 7 days. If it was not you, say so there, or do nothing: then nothing happens."),
        ),
        also=("asked",),
        needs=("asked",),
    ),
    "more": Text(
        _("We need more"),
        _("We need one more thing for your request {case}"),
        (
            _("You asked for {what}. Before we can do that, we need this:"),
            "{needed}",
            "{link}",
            _(
                "We need no more than that. What you show us to prove who you are is destroyed as soon as we have "
                "looked at it."
            ),
            "{clock}",
        ),
        also=("needed", "clock"),
        needs=("needed",),
        open=("needed",),
    ),
    "extension": Text(
        _("The answer takes longer"),
        _("We need more time for your request {case}"),
        (
            _("You asked for {what}, on {received}. It takes us longer than usual, for this reason:"),
            "{reason}",
            _("You have our answer on {due} at the latest. The law lets us extend once ({allows}), not again."),
            _("There is nothing that you need to do."),
        ),
        also=("reason", "allows"),
        needs=("reason", "due"),
        open=("reason",),
    ),
    "ready": Text(
        _("The copy is ready"),
        _("Your data is ready: {case}"),
        (
            _(
                "Everything we hold about you is in one file: pages to read, a PDF report, your pictures, and the "
                "data in a form that programs can read."
            ),
            _FETCH,
        ),
        also=("days",),
    ),
    "ready in part": Text(
        _("The copy is ready, in part"),
        _("Your data is ready, but for a part of it: {case}"),
        (
            _(
                "What we hold about you is in one file: pages to read, a PDF report, your pictures, and the data in a "
                "form that programs can read. This is not in it:"
            ),
            "{parts}",
            _FETCH,
        ),
        also=("days", "parts"),
        needs=("parts",),
    ),
    "portable": Text(
        _("The portable copy is ready"),
        _("Your data for another service is ready: {case}"),
        (
            _(
                "What you gave us, and what came about when you used ImgPilot, is in one file: your pictures, and the "
                "data as JSON and CSV, which other services can read. What we worked out ourselves is not in it; "
                "if you want that too, ask for a copy of your data."
            ),
            _FETCH,
        ),
        also=("days",),
    ),
    "portable in part": Text(
        _("The portable copy is ready, in part"),
        _("Your data for another service is ready, but for a part of it: {case}"),
        (
            _(
                "What you gave us, and what came about when you used ImgPilot, is in one file: your pictures, and the "
                "data as JSON and CSV, which other services can read. This is not in it:"
            ),
            "{parts}",
            _FETCH,
        ),
        also=("days", "parts"),
        needs=("parts",),
    ),
    "erased": Text(
        _("Everything is deleted"),
        _("Your data is deleted: {case}"),
        (_("Your account and everything in it is deleted."), _CERTIFICATE, "{told}", _RECORD, _LAST),
        also=("told",),
    ),
    "erased in part": Text(
        _("It is deleted, in part"),
        _("Your data is deleted, but for a part of it: {case}"),
        (
            _("Your account is closed, and what we may delete is deleted. This is kept, and used for nothing else:"),
            "{parts}",
            _CERTIFICATE,
            "{told}",
            _LAST,
        ),
        also=("told", "parts"),
        needs=("parts",),
    ),
    "changing": Text(
        _("A correction is about to be made"),
        _("We are about to correct your data: {case}"),
        (
            _("You asked for {what}, on {received}."),
            "{change}",
            _(
                "If you do not want this, write to {contact} at once and give the number {case}. If it is done by "
                "then, we put it back."
            ),
        ),
        also=("change",),
        needs=("change",),
    ),
    "corrected": Text(
        _("It is corrected"),
        _("Your data is corrected: {case}"),
        ("{changed}", "{told}"),
        also=("changed", "told"),
        needs=("changed",),
    ),
    "restricted": Text(
        _("It is restricted"),
        _("Your data is restricted: {case}"),
        (
            _(
                "From now on we store your data and do nothing else with it. No pictures are made, nothing is "
                "counted, nothing runs out, and you get no mail but about your requests and for signing in."
            ),
            _(
                "We tell you before it ends. You can end it yourself at any time in the privacy centre; then "
                "everything goes on as before."
            ),
            "{told}",
        ),
        also=("told",),
    ),
    "stopped": Text(
        _("It is stopped"),
        _("Your objection counts: {case}"),
        (
            _("You objected to this: {about}. We have stopped it for you, and do not begin again unless you say so."),
            _("You can say so in the privacy centre, whenever you like."),
        ),
        also=("about",),
        needs=("about",),
    ),
    "consent withdrawn": Text(
        _("The consent is withdrawn"),
        _("Your consent is withdrawn: {case}"),
        (
            _("You withdrew your consent to this: {about}. It does not count any more."),
            _("What we did with it before stays lawful. You can give it again in the privacy centre."),
        ),
        also=("about",),
        needs=("about",),
    ),
    "opted out": Text(
        _("The opt-out is honored"),
        _("Opt-Out Request Honored: {case}"),
        (
            _("Opt-Out Request Honored. You opted out of this: {about}."),
            _("It counts from now on, until you say otherwise. We do not ask you to change your mind."),
            "{kept}",
        ),
        also=("about", "kept"),
        needs=("about",),
    ),
    "refusal": Text(
        _("It is refused"),
        _("Our answer to your request {case}"),
        (
            _("You asked for {what}. We are not doing that."),
            "{ground}",
            "{reason}",
            "{stands}",
        ),
        also=("ground", "reason", "stands"),
        needs=("ground", "reason"),
    ),
    "withdrawal": Text(
        _("It is taken back"),
        _("Your request {case} is taken back"),
        (
            _("You asked for {what}, and the request was taken back. We stop here."),
            "{stands}",
            _("You can ask again at any time. If it was not you who took it back, write to {contact}."),
        ),
        also=("stands",),
    ),
    "cooling": Text(
        _("It can still be taken back"),
        _("Your account is about to be deleted: {case}"),
        (
            _("Your request is approved: your account is closed now, and we delete it with everything in it."),
            _(
                "You can take that back until {until}: sign in and say there that you keep your account, or write to "
                "{contact}. Afterwards nobody can bring it back, not even we."
            ),
        ),
        also=("until",),
        needs=("until",),
    ),
    "appeal received": Text(
        _("The appeal is confirmed"),
        _("We have your appeal: {case}"),
        (
            _("You asked for {what} and do not accept our answer. Somebody who did not decide it looks at it again."),
            _("You have the decision, with its reasons, by {due}. There is nothing you need to do until then."),
        ),
        needs=("due",),
    ),
    "appeal upheld": Text(
        _("The appeal succeeded"),
        _("Your appeal succeeded: {case}"),
        (
            _("We looked again at what we answered when you asked for {what}. You were right."),
            _("We work on it again from the beginning. {when}"),
        ),
    ),
    "appeal denied": Text(
        _("The appeal failed"),
        _("Our decision on your appeal: {case}"),
        (
            _(
                "Somebody who had not decided it before looked again at what we answered when you asked for {what}. "
                "The answer stays as it is, for this reason:"
            ),
            "{reason}",
            _("We do not look at it a third time. Below stands who can: somebody who is not us."),
        ),
        also=("reason",),
        needs=("reason",),
    ),
    "reopened": Text(
        _("It is opened again"),
        _("We look at your request {case} again"),
        (
            _("You asked for {what}. That was closed, and we have seen that it needs another look:"),
            "{reason}",
            _("There is nothing that you need to do. {when}"),
        ),
        also=("reason",),
        needs=("reason",),
        open=("reason",),
    ),
    "lifting": Text(
        _("A restriction will end"),
        _("The restriction of your data will end: {case}"),
        (
            _("You asked for {what}, and so it is until now. This will end soon, and not before you had this letter."),
            "{reason}",
            _("Then your data is used as before: for your pictures, and for what you allow in the privacy centre."),
            _("If you do not want that, write to {contact} now and give the number {case}."),
        ),
        also=("reason",),
    ),
}

#: Letters that say it in part, where part was not granted.
IN_PART = {"ready": "ready in part", "portable": "portable in part", "erased": "erased in part"}


def ours(kind: str, language: str) -> tuple[str, str]:
    """Our own subject and body of this kind in that language, with their placeholders."""
    text = TEXTS[kind]
    return translate(language, text.subject), "\n\n".join(translate(language, each) for each in text.paragraphs)
