"""What can be asked for here, in the person's words: what happens, what does not, and what each kind needs to know."""

from dataclasses import dataclass

from compliance.requests.kinds import Kind
from imgpilot.language import marked as _


@dataclass(frozen=True)
class Offer:
    """One right, as the page that asks for it says it. All texts are marked for translation."""

    title: str
    #: On the centre, in one line.
    short: str
    sign: str
    #: What happens, in order.
    happens: tuple[str, ...]
    #: What it does not do: so that nobody asks for the wrong thing.
    not_so: tuple[str, ...]
    button: str
    #: Whether they prove once more that it is them (11 CCR 7061): it shows or changes everything.
    fresh: bool = False
    danger: bool = False


_CHECKED = _("A person checks what was found. You need do nothing.")

OFFERS: dict[Kind, Offer] = {
    Kind.ACCESS: Offer(
        _("Get a copy of your data"),
        _("A PDF you can read, your pictures, and files you can move elsewhere. Usually ready in a day."),
        "file-down",
        (
            _("We count and collect everything we hold about you."),
            _CHECKED,
            _("You get one ZIP file: pages to read, a PDF report, your pictures, and the data as JSON and CSV."),
            _("It is encrypted and stays here for 14 days. We write to you when it is ready; it never goes by mail."),
        ),
        (_("Nothing is changed or deleted."), _("Nothing of anybody else is in it.")),
        _("Ask for my copy"),
        fresh=True,
    ),
    Kind.PORTABILITY: Offer(
        _("Take your data to another service"),
        _("What you gave us and what you made, in files that other services can read."),
        "package-open",
        (
            _("We collect what you gave us and what came from your use of the service: prompts, pictures, settings."),
            _CHECKED,
            _("You get one ZIP file with JSON and CSV, a description of every field, and your pictures."),
        ),
        (
            _("Our own records are not in it. To see everything, ask for a copy instead."),
            _("Your account stays as it is."),
        ),
        _("Ask for the files"),
        fresh=True,
    ),
    Kind.DELETION: Offer(
        _("Delete your account and everything in it"),
        _("Your account and all that is in it. You get a certificate of what went and what the law makes us keep."),
        "trash-2",
        (
            _("We count what would go and what the law makes us keep, and a person checks the list."),
            _("Then your account is closed. If you want time to change your mind, you can still sign in and keep it."),
            _("Everything is erased: rows, pictures, copies. We tell every company that received something about you."),
            _("You get a certificate that says what went, what stayed and why."),
        ),
        (
            _("Once it is erased we cannot bring it back. Ask for a copy first if you want one."),
            _("Nothing is deleted before a person has checked the list."),
        ),
        _("Ask for deletion"),
        fresh=True,
        danger=True,
    ),
    Kind.CORRECTION: Offer(
        _("Correct something"),
        _("A wrong address, or anything else that is not right. We change it everywhere it lies."),
        "square-pen",
        (
            _("You say what is wrong and what would be right."),
            _CHECKED,
            _("We change it everywhere it lies and tell the companies that received it."),
            _("If we do not agree, you hear why, and what you say stands beside it from then on."),
        ),
        (
            _("Language and appearance you can change yourself, at once, in the privacy centre."),
            _("A new e-mail address is confirmed by a link we mail there. Until then the old one stays."),
        ),
        _("Ask for the correction"),
        fresh=True,
    ),
    Kind.RESTRICTION: Offer(
        _("Restrict what we do with your data"),
        _("Your data stays where it is, and we do nothing else with it until you say so."),
        "lock",
        (
            _("A person checks that one of the four reasons of the law applies."),
            _("From then on your data is only stored: no pictures are made, nothing expires, no mail but about this."),
            _("You can end it yourself at any time. Before we end it we tell you."),
        ),
        (_("Nothing is deleted."), _("While it stands you cannot make pictures.")),
        _("Ask for the restriction"),
    ),
    Kind.OBJECTION: Offer(
        _("Object to what we do with your data"),
        _("We stop it while we look at your objection. You get our answer in writing."),
        "hand",
        (
            _("It stops at once, while we look at your objection."),
            _("A person weighs it, and you get our answer as a letter."),
            _("If you are right, it stays stopped."),
        ),
        (
            _("It is about what we do in our own interest. What the service itself needs goes on."),
            _("You can also just switch it off under “Your choices”, without a letter."),
        ),
        _("Send my objection"),
    ),
    Kind.CONSENT_WITHDRAWAL: Offer(
        _("Withdraw a consent"),
        _("It counts at once. You get a letter that says so."),
        "undo-2",
        (_("It ends at once, and nobody has to decide it."), _("You get a letter that says so.")),
        (
            _("What was done before stays lawful."),
            _("You can also just switch it off under “Your choices”, without a letter."),
        ),
        _("Withdraw my consent"),
    ),
    Kind.OPT_OUT: Offer(
        _("Opt out of sale, sharing or sensitive use"),
        _("It counts at once, without any proof of who you are. You get a letter that says so."),
        "ban",
        (_("It counts at once. You need not prove anything."), _("You get a letter that says so.")),
        (
            _("We do not sell or share your data today. This makes it your choice, whatever we might do later."),
            _("Nothing about your account or your prices changes."),
        ),
        _("Opt out"),
    ),
}

#: What a request of some kinds is about, as the person reads it when choosing: (words, note).
ABOUT: dict[Kind, dict[str, tuple[str, str]]] = {
    Kind.CORRECTION: {
        "email": (_("My e-mail address"), _("It is changed everywhere, once the new one is confirmed.")),
        "other": (_("Something else"), _("Say what is wrong and what would be right.")),
    },
    Kind.RESTRICTION: {
        "accuracy": (_("Something in it is wrong"), _("It stands still until that is checked.")),
        "unlawful": (_("You should not have it, but do not delete it"), ""),
        "claims": (_("You no longer need it, but I do, for a legal claim"), ""),
        "objection": (_("I objected, and that is not decided yet"), ""),
    },
    Kind.OBJECTION: {
        "statistics": (
            _("Counting what is used"),
            _("We count how often each model is used, over everybody, to improve the service."),
        ),
    },
    Kind.CONSENT_WITHDRAWAL: {"news": (_("News about ImgPilot by e-mail"), "")},
    Kind.OPT_OUT: {
        "sale-sharing": (_("Do not sell or share my personal information"), ""),
        "sensitive": (_("Limit the use of my sensitive personal information"), ""),
    },
}
