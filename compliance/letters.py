"""The letters a person gets about a request, in their language. Plain words; what happened, what comes next."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

import config
from compliance.requests.kinds import Kind
from compliance.requests.models import PrivacyRequest
from imgpilot.language import locale, tag, translate
from imgpilot.language import marked as _


@dataclass(frozen=True)
class Letter:
    """A letter in one language. `link` is (words, address)."""

    language: str
    subject: str
    paragraphs: tuple[str, ...]
    link: tuple[str, str] | None = None

    def text(self) -> str:
        """The letter as plain text."""
        parts = [*self.paragraphs, *([f"{self.link[0]}:\n{self.link[1]}"] if self.link else []), "ImgPilot"]
        return "\n\n".join(parts) + "\n"

    def html(self) -> str:
        """The letter as HTML for mail programs."""
        return _template().render(letter=self, lang=tag(self.language))


@cache
def _template() -> Template:
    folder = FileSystemLoader(Path(__file__).parent / "templates")
    return Environment(loader=folder, autoescape=True, undefined=StrictUndefined).get_template("letter.html")


def _asks_for(request: PrivacyRequest) -> str:
    return {
        Kind.ACCESS: _("a copy of your data"),
        Kind.DELETION: _("the deletion of your account and everything in it"),
    }.get(Kind(request.kind), request.kind)


def _day(request: PrivacyRequest, day: object) -> str:
    return format_date(day, "full", locale=locale(request.language))  # type: ignore[arg-type]


def _page(request: PrivacyRequest, settings: config.Settings) -> str:
    return f"{settings.site_url}/privacy/requests/{request.id}"


def _complain(language: str) -> str:
    return translate(
        language,
        _(
            "If you think we got this wrong, answer this mail and a person will read it. You can also complain to the "
            "data protection authority where you live or work; it costs nothing."
        ),
    )


def received(request: PrivacyRequest, settings: config.Settings) -> Letter:
    """We have your request; this is what happens and by when."""
    say = request.language
    return Letter(
        say,
        translate(say, _("We have your request %(case)s"), case=request.case),
        (
            translate(say, _("You asked for %(what)s."), what=translate(say, _asks_for(request))),
            translate(
                say,
                _("A person checks it, and you have our answer by %(day)s. You need do nothing until then."),
                day=_day(request, request.due_on),
            ),
            translate(say, _("If it was not you who asked, answer this mail at once.")),
        ),
        (translate(say, _("Follow your request")), _page(request, settings)),
    )


def ready(request: PrivacyRequest, settings: config.Settings) -> Letter:
    """The package can be fetched."""
    say = request.language
    return Letter(
        say,
        translate(say, _("Your data is ready: %(case)s"), case=request.case),
        (
            translate(
                say,
                _(
                    "Everything we hold about you is in one file: pages to read, a PDF report, your pictures, and the "
                    "data in a form that other services can take."
                ),
            ),
            translate(say, _("Sign in to fetch it. It is there for 14 days, then we delete it.")),
            _complain(say),
        ),
        (translate(say, _("Fetch your data")), _page(request, settings)),
    )


def erased(request: PrivacyRequest, settings: config.Settings) -> Letter:
    """The data is gone; the certificate is attached. This is the last letter."""
    say = request.language
    return Letter(
        say,
        translate(say, _("Your data is deleted: %(case)s"), case=request.case),
        (
            translate(
                say,
                _(
                    "Your account and everything in it is deleted. The certificate says what went, what the law makes "
                    "us keep and how long, and that we searched again afterwards and found nothing."
                ),
            ),
            translate(
                say,
                _("This is our last message. When it is sent we delete your e-mail address from the request too."),
            ),
            _complain(say),
        ),
    )


def refused(request: PrivacyRequest, settings: config.Settings) -> Letter:
    """We do not do what was asked; why, and what can be done about it (GDPR 12(4))."""
    say = request.language
    return Letter(
        say,
        translate(say, _("Our answer to your request %(case)s"), case=request.case),
        (
            translate(
                say,
                _("You asked for %(what)s. We are not doing that, for this reason:"),
                what=translate(say, _asks_for(request)),
            ),
            request.refusal or "",
            _complain(say),
            translate(say, _("You can also go to court (GDPR Article 79).")),
        ),
        (translate(say, _("See your request")), _page(request, settings)),
    )
