"""The laws and their numbers: read by everybody, changed by two."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose, has_access
from flask_babel import get_locale, gettext

from compliance import regime_changes
from compliance.console import members
from compliance.console.signed_in import officer
from compliance.errors import MoveRefused
from compliance.letters import spoken
from compliance.requests import laws
from compliance.requests.regimes import REGIMES, Pause, Period, Regime, Unit
from imgpilot import web
from imgpilot.errors import NotYours
from imgpilot.language import known
from imgpilot.language import marked as _

UNITS = {
    Unit.CALENDAR_DAYS: _("days"),
    Unit.BUSINESS_DAYS: _("working days"),
    Unit.MONTHS: _("months"),
    Unit.HOURS: _("hours"),
}
PAUSES = {
    Pause.IDENTITY: _("until it is proved who asks"),
    Pause.CLARIFICATION: _("until it is clear what is meant"),
    Pause.FEE: _("until a fee is paid"),
}
LABELS = {
    "answer": _("Time to answer"),
    "extension": _("Extension"),
    "acknowledge": _("Time to confirm receipt"),
    "appeal": _("Time to decide an appeal"),
}


class Regimes(BaseView):  # type: ignore[misc]
    """The laws and their numbers."""

    route_base = "/setup/laws"
    default_view = "every_law"

    @expose("/")
    @has_access
    def every_law(self) -> Any:
        """All laws with the numbers that count now."""
        session = web.session()
        return self.render_template(
            "console/regimes.html",
            laws=laws.every(session),
            waiting=regime_changes.waiting(session),
            period=_period,
            pauses=PAUSES,
        )

    @expose("/<key>")
    @has_access
    def one_law(self, key: str) -> Any:
        """One law: its numbers, what waits, what was changed before."""
        return self._page(key)

    @expose("/<key>/propose", methods=["POST"])
    @has_access
    def propose(self, key: str) -> Any:
        """Propose other numbers."""
        session, form, staff = web.session(), request.form, officer().staff
        assert staff is not None
        try:
            numbers = {name: _whole(form[name]) for name in regime_changes.NUMBERS if form.get(name, "").strip()}
            now = web.parts().clock()
            regime_changes.propose(session, key, numbers, form.get("reason", ""), staff, now)
        except MoveRefused as error:
            session.rollback()
            return self._page(key, gettext(error.text, **error.values)), error.status
        session.commit()
        flash(gettext("Proposed. It counts once somebody else agrees."), "success")
        return redirect(url_for("Regimes.one_law", key=key))

    @expose("/<key>/agree/<uuid:change_id>", methods=["POST"])
    @has_access
    def agree(self, key: str, change_id: UUID) -> Any:
        """Agree to what somebody else proposed."""
        session, staff = web.session(), officer().staff
        assert staff is not None
        try:
            regime_changes.approve(session, change_id, staff, web.parts().clock())
        except MoveRefused as error:
            session.rollback()
            flash(gettext(error.text, **error.values), "danger")
        else:
            session.commit()
            flash(gettext("These numbers count now, for requests that come from now on."), "success")
        return redirect(url_for("Regimes.one_law", key=key))

    @expose("/<key>/withdraw/<uuid:change_id>", methods=["POST"])
    @has_access
    def withdraw(self, key: str, change_id: UUID) -> Any:
        """Take back what one proposed."""
        session, staff = web.session(), officer().staff
        assert staff is not None
        try:
            regime_changes.withdraw(session, change_id, staff, web.parts().clock())
        except MoveRefused as error:
            session.rollback()
            flash(gettext(error.text, **error.values), "danger")
        else:
            session.commit()
            flash(gettext("Withdrawn. The numbers stay as they were."), "success")
        return redirect(url_for("Regimes.one_law", key=key))

    @expose("/<key>/decline/<uuid:change_id>", methods=["POST"])
    @has_access
    def decline(self, key: str, change_id: UUID) -> Any:
        """Do not agree to what somebody else proposed."""
        session, staff = web.session(), officer().staff
        assert staff is not None
        try:
            regime_changes.decline(session, change_id, request.form.get("why", ""), staff, web.parts().clock())
        except MoveRefused as error:
            session.rollback()
            return self._page(key, declining=gettext(error.text, **error.values)), error.status
        session.commit()
        flash(gettext("Declined. The numbers stay as they were, and the history has your reason."), "success")
        return redirect(url_for("Regimes.one_law", key=key))

    def _page(self, key: str, error: str = "", declining: str = "") -> Any:
        if key not in REGIMES:
            raise NotYours(_("There is no such law."))
        session = web.session()
        law = laws.in_force(session, key)
        return self.render_template(
            "console/regimes_one.html",
            law=law,
            error=error,
            declining=declining,
            typed=request.form,
            numbers=regime_changes.counts_of(law),
            ours=regime_changes.counts_of(REGIMES[key]),
            labels=LABELS,
            unit_of=lambda name: _unit(law, name),
            said=lambda name, count: _said(law, name, count),
            period=_period,
            pauses=PAUSES,
            waits=regime_changes.waiting(session).get(key),
            history=regime_changes.told(regime_changes.history(session, key)),
            staff=members.read(session),
            me=officer(),
            may=self.appbuilder.sm.has_access,
        )


def _period(period: Period | None) -> str:
    """A time as a law states it: "45 days"."""
    return spoken.period(period, known(str(get_locale()))) if period else "–"


def _periods(law: Regime) -> dict[str, Period | None]:
    return {
        "answer": law.answer,
        "extension": law.extension.period if law.extension else None,
        "acknowledge": law.acknowledge,
        "appeal": law.appeal.period if law.appeal else None,
    }


def _said(law: Regime, name: str, count: int) -> str:
    period = _periods(law)[name]
    return _period(replace(period, count=count)) if period else str(count)


def _unit(law: Regime, name: str) -> str:
    found = _periods(law)[name]
    return str(gettext(UNITS[found.unit])) if found else ""


def _whole(typed: str) -> int:
    text = typed.strip()
    if not (text.isascii() and text.isdecimal() and len(text) < 6):
        raise MoveRefused(_("A time is a whole number."))
    return int(text)
