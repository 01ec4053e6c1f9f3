"""What was asked for, in words that fit behind "You asked for"."""

from compliance.requests.kinds import Kind
from compliance.requests.models import PrivacyRequest
from imgpilot.accounts.choices import OFFERS
from imgpilot.language import marked as _
from imgpilot.language import translate

#: By kind, and where it is narrower by what it is about.
WHAT = {
    (Kind.ACCESS, ""): _("a copy of your data"),
    (Kind.PORTABILITY, ""): _("your data in a form that another service can take"),
    (Kind.DELETION, ""): _("the deletion of your account and everything in it"),
    (Kind.CORRECTION, "email"): _("the correction of your e-mail address"),
    (Kind.CORRECTION, "other"): _("the correction of your data"),
    (Kind.RESTRICTION, "accuracy"): _("a restriction of your data, because something in it is wrong"),
    (Kind.RESTRICTION, "unlawful"): _("a restriction of your data, because we should not have it"),
    (Kind.RESTRICTION, "claims"): _("a restriction of your data, because you need it for a legal claim"),
    (Kind.RESTRICTION, "objection"): _("a restriction of your data while your objection is looked at"),
    (Kind.OBJECTION, "statistics"): _("an end to our counting of what you use"),
    (Kind.CONSENT_WITHDRAWAL, "news"): _("an end to our news by e-mail"),
    (Kind.OPT_OUT, "sale-sharing"): _("an opt-out from the sale and the sharing of your data"),
    (Kind.OPT_OUT, "sensitive"): _("a limit to the use of your sensitive data"),
}


def what(request: PrivacyRequest, language: str) -> str:
    """What this request asks for."""
    return translate(language, WHAT[Kind(request.kind), request.about])


def about(request: PrivacyRequest, language: str) -> str:
    """What is objected to, withdrawn or opted out of; "" where a request is about none of that."""
    offer = OFFERS.get(request.about)
    return translate(language, offer.words) if offer else ""
