"""How the access report begins: the cover with the statutory clock, and the summary in numbers."""

from collections.abc import Iterator

from compliance.export import report_kinds
from compliance.export.contents import Contents
from compliance.export.voice import Voice
from imgpilot.language import marked as _
from imgpilot.ruler import Mark, ruler_print
from reports.blocks import Block, Fact, Figure, Figures, Note
from reports.blocks import Contents as TableOfContents
from reports.document import Cover, Section
from reports.table import Column, Table


def cover(voice: Voice, held: Contents) -> Cover:
    """Who asked when, what the law gives us, how far it is."""
    clock, asked = held.asked.clock, held.asked
    marks = [Mark(0, voice.short_day(clock.start), voice.say(_("You asked")))]
    if clock.done:
        marks.append(Mark(clock.done, voice.short_day(clock.today), voice.say(_("This report"))))
    marks.append(Mark(clock.total, voice.short_day(clock.end), voice.say(_("Legal deadline"))))
    return Cover(
        facts=[
            Fact(voice.say(_("Case")), asked.case),
            Fact(voice.say(_("Your right")), asked.law),
            Fact(
                voice.say(_("Held")),
                voice.say(
                    _("%(items)s items, %(kinds)s kinds"),
                    items=voice.number(held.rows),
                    kinds=voice.number(len(held.holdings)),
                ),
            ),
            Fact(voice.say(_("Counted (UTC)")), voice.moment(asked.now)),
        ],
        svg=ruler_print(clock.total, clock.done, marks, over=clock.over),
        svg_alt=voice.say(
            _("Day %(day)s of %(days)s. You asked on %(start)s; the legal deadline is %(end)s."),
            day=voice.number(clock.done + clock.over),
            days=voice.number(clock.total),
            start=voice.day(clock.start),
            end=voice.day(clock.end),
        ),
    )


def summary(voice: Voice, held: Contents) -> Section:
    """Everything at a glance, kind by kind."""
    say, number = voice.say, voice.number
    return Section(
        say(_("Summary")),
        lede=say(
            _(
                "On %(day)s we held %(all)s items about you. %(items)s of them, of %(kinds)s kinds, are here; "
                "the rest is withheld."
            )
            if held.withheld
            else _("On %(day)s we held %(items)s items about you, of %(kinds)s kinds."),
            all=number(held.rows + sum(each.holding.rows for each in held.withheld)),
            day=voice.day(held.asked.now.date()),
            items=number(held.rows),
            kinds=number(len(held.holdings)),
        ),
        blocks=[
            Figures(
                [
                    Figure(number(held.rows), say(_("items held"))),
                    Figure(number(held.files), say(_("pictures, all in the package"))),
                    *_sent(voice, held),
                ]
            ),
            Table(
                [
                    Column(say(_("Kind")), "strong"),
                    Column(say(_("Items")), "number"),
                    Column("", "bar"),
                    Column(say(_("Why we have it")), "quiet"),
                    Column(say(_("Kept")), "quiet"),
                ],
                [
                    [
                        voice.begin(holding.said.noun),
                        number(holding.rows),
                        holding.rows,
                        say(holding.purpose.name),
                        voice.begin(holding.said.kept.words),
                    ]
                    for holding in held.holdings
                ],
                footer=[say(_("All")), number(held.rows), "", "", ""],
            ),
            *_withheld(voice, held),
            *(report_kinds.disputed(voice, one) for one in held.said_by_her.otherwise),
            Note(
                say(
                    _(
                        "This report shows the newest of each kind. The package it came in holds all of it: "
                        "index.html to read, data/ for other programs, files/ with your pictures as they are."
                    )
                ),
                lead=say(_("Where the rest is.")),
            ),
            TableOfContents(say(_("In this report"))),
        ],
    )


def _sent(voice: Voice, held: Contents) -> Iterator[Figure]:
    """How much was sent to whom, if that is told."""
    if held.recipients is not None:
        yield Figure(voice.number(len(held.recipients)), voice.say(_("companies received something")))
        yield Figure(voice.number(held.times), voice.say(_("times something was sent, all listed")))


def _withheld(voice: Voice, held: Contents) -> Iterator[Block]:
    """What is held and not handed out, on which ground of which law (GDPR 12(4), 11 CCR 7024)."""
    if held.withheld:
        yield Table(
            [
                Column(voice.say(_("Withheld")), "strong"),
                Column(voice.say(_("Items")), "number"),
                Column(voice.say(_("Why"))),
                Column(voice.say(_("Law")), "quiet"),
            ],
            [
                [
                    voice.begin(each.holding.said.noun),
                    voice.number(each.holding.rows),
                    voice.say(each.words),
                    each.law,
                ]
                for each in held.withheld
            ],
            title=voice.say(_("What we withhold, and why")),
            note=voice.say(
                _("We hold this about you and do not hand it out. You can have that checked: see “Your rights”.")
            ),
        )
