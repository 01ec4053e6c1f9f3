"""Staff write down a request that came by e-mail, post or telephone, with the date of the original."""

from datetime import date
from typing import Any

from flask import flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose, has_access
from flask_babel import get_locale, gettext
from sqlalchemy import func, select

from compliance import words
from compliance.console.signed_in import officer
from compliance.errors import MoveRefused
from compliance.identity import entry
from compliance.identity.proofs import CHECKED
from compliance.portal import places
from compliance.requests.kinds import Channel, Kind
from compliance.requests.models import PrivacyRequest
from compliance.requests.moves import Who
from compliance.requests.opening import ABOUT, Asked
from imgpilot import web
from imgpilot.accounts.models import Account
from imgpilot.language import known
from imgpilot.language import marked as _

CHANNELS = {
    Channel.EMAIL: _("By e-mail"),
    Channel.POST: _("By post"),
    Channel.PHONE: _("On the telephone"),
    Channel.AGENT: _("From an agent"),
}


class Entry(BaseView):  # type: ignore[misc]
    """A new request, entered by staff."""

    route_base = "/requests"

    @expose("/new", methods=["GET", "POST"])
    @has_access
    def enter(self) -> Any:
        """The form; and the request, written down."""
        if request.method == "GET":
            return self._page()
        session = web.session()
        try:
            made = _entered()
        except MoveRefused as error:
            session.rollback()
            return self._page(gettext(error.text, **error.values)), error.status
        session.commit()
        flash(gettext("%(case)s is written down.", case=made.case), "success")
        return redirect(url_for("Cases.show", request_id=made.id))

    def _page(self, error: str = "") -> Any:
        language = known(str(get_locale()))
        return self.render_template(
            "console/case_new.html",
            typed=request.form,
            error=error,
            kinds=[(str(kind), gettext(words.ASKS_FOR[kind])) for kind in Kind],
            channels=[(str(channel), gettext(said)) for channel, said in CHANNELS.items()],
            countries=[("", gettext("Choose")), *places.countries(language)],
            parts=[("", gettext("Only for the United States and Canada")), *_parts()],
            abouts=[("", gettext("Everything"))]
            + [
                (f"{kind}:{about}", f"{gettext(words.ASKS_FOR[kind])}: {gettext(words.ABOUT.get(about, about))}")
                for kind, offered in ABOUT.items()
                for about in offered
            ],
            proofs=[("", gettext("Nothing yet: a link goes to the address"))]
            + [(key, gettext(said)) for key, said in CHECKED.items()],
            may_state=Who.OFFICER in officer().hats,
            today=web.parts().clock().date().isoformat(),
        )


def _parts() -> list[tuple[str, str]]:
    return [(f"{land}-{code}", name) for land, named in places.PARTS.items() for code, name in named.items()]


def _entered() -> PrivacyRequest:
    form, parts = request.form, web.parts()
    kind = _one_of(Kind, form.get("kind", ""))
    channel = _one_of(Channel, form.get("channel", ""))
    place = places.read(form.get("country", ""), form.get("part", ""))
    of, _colon, about = form.get("about", "").partition(":")
    if about and of != kind:
        raise MoveRefused(_("What exactly is meant belongs to another right. Choose again."))
    asked = Asked(
        about=about,
        details=form.get("details", ""),
        proposed=form.get("proposed", ""),
        language=known(form.get("language") or "en"),
    )
    return entry.enter(
        web.session(),
        parts.settings,
        officer(),
        channel,
        form.get("contact", ""),
        kind,
        place,
        _day(form.get("received", "")),
        parts.clock(),
        asked,
        _stated(),
    )


def _one_of(names: type[Any], value: str) -> Any:
    try:
        return names(value)
    except ValueError:
        raise MoveRefused(_("Choose what is asked for, and how it came in.")) from None


def _day(typed: str) -> date | None:
    if not typed.strip():
        return None
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        raise MoveRefused(_("A day is written like 2027-03-31.")) from None


def _stated() -> entry.Stated | None:
    """How an officer knows already who asks, if they do."""
    checked = request.form.get("checked", "")
    if not checked or Who.OFFICER not in officer().hats:
        return None
    address = (request.form.get("account", "") or request.form.get("contact", "")).strip().lower()
    found = web.session().scalar(select(Account.id).where(func.lower(Account.email) == address)) if address else None
    if found is None:
        raise MoveRefused(_("No account was found. Write the address with which it was made."))
    return entry.Stated(found, checked)
