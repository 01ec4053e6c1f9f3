"""How the access report ends: who received it, that the copy is complete, and what the person can do."""

import config
from compliance.export.contents import Contents
from compliance.export.voice import Voice
from compliance.words import category, country
from imgpilot.language import marked as _
from imgpilot.purposes import PURPOSES
from imgpilot.ruler import PRINT, ruler_units
from reports.blocks import Block, Certificate, Fact, Text
from reports.document import Section
from reports.table import Column, Stacked, Table


def recipients(voice: Voice, held: Contents) -> Section:
    """Every company by name, its country, the safeguard, how long it keeps what it got (Art. 15(1)(c), 15(2))."""
    say = voice.say
    blocks: list[Block] = []
    if held.recipients:
        blocks.append(
            Table(
                [
                    Column(say(_("Company"))),
                    Column(say(_("What it does for us, and why"))),
                    Column(say(_("What it received"))),
                    Column(say(_("Times")), "number"),
                    Column(say(_("How long it keeps it"))),
                    Column(say(_("What protects it abroad")), "quiet"),
                ],
                [
                    [
                        Stacked(
                            say(each.processor.name),
                            country(each.processor.country, voice.language) or say(_("this machine")),
                        ),
                        Stacked(
                            say(each.processor.does), "; ".join(say(PURPOSES[key].name) for key in each.purposes)
                        ),
                        "; ".join(dict.fromkeys(voice.begin(category(key)) for key in each.categories)),
                        voice.number(each.times),
                        voice.begin(each.processor.keeps),
                        voice.begin(each.processor.transfer),
                    ]
                    for each in held.recipients
                ],
                footer=[say(_("All")), "", "", voice.number(held.times), "", ""],
                note=say(_("Each single time is in data/disclosure.csv, with the day and the amount.")),
            )
        )
    blocks.append(_complete(voice, held))
    lede = (
        _(
            "These are all the companies that received something about you, as our disclosure log has it. None "
            "may use it for anything else. We have never sold personal data."
        )
        if held.recipients
        else _("No company received anything about you. We have never sold personal data.")
    )
    return Section(say(_("Who received it")), blocks, lede=say(lede))


def _complete(voice: Voice, held: Contents) -> Certificate:
    say, number = voice.say, voice.number
    tables = len(held.holdings) + len(held.empty)
    reasons = dict.fromkeys(reason for _table, _column, reason in held.held_back)
    back = [f"{table.name}.{column}" for table, column, _reason in held.held_back]
    return Certificate(
        title=say(_("This copy is complete")),
        heading=say(_("Certificate")),
        listed=say(_("Certificate that this copy is complete")),
        statement=say(
            _(
                "All %(tables)s tables that can hold something of a person were asked, at one moment. %(full)s "
                "hold something of yours; %(empty)s hold nothing. All of it is in the package, save "
                "what stands here."
            ),
            tables=number(tables),
            full=number(len(held.holdings)),
            empty=number(len(held.empty)),
        ),
        facts=[
            Fact(say(_("Counted (UTC)")), voice.moment(held.asked.now)),
            Fact(say(_("Items")), number(held.rows)),
            Fact(say(_("Files")), number(sum(holding.objects for holding in held.holdings))),
            Fact(
                say(_("Held back")),
                f"{', '.join(back)}. {' '.join(say(reason) for reason in reasons)}" if back else say(_("Nothing")),
            ),
            Fact(
                say(_("Not packed again")),
                say(_("Earlier packages and certificates: they are copies of what is here.")),
            ),
            Fact(
                say(_("To check it")),
                say(_("manifest.json lists every file with its SHA-256; manifest.sig is our signature over it.")),
            ),
        ],
        svg=ruler_units(
            [voice.begin(name) for name in _systems(voice, held)], len(_systems(voice, held)), palette=PRINT
        ),
        svg_alt=say(_("All were asked: %(names)s"), names=", ".join(_systems(voice, held))),
    )


def _systems(voice: Voice, held: Contents) -> list[str]:
    return [voice.say(_("Database")), voice.say(_("Object store")), voice.say(_("Disclosure log"))]


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
