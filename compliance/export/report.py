"""The access report: for people, on paper. What is held, why, where from, who got it, how long, and her rights.

It answers GDPR Art. 15(1) and (2) point by point. It is bounded (the newest rows, a few pictures), and each table
says which file of the package has all of it.
"""

import io
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.orm import Session

import imgpilot
from compliance.export import report_end, report_kinds, report_rights, report_start
from compliance.export.contents import Contents
from compliance.export.voice import Voice
from imgpilot.language import marked as _
from imgpilot.parts import Parts
from reports.document import Document, Labels
from reports.pdf import render

#: Where set-up puts the fonts.
FONTS = Path(imgpilot.__file__).parent / "static" / "vendor" / "fonts"


COMPLETE = _(
    "A complete copy of your personal data at ImgPilot: why we have it, where it came from, who has received it, how "
    "long we keep it, and what you can do about it."
)
IN_PART = _(
    "A copy of your personal data at ImgPilot, but for the part that is named in the summary: why we have it, where it "
    "came from, who has received it, how long we keep it, and what you can do about it."
)


def access_report(parts: Parts, session: Session, connection: Connection, held: Contents) -> bytes:
    """The report as PDF/A-3a."""
    return printed(document(parts, session, connection, held))


def document(parts: Parts, session: Session, connection: Connection, held: Contents) -> Document:
    """The report before it has pages."""
    voice = Voice(held.asked.language)
    return Document(
        title=voice.say(_("What we hold\nabout you")),
        subtitle=voice.say(IN_PART if held.withheld else COMPLETE),
        lang=voice.language,
        running_foot=voice.say(
            _("Case %(case)s, made on %(day)s"), case=held.asked.case, day=voice.day(held.asked.now.date())
        ),
        labels=labels(voice),
        made_at=held.asked.now,
        cover=report_start.cover(voice, held),
        sections=[
            report_start.summary(voice, held),
            *report_kinds.sections(voice, report_kinds.Source(parts.storage, session, connection), held),
            report_end.recipients(voice, held),
            report_rights.rights(voice, held, parts.settings),
        ],
    )


def labels(voice: Voice) -> Labels:
    """The words on every page."""
    return Labels("ImgPilot", voice.say(_("Page {page} of {pages}")))


def printed(made: Document) -> bytes:
    """The PDF of a document."""
    out = io.BytesIO()
    render(made, fonts=FONTS, out=out)
    return out.getvalue()
