"""The last section of the access report: what the person can do about all this, by which law, and what she did so far.

GDPR Art. 15(1)(e) and (f); the articles are those of the law that the request is answered under.
"""

from collections.abc import Iterator

import config
from compliance import words
from compliance.export.contents import Contents
from compliance.export.voice import Voice
from compliance.requests import authorities
from compliance.requests.authorities import Authority
from compliance.requests.kinds import Kind
from compliance.requests.regimes import GDPR, UK_GDPR, Regime
from imgpilot.accounts.choices import OFFERS
from imgpilot.language import marked as _
from reports.blocks import Block, Text
from reports.document import Section
from reports.table import Column, Table

#: What a person can ask for, and what it does.
RIGHTS = {
    Kind.CORRECTION: (
        _("Correct"),
        _("If something is wrong or missing, we correct it and tell those who received it."),
    ),
    Kind.DELETION: (
        _("Delete"),
        _(
            "Your account and everything in it goes. You get a certificate of what went, and of what the law "
            "makes us keep."
        ),
    ),
    Kind.RESTRICTION: (
        _("Restrict"),
        _("While it is disputed whether something is right or lawful, we keep it without using it."),
    ),
    Kind.PORTABILITY: (
        _("Take it with you"),
        _("You get a package for another service: what you gave us and what was noted, in formats that programs read."),
    ),
    Kind.OBJECTION: (
        _("Object"),
        _("We stop what we do on the ground of our legitimate interest, unless we can show a stronger reason."),
    ),
    Kind.CONSENT_WITHDRAWAL: (
        _("Withdraw consent"),
        _("What you agreed to you can take back at any time; what was done until then stays lawful."),
    ),
    Kind.OPT_OUT: (
        _("Opt out"),
        _("Say that nothing of yours is sold, shared for advertising, or used beyond the service. We do none of it."),
    ),
}
MACHINE = (
    _("No decision by machine alone"),
    _("We make none about you that has legal or similarly serious effects."),
)
COMPLAIN = _("Complain")
OUR_PROMISE = _("our promise")
#: The laws in which a complaint to an authority and decisions by machines have articles that we can name.
EUROPEAN = {GDPR.key: ("GDPR 22", "GDPR 77, 79"), UK_GDPR.key: ("UK GDPR 22A-22D", "UK GDPR 77, 79")}


def rights(voice: Voice, held: Contents, settings: config.Settings) -> Section:
    """What the person can do, how, and where to complain."""
    say, law = voice.say, held.asked.regime_of
    authority = authorities.for_person(held.asked.country, held.asked.subdivision)
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
                    Column(law.name, "quiet", nowrap=law.key in EUROPEAN),
                ],
                [*_rows(voice, law), _complaint(voice, law, authority)],
                note=say(
                    _(
                        "Where it says “our promise”, the law of the place where you live does not ask for it; we do "
                        "it all the same. You are not treated worse for using any of these."
                    )
                ),
            ),
            *_so_far(voice, held),
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


def _rows(voice: Voice, law: Regime) -> Iterator[list[str]]:
    for kind, (title, text) in RIGHTS.items():
        yield [voice.say(title), voice.say(text), law.article(kind) or voice.say(OUR_PROMISE)]
    machine = EUROPEAN.get(law.key, (voice.say(OUR_PROMISE), ""))[0]
    yield [voice.say(MACHINE[0]), voice.say(MACHINE[1]), machine]


def _complaint(voice: Voice, law: Regime, authority: Authority | None) -> list[str]:
    said = voice.say(
        _(
            "At any time, to the data protection authority where you live or work, or where you think something "
            "went wrong. You do not need our permission. You can also go to court."
        )
    )
    if authority is not None:
        said = voice.say(
            _("At any time, to %(authorities)s. You do not need our permission. You can also go to court."),
            authorities="; ".join(_named(each) for each in (authority, authority.also) if each),
        )
        said = f"{said} {voice.say(authority.note)}".strip()
    if law.appeal is not None:
        appeal = _("If we refuse something you can appeal to us within %(days)s days; somebody else decides that.")
        said = f"{said} {voice.say(appeal, days=voice.number(law.appeal.within))}"
    return [voice.say(COMPLAIN), said, EUROPEAN.get(law.key, ("", ""))[1]]


def _named(authority: Authority) -> str:
    own = f" ({authority.own_name})" if authority.own_name else ""
    return f"{authority.name}{own}, {authority.website.removeprefix('https://')}"


def _so_far(voice: Voice, held: Contents) -> Iterator[Block]:
    """The restrictions that stand and the choices that count."""
    say, said = voice.say, held.said_by_her
    lines = [
        [
            say(_("Restricted")),
            voice.begin(words.ABOUT.get(one.ground, "")) or say(_("What we do with your data")),
            voice.day(one.since.date()),
        ]
        for one in said.restrictions
    ] + [
        [
            say(_("Allowed")) if one.allowed else say(_("Not allowed")),
            say(OFFERS[one.what].words) if one.what in OFFERS else one.what,
            voice.day(one.at.date()),
        ]
        for one in said.choices
    ]
    if lines:
        yield Table(
            [Column(say(_("You said")), "strong"), Column(say(_("About what"))), Column(say(_("Since")), "quiet")],
            lines,
            title=say(_("What you said so far, and what counts now")),
        )
