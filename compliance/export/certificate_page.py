"""How the erasure certificate reads: what went, what stays, the second look, who received something, the seal."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from compliance.export import certificate_steps
from compliance.export.proof import Facts
from compliance.export.report import labels
from compliance.export.voice import Voice
from compliance.requests.models import PrivacyRequest
from imgpilot.language import marked as _
from imgpilot.ruler import PRINT, ruler_units
from reports.blocks import Block, Certificate, Fact, Figure, Figures, Note, Text
from reports.document import Document, Section
from reports.table import Column, Table


@dataclass(frozen=True)
class Seal:
    """What makes the facts provable: their SHA-256, our signature in hex, and where the key to check it is."""

    sha256: str
    signature: str
    site: str


def document(request: PrivacyRequest, stated: Facts, seal: Seal, now: datetime) -> Document:
    """The certificate before it has pages."""
    voice = Voice(request.language)
    say, number = voice.say, voice.number
    went = sum(line["rows"] for line in stated["went"])
    stays = sum(line["rows"] for line in stated["stays"])
    removed = stated["objects"]["removed"] + stated["objects"]["stray"]
    kept = sum(line["rows"] for line in stated["kept"])
    return Document(
        title=say(_("Certificate of erasure in part")) if kept else say(_("Certificate of erasure")),
        subtitle=say(
            _("What was deleted, what is kept with the person and by which law, and how we looked again afterwards.")
            if kept
            else _("What was deleted, what stays and why, and how we looked again afterwards.")
        ),
        lang=request.language,
        running_foot=say(_("Case %(case)s, certificate of %(day)s"), case=request.case, day=voice.day(now.date())),
        labels=labels(voice),
        made_at=now,
        sections=[
            Section(
                say(_("What happened")),
                blocks=[
                    Figures(
                        [
                            Figure(number(went), say(_("items deleted"))),
                            Figure(number(removed), say(_("files removed"))),
                            Figure(number(stays + kept), say(_("stay, each for a stated reason"))),
                            Figure(number(_found(stated)), say(_("found when we looked again"))),
                        ]
                    ),
                    _statement(voice, request, stated, seal),
                    *_elsewhere(voice, stated),
                    *_went(voice, stated, went),
                    *_kept(voice, stated, kept),
                    *_stays(voice, stated, stays),
                    *certificate_steps.recipients(voice, stated),
                    certificate_steps.steps(voice, stated),
                    _how_to_check(voice, seal),
                ],
            ),
        ],
    )


def _found(stated: Facts) -> int:
    return int(stated["searched_again"]["found"] + stated["searched_again"]["objects"])


def _elsewhere(voice: Voice, stated: Facts) -> Iterator[Block]:
    rows = sum(stated["searched_again"]["elsewhere"].values())
    if rows:
        yield Note(
            voice.say(
                _(
                    "Rows of other people or of staff that mention the address: %(rows)s. They belong to somebody "
                    "else, so they were not erased."
                ),
                rows=voice.number(rows),
            )
        )


def _how_to_check(voice: Voice, seal: Seal) -> Block:
    return Text(
        voice.say(
            _(
                "certificate.json and certificate.sig are attached to this PDF. The key is at "
                "%(site)s/.well-known/imgpilot-signing-key.pem. With these three anybody can check it:\n\n"
                "openssl pkeyutl -verify -pubin -inkey imgpilot-signing-key.pem -rawin "
                "-in certificate.json -sigfile certificate.sig"
            ),
            site=seal.site,
        ),
        title=voice.say(_("To check this certificate")),
    )


def _went(voice: Voice, stated: Facts, total: int) -> Iterator[Block]:
    say, number = voice.say, voice.number
    if not stated["went"]:
        return
    yield Table(
        [
            Column(say(_("Kind")), "strong"),
            Column(say(_("Items")), "number"),
            Column(say(_("Files")), "number"),
        ],
        [[voice.begin(each["what"]), number(each["rows"]), number(each["objects"])] for each in stated["went"]],
        footer=[say(_("All")), number(total), number(sum(each["objects"] for each in stated["went"]))],
        title=say(_("What went")),
    )


def _kept(voice: Voice, stated: Facts, total: int) -> Iterator[Block]:
    """What a hold or a ground of the law keeps with the person: it was asked for, and not done (GDPR 12(4))."""
    say, number = voice.say, voice.number
    if not stated["kept"]:
        return
    yield Table(
        [
            Column(say(_("Kind")), "strong"),
            Column(say(_("Items")), "number"),
            Column(say(_("Ground"))),
            Column(say(_("Law")), "quiet"),
            Column(say(_("Until")), "quiet"),
        ],
        [
            [voice.begin(each["what"]), number(each["rows"]), say(each["ground"]), each["law"], _until(voice, each)]
            for each in stated["kept"]
        ],
        footer=[say(_("All")), number(total), "", "", ""],
        title=say(_("What was not deleted, and why")),
        note=say(
            _(
                "This still says about whom it is, and is used for nothing but its ground. When the ground is over it "
                "is deleted. You can complain to the authority where you live, or go to court."
            )
        ),
    )


def _until(voice: Voice, each: Facts) -> str:
    """The day on which a ground ends, if it has one."""
    try:
        return voice.day(date.fromisoformat(each["until"]))
    except ValueError:
        return voice.begin(each["until"]) if each["until"] else voice.say(_("Until its ground is over"))


def _stays(voice: Voice, stated: Facts, total: int) -> Iterator[Block]:
    say, number = voice.say, voice.number
    if not stated["stays"]:
        return
    yield Table(
        [
            Column(say(_("Kind")), "strong"),
            Column(say(_("Items")), "number"),
            Column(say(_("Ground")), "quiet"),
            Column(say(_("Until")), "quiet"),
        ],
        [
            [voice.begin(each["what"]), number(each["rows"]), say(each["ground"]), voice.begin(each["until"])]
            for each in stated["stays"]
        ],
        footer=[say(_("All")), number(total), "", ""],
        title=say(_("What stays, and why")),
        note=say(
            _("What stays no longer says about whom it is: every name, address and key that led there is cleared.")
        ),
    )


IN_FULL = _(
    "The approved plan was carried out in full. A second search, independent of the first, went through %(columns)s "
    "columns of %(tables)s tables and through the object store. It found %(found)s. The address to which this letter "
    "goes is cleared when it is sent, and one last search follows."
)
IN_PART = _(
    "The approved plan was carried out; it keeps a part, which is listed below with its ground. A second search, "
    "independent of the first, went through %(columns)s columns of %(tables)s tables and through the object store. "
    "Beyond what is kept it found %(found)s."
)


def _statement(voice: Voice, request: PrivacyRequest, stated: Facts, seal: Seal) -> Block:
    say, number, again = voice.say, voice.number, stated["searched_again"]
    places = [say(_("Database")), say(_("Object store")), say(_("Recipients noted"))]
    return Certificate(
        title=say(_("Erased in part, and searched again")) if stated["kept"] else say(_("Erased, and searched again")),
        statement=say(
            IN_PART if stated["kept"] else IN_FULL,
            columns=number(again["columns"]),
            tables=number(again["tables"]),
            found=number(_found(stated)),
        ),
        facts=[
            Fact(say(_("Case")), stated["case"]),
            Fact(say(_("Person, as a keyed digest")), stated["subject"], "hash"),
            Fact(say(_("Asked (UTC)")), voice.moment(request.received_at)),
            Fact(
                say(_("Plan approved (UTC)")),
                voice.moment(datetime.fromisoformat(stated["plan"]["approved_at"]))
                if stated["plan"]["approved_at"]
                else say(_("Not noted")),
            ),
            Fact(say(_("Plan, SHA-256")), stated["plan"]["sha256"], "hash"),
            Fact(say(_("Facts, SHA-256")), seal.sha256, "hash"),
            Fact(say(_("Signature, Ed25519")), seal.signature, "hash"),
        ],
        svg=ruler_units(places, len(places), palette=PRINT),
        svg_alt=", ".join(places),
    )
