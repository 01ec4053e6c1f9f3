"""The last section of the access report: what the person can do about all this, and how (GDPR Art. 15(1)(e), (f))."""

import config
from compliance.export.voice import Voice
from imgpilot.language import marked as _
from reports.blocks import Text
from reports.document import Section
from reports.table import Column, Table

#: What a person can ask for, what it does, and the article it stands on (GDPR unless it says otherwise).
RIGHTS = (
    (_("Correct"), _("If something is wrong or missing, we correct it and tell those who received it."), "16, 19"),
    (
        _("Delete"),
        _(
            "Your account and everything in it goes. You get a certificate of what went, and of what the law "
            "makes us keep."
        ),
        "17, 19",
    ),
    (
        _("Restrict"),
        _("While it is disputed whether something is right or lawful, we keep it without using it."),
        "18",
    ),
    (
        _("Take it with you"),
        _("The files in data/ are yours to hand to another service: they are in formats that programs read."),
        "20",
    ),
    (
        _("Object"),
        _("We stop what we do on the ground of our legitimate interest, unless we can show a stronger reason."),
        "21",
    ),
    (
        _("Withdraw consent"),
        _("What you agreed to you can take back at any time; what was done until then stays lawful."),
        "7(3)",
    ),
    (
        _("No decision by machine alone"),
        _("We make none about you that has legal or similarly serious effects."),
        "22",
    ),
    (
        _("Complain"),
        _(
            "At any time, to the data protection authority where you live or work, or where you think something "
            "went wrong. You do not need our permission. You can also go to court."
        ),
        "77, 79",
    ),
)


def rights(voice: Voice, settings: config.Settings) -> Section:
    """What the person can do, and how (Art. 15(1)(e) and (f))."""
    say = voice.say
    return Section(
        say(_("Your rights")),
        lede=say(
            _("Each of these costs nothing. Ask in your privacy centre, %(place)s, or by e-mail to %(contact)s."),
            place=f"{settings.site_url}/privacy",
            contact=config.CONTACT,
        ),
        blocks=[
            Table(
                [
                    Column(say(_("You can")), "strong"),
                    Column(say(_("What it means"))),
                    Column("GDPR", "quiet", nowrap=True),
                ],
                [[say(title), say(text), article] for title, text, article in RIGHTS],
                note=say(
                    _(
                        "In California you have the same rights to know, correct and delete under Cal. Civ. Code "
                        "1798.100 to 1798.121, and are not treated worse for using them."
                    )
                ),
            ),
            Text(
                say(
                    _(
                        "Tell us first if you like: a person will read it, at %(contact)s. A complaint to the "
                        "authority costs nothing."
                    ),
                    contact=config.CONTACT,
                ),
                title=say(_("If something is wrong")),
            ),
        ],
    )
