"""Days, moments, periods and articles, as letters say them."""

from datetime import date, datetime

from babel.dates import format_date, format_time, get_timezone_name

from compliance.requests import laws
from compliance.requests.models import PrivacyRequest
from compliance.requests.regimes import Period, Regime, Unit, country_code
from imgpilot.language import locale, translate, translate_count
from imgpilot.language import marked as _


def day(value: date, language: str) -> str:
    """Wednesday, 23 December 2026."""
    return format_date(value, "full", locale=locale(language))


def moment(value: datetime, request: PrivacyRequest, language: str) -> str:
    """Wednesday, 23 December 2026, 14:40 (UTC), by the clock where the person lives."""
    local, spoken = value.astimezone(laws.zone_of(request.zone)), locale(language)
    zone = get_timezone_name(local, width="short", locale=spoken)
    return f"{day(local.date(), language)}, {format_time(local, 'HH:mm', locale=spoken)} ({zone})"


def period(value: Period, language: str) -> str:
    """45 days."""
    match value.unit:
        case Unit.MONTHS:
            return translate_count(language, "%(num)s month", "%(num)s months", value.count)
        case Unit.CALENDAR_DAYS:
            return translate_count(language, "%(num)s day", "%(num)s days", value.count)
        case Unit.BUSINESS_DAYS:
            return translate_count(language, "%(num)s working day", "%(num)s working days", value.count)
        case Unit.HOURS:
            return translate_count(language, "%(num)s hour", "%(num)s hours", value.count)


def article(law: Regime, kind: str) -> str:
    """The article that gives the right; the name of the law where we give it of our own accord."""
    return law.article(kind) or law.name


def holds_there(law: Regime, country: str | None) -> bool:
    """Whether it is the law of the place; else we apply it because we know none there. Not knowing where counts."""
    return not country or any(place.partition("-")[0] == country_code(country) for place in law.places)


#: How the law of a ground begins, by regime: of two that are named the person reads their own.
_BEGINS = {"gdpr": ("GDPR",), "uk-gdpr": ("GDPR",), "ccpa": ("Cal.", "11 CCR")}


def cited(ground_law: str, law: Regime) -> str:
    """Of the articles that a ground names, those of the person's law; all of them where it names none of theirs."""
    named = [each.strip() for each in ground_law.split(";") if each.strip()]
    theirs = [each for each in named if each.startswith(_BEGINS.get(law.key, ()))]
    if law.key == "uk-gdpr":
        theirs = [f"UK {each}" for each in theirs]
    return "; ".join(theirs or named)


def by_ground(words: str, ground_law: str, law: Regime, language: str) -> str:
    """A law obliges us to keep it. (GDPR 17(3)(b))"""
    said = translate(language, words) if words else ""
    theirs = cited(ground_law, law)
    return translate(language, _("%(ground)s (%(law)s)"), ground=said, law=theirs) if theirs else said
