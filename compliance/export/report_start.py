"""How the access report begins: the cover with the statutory clock, and the summary in numbers."""

from compliance.export.contents import Contents
from compliance.export.voice import Voice
from imgpilot.language import marked as _
from imgpilot.ruler import Mark, ruler_print
from reports.blocks import Contents as TableOfContents
from reports.blocks import Fact, Figure, Figures, Note
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
            _("On %(day)s we held %(items)s items about you, of %(kinds)s kinds."),
            day=voice.day(held.asked.now.date()),
            items=number(held.rows),
            kinds=number(len(held.holdings)),
        ),
        blocks=[
            Figures(
                [
                    Figure(number(held.rows), say(_("items held"))),
                    Figure(number(held.files), say(_("pictures, all in the package"))),
                    Figure(number(len(held.recipients)), say(_("companies received something"))),
                    Figure(number(held.times), say(_("times something was sent, all listed"))),
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
