"""Whole documents to try the PDF with: an access report in two languages, and a certificate of erasure."""

import io
from datetime import UTC, datetime

from PIL import Image

from imgpilot.ruler import PRINT, Mark, ruler_print, ruler_units
from reports.blocks import (
    Certificate,
    Contents,
    Fact,
    Facts,
    Figure,
    Figures,
    Note,
    Picture,
    Pictures,
    Text,
)
from reports.document import Cover, Document, Labels, Section
from reports.table import Column, Stacked, Table

ENGLISH = Labels(brand="ImgPilot", page="Page {page} of {pages}")
CHINESE = Labels(brand="ImgPilot", page="第 {page} 页，共 {pages} 页")
MADE = datetime(2026, 11, 23, 13, 52, tzinfo=UTC)
FINGERPRINT = "9f2c41d807abe35c6610b7f48e2d5a93c04e1d7f92b638aaf15064ce7b0de281"

_PROMPTS = [
    ("Spruce trunks in morning fog", "21 Nov 2026, 14:05"),
    ("Two pears and a plum on a white plate", "19 Nov 2026, 09:22"),
    ("Mirror lake, cold evening, oil on board", "12 Nov 2026, 18:40"),
    ("Ridges at first light, low mist", "22 Nov 2026, 14:32"),
    ("Herbarium sheet, ink on old paper", "3 Nov 2026, 11:02"),
    ("一片墨绿色的海，短促的笔触", "1 Nov 2026, 20:11"),
]


def thumbnail(shade: int = 0) -> bytes:
    """A small JPEG with a slope of colour."""
    picture = Image.linear_gradient("L").resize((420, 280)).convert("RGB")
    tinted = Image.blend(picture, Image.new("RGB", picture.size, (20 + shade * 35, 90, 140)), 0.6)
    out = io.BytesIO()
    tinted.save(out, "JPEG", quality=80)
    return out.getvalue()


def access_report(thumbnails: list[bytes] | None = None) -> Document:
    """What Ana gets when she asks for a copy."""
    small = thumbnails or [thumbnail(shade) for shade in range(6)]
    scale = ruler_print(
        30,
        20,
        [
            Mark(0, "3 Nov", "You asked"),
            Mark(6, "9 Nov", "Identity confirmed"),
            Mark(20, "23 Nov", "This report"),
            Mark(30, "3 Dec", "Legal deadline"),
        ],
    )
    systems = ["Accounts", "Pictures", "Prompts", "Payments", "E-mail", "Safety", "Backups"]
    return Document(
        title="What we hold\nabout you, Ana",
        lang="en",
        subtitle="A complete copy of your personal data at ImgPilot, why we have it, who has received it, "
        "and what you can do about it.",
        running_foot="Case IP-2026-0413, prepared for Ana on 23 November 2026",
        labels=ENGLISH,
        made_at=MADE,
        cover=Cover(
            facts=[
                Fact("Case", "IP-2026-0413"),
                Fact("Your right", "GDPR, Article 15"),
                Fact("Items", "492 in 8 kinds"),
                Fact("Counted", "23 Nov 2026, 14:40"),
            ],
            svg=scale,
            svg_alt="Day 20 of 30. You asked on 3 November; the legal deadline is 3 December.",
        ),
        sections=[
            Section(
                "Summary",
                lede="On 23 November 2026 we held 492 items about you. Nearly all of them are pictures you made "
                "and the prompts you wrote. Three companies have received some of them, each time to do something "
                "you asked for.",
                blocks=[
                    Figures(
                        [
                            Figure("492", "items, in 8 kinds"),
                            Figure("3", "companies received some"),
                            Figure("61", "disclosures, all listed"),
                            Figure("0", "decisions by machine alone"),
                        ]
                    ),
                    Table(
                        [
                            Column("Kind", "strong", nowrap=True),
                            Column("Items", "number"),
                            Column("", "bar"),
                            Column("Why we have it", "quiet"),
                            Column("Kept", "quiet"),
                        ],
                        [
                            [
                                "Pictures you made",
                                "186",
                                186,
                                "To show you your own work",
                                "Until you delete them",
                            ],
                            ["Prompts", "203", 203, "To show how each was made", "With their pictures"],
                            ["Reference pictures", "12", 12, "To guide your pictures", "30 days each"],
                            ["Shared links", "9", 9, "Pages you made public", "Until you switch them off"],
                            [
                                "Account and sign-ins",
                                "65",
                                65,
                                "To let you in, to spot misuse",
                                "90 days for sign-ins",
                            ],
                            ["Payments", "14", 14, "Tax law", "7 years"],
                            ["Safety decisions", "2", 2, "So that you can appeal", "6 months"],
                            ["Privacy log", "1", 1, "Proof of what we did", "3 years"],
                        ],
                        footer=["All", "492", "", "", ""],
                    ),
                    Note(
                        "Ask us to correct or delete any of this, or to stop using it, in your privacy centre or "
                        "by answering the e-mail that brought this report. You can also complain to your data "
                        "protection authority; the last page says how.",
                        lead="What you can do next.",
                    ),
                    Contents("In this report"),
                ],
            ),
            Section(
                "Pictures you made",
                listed="Pictures you made, with the newest shown",
                lede="186 pictures made between 14 May 2024 and 22 November 2026. Each is kept until you delete "
                "it. The full-size files came with this report.",
                blocks=[
                    Facts(
                        [
                            Fact("Why we have them", "To show you your own work. Contract, Article 6(1)(b)"),
                            Fact("Where they came from", "Made here, from your prompts"),
                            Fact("Who received them", "Nobody, except 9 you shared by link"),
                            Fact("Kept", "Until you delete them, then 30 days in backups"),
                        ]
                    ),
                    Pictures(
                        [
                            Picture(data, f"Picture made from: {prompt}", prompt, made)
                            for data, (prompt, made) in zip(small, _PROMPTS, strict=True)
                        ]
                    ),
                    Table(
                        [
                            Column("No.", "quiet", nowrap=True),
                            Column("Made", "quiet", nowrap=True),
                            Column("Prompt"),
                            Column("Model", "quiet", nowrap=True),
                            Column("Shared", "quiet"),
                        ],
                        [
                            [f"P-{186 - place}", made, prompt, "Meridian 3", "No" if place % 3 else "Yes"]
                            for place, (prompt, made) in enumerate(_PROMPTS)
                        ],
                        title="The newest six of 186",
                        note="The other 180 rows are in pictures.csv, in the same order.",
                    ),
                ],
            ),
            Section(
                "Who received it",
                lede="These are all the companies that received something about you in the last 12 months. None "
                "may use it for anything else. We have never sold personal data.",
                blocks=[
                    Table(
                        [
                            Column("Company", nowrap=True),
                            Column("What it does for us"),
                            Column("What it received"),
                            Column("Times", "number"),
                            Column("Keeps it", nowrap=True),
                            Column("Safeguard", "quiet"),
                        ],
                        [
                            [
                                Stacked("Aster Compute", "Ireland"),
                                "Runs the image models",
                                "Prompts, reference pictures",
                                "47",
                                "1 hour",
                                "Contract, EU only",
                            ],
                            [
                                Stacked("Larkpost", "Germany"),
                                "Delivers our e-mail",
                                "E-mail address",
                                "12",
                                "7 days",
                                "Contract, EU only",
                            ],
                            [
                                Stacked("Meridian Pay", "Netherlands"),
                                "Takes payments",
                                "Name, amount, last four digits",
                                "2",
                                "7 years",
                                "Own legal duty",
                            ],
                        ],
                        footer=["All", "", "", "61", "", ""],
                    ),
                    Certificate(
                        heading="Certificate",
                        listed="Certificate that this copy is complete",
                        title="This copy is complete",
                        statement="All 7 systems that can hold personal data were asked, and all 7 answered. "
                        "Two people checked the counts. Nothing was left out.",
                        facts=[
                            Fact("Prepared by", "Privacy team, Bob L."),
                            Fact("Checked by", "Privacy team, Noor A."),
                            Fact("Made", "23 November 2026, 14:52 CET"),
                            Fact("Left out", "Nothing"),
                            Fact("Fingerprint, SHA-256", FINGERPRINT, "hash"),
                            Fact("To check it", "Open Your data, then Check a report, and drop this file there."),
                        ],
                        svg=ruler_units(systems, 7, palette=PRINT),
                        svg_alt="7 of 7 systems answered",
                    ),
                    Text(
                        "Tell us first if you like: answer the e-mail that brought this report and a person will "
                        "read it within two working days. You can also complain at any time to the data "
                        "protection authority where you live or work. In the Netherlands that is the Autoriteit "
                        "Persoonsgegevens. It costs nothing, and you do not need our permission.",
                        title="If something is wrong",
                    ),
                ],
            ),
        ],
    )
