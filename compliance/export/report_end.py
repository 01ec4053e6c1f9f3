"""Who received something, and that the copy is complete: the last sections of the access report but one."""

from compliance.export.contents import Contents
from compliance.export.voice import Voice
from compliance.words import category, country
from imgpilot.language import marked as _
from imgpilot.purposes import PURPOSES
from imgpilot.ruler import PRINT, ruler_units
from reports.blocks import Block, Certificate, Fact
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
                        Stacked(say(each.processor.does), "; ".join(say(PURPOSES[key].name) for key in each.purposes)),
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
    if held.recipients is None:
        said = _(
            "The list of companies that received something about you is withheld; the summary says on which ground."
        )
        return Section(say(_("Who received it")), blocks, lede=say(said))
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
    tables = len(held.holdings) + len(held.empty) + len(held.withheld)
    reasons = dict.fromkeys(reason for _table, _column, reason in held.held_back)
    back = [f"{table.name}.{column}" for table, column, _reason in held.held_back]
    return Certificate(
        title=say(_("This copy leaves out a part")) if held.withheld else say(_("This copy is complete")),
        heading=say(_("Certificate")),
        listed=say(_("Certificate of what this copy leaves out"))
        if held.withheld
        else say(_("Certificate that this copy is complete")),
        statement=say(
            _(
                "All %(tables)s tables that can hold something of a person were asked, at one moment. %(full)s "
                "hold something of yours; %(empty)s hold nothing. All of it is in the package, save "
                "what stands here."
            ),
            tables=number(tables),
            full=number(len(held.holdings) + len(held.withheld)),
            empty=number(len(held.empty)),
        ),
        facts=[
            Fact(say(_("Counted (UTC)")), voice.moment(held.asked.now)),
            Fact(say(_("Items")), number(held.rows)),
            Fact(say(_("Pictures")), number(held.files)),
            *(Fact(say(_("Withheld")), _names(voice, held)) for _each in held.withheld[:1]),
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


def _names(voice: Voice, held: Contents) -> str:
    """What is withheld, each with the law that allows it."""
    return "; ".join(
        f"{voice.begin(each.holding.said.noun)} ({each.law})" if each.law else voice.begin(each.holding.said.noun)
        for each in held.withheld
    )


def _systems(voice: Voice, held: Contents) -> list[str]:
    return [voice.say(_("Database")), voice.say(_("Object store")), voice.say(_("Disclosure log"))]
