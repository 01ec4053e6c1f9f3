"""What a letter says of the parts that were not granted, and of the companies that were told."""

from datetime import date

from babel.lists import format_list
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance import words
from compliance.letters import spoken
from compliance.requests import queueing
from compliance.requests.models import Plan, PrivacyRequest, Step
from compliance.requests.queueing import done_name
from compliance.requests.regimes import Regime
from imgpilot.language import locale, translate
from imgpilot.language import marked as _
from imgpilot.processors import PROCESSORS

#: What becomes of a line of the plan that is not granted.
NOT_GRANTED = ("keep", "withhold")


def parts(session: Session, request: PrivacyRequest, law: Regime, language: str) -> str:
    """The parts that were not granted, a line for each ground: what, why, by which law, until when. "" for none."""
    plan = session.scalar(
        select(Plan).where(Plan.request_id == request.id).order_by(Plan.made_at.desc(), Plan.id).limit(1)
    )
    by_ground: dict[tuple[str, str, str], list[str]] = {}
    for line in plan.body.get("tables", ()) if plan else ():
        if line["becomes"] in NOT_GRANTED:
            why = (line["ground"], line.get("law", ""), line["until"])
            by_ground.setdefault(why, []).append(translate(language, line["noun"]))
    return "\n".join(part(nouns, *why, law, language) for why, nouns in by_ground.items())


def part(nouns: list[str], ground: str, ground_law: str, until: str, law: Regime, language: str) -> str:
    """One line of that list. `until` is a day in ISO form, words, or ""."""
    named = words.capitalize_first(format_list(nouns, locale=locale(language)))
    why = spoken.by_ground(ground, ground_law, law, language)
    if until:
        said = _("%(what)s, until %(day)s. %(why)s")
        return "– " + translate(language, said, what=named, day=_day(until, language), why=why)
    return "– " + translate(language, _("%(what)s. %(why)s"), what=named, why=why)


def _day(until: str, language: str) -> str:
    try:
        return spoken.day(date.fromisoformat(until[:10]), language)
    except ValueError:
        return translate(language, until)


def companies(session: Session, request: PrivacyRequest, language: str) -> str:
    """Who was told that it was deleted, corrected or restricted, and who could not be (GDPR 19). "" for nobody."""
    steps = session.execute(
        select(Step.name, Step.state)
        .where(
            Step.request_id == request.id,
            Step.phase == queueing.CARRY_OUT,
            Step.name.startswith("notify "),
            Step.state.in_(("done", "skipped")),
        )
        .order_by(Step.position)
    ).all()
    told, untold = (
        list(dict.fromkeys(_company(name, language) for name, state in steps if state == wanted))
        for wanted in ("done", "skipped")
    )
    said = []
    if told:
        names = format_list(told, locale=locale(language))
        said.append(translate(language, _("We have told those who received some of it: %(names)s."), names=names))
    if untold:
        names = format_list(untold, locale=locale(language))
        said.append(translate(language, _("These could not be told: %(names)s."), names=names))
    return " ".join(said)


def _company(step: str, language: str) -> str:
    key = done_name(step).removeprefix("notify ")
    processor = PROCESSORS.get(key)
    return translate(language, processor.name) if processor else key
