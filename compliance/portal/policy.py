"""The policy's pages: its text, joined with what the declarations say: purposes, companies, how long (policy P21)."""

from dataclasses import dataclass

from flask import Blueprint, Flask, g, render_template
from flask.typing import ResponseReturnValue

import config
from compliance import inventory, reach, words
from compliance.portal import choosing, held
from compliance.portal.pages import spoken
from compliance.requests.authorities import AUTHORITIES, Authority
from imgpilot import processors, web
from imgpilot.policies import differences, shown, versions
from imgpilot.policies.versions import Version
from imgpilot.privacy import ARTICLE, Rows
from imgpilot.processors import Processor
from imgpilot.purposes import PURPOSES, STAFF

pages = Blueprint("policy", __name__, url_prefix="/privacy-policy")

#: Where GDPR 77 lets people complain, by ISO 3166.
_EEA = frozenset(
    [
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GR",
        "HR",
        "HU",
        "IE",
        "IS",
        "IT",
        "LI",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "NO",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
    ]
)


@dataclass(frozen=True)
class Kinds:
    """Kinds of records that are kept for the same time and reason: their nouns, marked for translation."""

    nouns: tuple[str, ...]
    said: Rows


def mount(app: Flask) -> None:
    """Put the policy on the site."""
    app.register_blueprint(pages)
    app.context_processor(lambda: {"gpc_heard": choosing.heard()})


@pages.get("")
def text() -> ResponseReturnValue:
    """The version in force, with the tables."""
    parts, now = web.parts(), web.parts().clock()
    version, newest = versions.in_force(now), versions.newest()
    _note(version)
    return render_template(
        "portal/policy.html",
        version=version,
        text=version.text(spoken()),
        before=versions.before(version),
        coming=newest if newest.begins > now else None,
        purposes=[one for one in PURPOSES.values() if one != STAFF],
        bases=held.BASIS,
        articles=ARTICLE,
        companies=companies(parts.settings),
        country=_country,
        kept=records(),
        authorities=authorities(),
        contact=config.CONTACT,
    )


@pages.get("/versions")
def every() -> ResponseReturnValue:
    """Every version there was, the newest first, each with what changed."""
    here = versions.in_force(web.parts().clock())
    rows = [(one, versions.before(one), one.text(spoken())) for one in reversed(versions.every())]
    return render_template("portal/policy_versions.html", rows=rows, here=here)


@pages.get("/versions/<version>")
def one(version: str) -> ResponseReturnValue:
    """One version as it was, without the tables: those say what is now."""
    found, now = versions.find(version), web.parts().clock()
    _note(found)
    here = versions.in_force(now)
    return render_template(
        "portal/policy_version.html",
        version=found,
        text=found.text(spoken()),
        here=here,
        ahead=found.begins > now,
        until=_until(found),
    )


@pages.get("/changes/<old>/<new>")
def changes(old: str, new: str) -> ResponseReturnValue:
    """What changed from one version to another, in the order of time, whichever is named first."""
    pair = sorted((versions.find(old), versions.find(new)), key=lambda one: one.key)
    before, after = pair
    _note(after)
    found = differences.between(before.text(spoken()), after.text(spoken()))
    return render_template(
        "portal/policy_changes.html", before=before, after=after, found=found, said=after.text(spoken()).changes
    )


def _note(version: Version) -> None:
    """Write down that whoever is signed in was shown this version."""
    if g.person is not None and shown.note(web.session(), g.person.id, version, shown.PAGE, web.parts().clock()):
        web.session().commit()


def companies(settings: config.Settings) -> list[Processor]:
    """Who gets data on this installation, each once."""
    return list({one.key: one for one in processors.in_use(settings)}.values())


def records() -> list[Kinds]:
    """Every kind of record about a person, those of one purpose and time together, as the tables declare them."""
    groups: dict[tuple[str, str], list[Rows]] = {}
    for table in reach.held():
        said = inventory.why(table)
        groups.setdefault((said.purpose.key, said.kept.words), []).append(said)
    order = list(PURPOSES)
    ranked = sorted(groups.items(), key=lambda each: order.index(each[0][0]))
    return [Kinds(tuple(dict.fromkeys(one.noun for one in some)), some[0]) for _key, some in ranked]


def authorities() -> list[Authority]:
    """The data protection authorities of the EEA and of the United Kingdom."""
    here = [body for (country, part), body in AUTHORITIES.items() if part is None and country in _EEA | {"GB"}]
    return sorted(here, key=lambda body: _country(body.country))


def _country(code: str) -> str:
    """What the country is called in the language of this answer; nothing for no country."""
    return words.country(code, spoken())


def _until(version: Version) -> Version | None:
    """The version that took this one's place, or will."""
    return next((one for one in versions.every() if one.key > version.key), None)
