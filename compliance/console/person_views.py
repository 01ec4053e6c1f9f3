"""People: found by anything that names them, and seen masked. Every search and every look is written down."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose, has_access
from flask_babel import gettext

from compliance import finding
from compliance.audit.actions import Action
from compliance.audit.append import record
from compliance.console import members, person
from compliance.console.masking import masked
from compliance.console.reasons import REASONS, checked
from compliance.console.signed_in import officer
from compliance.errors import MoveRefused
from compliance.requests.moves import Who
from imgpilot import digests, web


class People(BaseView):  # type: ignore[misc]
    """The people of the site."""

    route_base = "/people"
    default_view = "find"

    @expose("/", methods=["GET", "POST"])
    @has_access
    def find(self) -> Any:
        """The search, and what was found. What was typed is sent in the body, so that no address holds it."""
        if request.method == "GET":
            return self._search()
        session, parts = web.session(), web.parts()
        try:
            reason = checked(request.form.get("reason", ""))
        except MoveRefused as error:
            return self._search(error=gettext(error.text, **error.values)), error.status
        found = finding.find(session, parts.settings, request.form.get("what", ""))
        subject = digests.of_subject(parts.settings, found.people[0].id) if found.people else None
        subject = subject or (found.cases[0].subject if found.cases else None)
        facts = {"by": found.by, "reason": reason, "found": len(found.people) + len(found.cases)}
        record(
            session, at=parts.clock(), actor=str(officer()), action=Action.STAFF_SEARCHED, subject=subject, facts=facts
        )
        session.commit()
        return self._search(found)

    def _search(self, found: finding.Found | None = None, error: str = "") -> Any:
        self.update_redirect()
        return self.render_template(
            "console/person_find.html",
            found=found,
            error=error,
            reason=request.form.get("reason", ""),
            reasons=_reasons(),
            masked=masked,
        )

    @expose("/<uuid:account_id>")
    @has_access
    def show(self, account_id: UUID) -> Any:
        """One person, masked. Looking is written down."""
        person.gather(web.session(), account_id)
        _wrote_down(account_id, Action.STAFF_READ_PERSON)
        self.update_redirect()
        return self._page(account_id)

    @expose("/<uuid:account_id>/unmask", methods=["POST"])
    @has_access
    def unmask(self, account_id: UUID) -> Any:
        """The same page with one of the masked values in full, this once."""
        person.gather(web.session(), account_id)
        which = request.form.get("field", "")
        try:
            reason = checked(request.form.get("reason", ""))
        except MoveRefused as error:
            flash(gettext(error.text, **error.values), "danger")
            return redirect(url_for("People.show", account_id=account_id))
        if which not in person.MASKED:
            flash(gettext("There is nothing masked by this name."), "danger")
            return redirect(url_for("People.show", account_id=account_id))
        _wrote_down(account_id, Action.STAFF_UNMASKED, field=which, reason=reason)
        return self._page(account_id, which)

    def _page(self, account_id: UUID, whole: str = "") -> Any:
        session = web.session()
        known = person.gather(session, account_id)
        return self.render_template(
            "console/person.html",
            known=known,
            one=known.account,
            whole=whole,
            email=known.account.email if whole == "email" else masked(known.account.email),
            fields=[(key, gettext(words)) for key, words in person.MASKED.items()],
            reasons=_reasons(),
            staff=members.read(session),
            may_hold=Who.OFFICER in officer().hats,
        )


def _reasons() -> list[tuple[str, str]]:
    return [("", gettext("Choose")), *((key, gettext(words)) for key, words in REASONS.items())]


def _wrote_down(account_id: UUID, action: Action, **facts: object) -> None:
    session, parts = web.session(), web.parts()
    subject = digests.of_subject(parts.settings, account_id)
    record(session, at=parts.clock(), actor=str(officer()), action=action, subject=subject, facts=facts)
    session.commit()
