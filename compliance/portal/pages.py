"""The privacy centre's blueprint, and the one way its pages get at a request: it is the person's own, or not there."""

from uuid import UUID

from flask import Blueprint
from flask_babel import get_locale
from sqlalchemy import select

from compliance.requests.models import PrivacyRequest
from imgpilot import language, web
from imgpilot.accounts.people import person
from imgpilot.errors import NotYours
from imgpilot.language import marked as _

pages = Blueprint("portal", __name__, template_folder="templates")


def own(request_id: UUID) -> PrivacyRequest:
    """The person's own request. Somebody else's is not there: NotYours, as for one that never was."""
    found = web.session().scalar(
        select(PrivacyRequest).where(PrivacyRequest.id == request_id, PrivacyRequest.account_id == person().id)
    )
    if found is None:
        raise NotYours(_("There is no such request of yours."))
    return found


def spoken() -> str:
    """The language of this answer, as one of ours."""
    return language.known(str(get_locale()))
