"""Legal holds and restrictions of a person: placed, announced and lifted by officers, each after it was confirmed."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose, has_access
from flask_babel import gettext
from sqlalchemy import select

from compliance import holds, inventory, restrictions, words
from compliance.console import members, person
from compliance.console.masking import masked
from compliance.console.own_words import own
from compliance.console.signed_in import officer
from compliance.errors import MoveRefused
from compliance.standing import Hold, Restriction
from imgpilot import web
from imgpilot.accounts.models import Account
from imgpilot.errors import NotYours
from imgpilot.language import marked as _

#: A page of this many; the standing ones come first.
LISTED = 200


class Holds(BaseView):  # type: ignore[misc]
    """What stands against erasing and expiring."""

    route_base = "/holds"
    default_view = "standing"

    @expose("/")
    @has_access
    def standing(self) -> Any:
        """All holds that stand, and below them those that were lifted."""
        session = web.session()
        rows = session.execute(
            select(Hold, Account.email)
            .outerjoin(Account, Account.id == Hold.account_id)
            .order_by(Hold.lifted_at.is_not(None), Hold.placed_at.desc())
            .limit(LISTED)
        ).all()
        self.update_redirect()
        return self.render_template(
            "console/holds.html",
            standing=[(hold, masked(email or "")) for hold, email in rows if hold.lifted_at is None],
            lifted=[(hold, masked(email or "")) for hold, email in rows if hold.lifted_at is not None],
            staff=members.read(session),
            nouns=_nouns,
            may=self.appbuilder.sm.has_access,
        )

    @expose("/new/<uuid:account_id>", methods=["GET", "POST"])
    @has_access
    def place(self, account_id: UUID) -> Any:
        """The form, and the hold, placed."""
        session, form = web.session(), request.form
        known = person.gather(session, account_id)
        error = ""
        if request.method == "POST":
            staff = officer().staff
            assert staff is not None
            try:
                reference, reason = form.get("reference", ""), form.get("reason", "")
                holds.place(web.parts(), session, account_id, _named(), reference, reason, staff)
                session.commit()
            except MoveRefused as refused:
                session.rollback()
                error = gettext(refused.text, **refused.values)
            else:
                flash(gettext("The hold stands. Nothing it names is erased or expires."), "success")
                return redirect(url_for("People.show", account_id=account_id))
        page = self.render_template(
            "console/hold_place.html",
            email=masked(known.account.email),
            account_id=account_id,
            records=[(name, _noun(name)) for name in holds.can_be_held()],
            typed=form,
            chosen=form.getlist("records"),
            error=error,
        )
        return (page, 409) if error else page

    @expose("/<uuid:hold_id>/lift", methods=["GET", "POST"])
    @has_access
    def lift(self, hold_id: UUID) -> Any:
        """What becomes due, to be read first; and the hold, lifted."""
        session = web.session()
        hold = session.get(Hold, hold_id)
        if hold is None:
            raise NotYours(_("There is no such hold."))
        if request.method == "GET":
            return self.render_template(
                "console/hold_lift.html",
                hold=hold,
                nouns=_nouns(hold),
                others=_others(hold),
                due=_due(hold),
            )
        account_id, staff = hold.account_id, officer().staff
        assert staff is not None
        session.rollback()
        _tried(lambda: holds.lift(web.parts(), session, hold_id, staff), gettext("The hold is lifted."))
        return redirect(
            url_for("People.show", account_id=account_id)
            if account_id and _there(account_id)
            else url_for("Holds.standing")
        )

    @expose("/restrictions/<uuid:restriction_id>/announce", methods=["POST"])
    @has_access
    def announce(self, restriction_id: UUID) -> Any:
        """Tell the person that the restriction will end (GDPR 18(3))."""
        found, staff = _restriction(restriction_id), officer().staff
        assert staff is not None
        session, parts, at = web.session(), web.parts(), found.account_id
        _tried(
            lambda: restrictions.announce(session, parts.settings, restriction_id, staff, parts.clock()),
            gettext("The letter is on its way. The restriction can be lifted once it is out."),
        )
        return redirect(url_for("People.show", account_id=at))

    @expose("/restrictions/<uuid:restriction_id>/end", methods=["POST"])
    @has_access
    def end(self, restriction_id: UUID) -> Any:
        """End the restriction, if the person was told."""
        found, staff = _restriction(restriction_id), officer().staff
        assert staff is not None
        session, parts, at = web.session(), web.parts(), found.account_id
        _tried(
            lambda: restrictions.lift(session, parts.settings, restriction_id, staff, parts.clock()),
            gettext("The restriction is lifted."),
        )
        return redirect(url_for("People.show", account_id=at))


def _named() -> list[str]:
    """The kinds of records that were chosen; none for everything."""
    chosen = request.form.getlist("records")
    if request.form.get("what") != "some":
        if chosen:
            raise MoveRefused(_("You chose everything, and some kinds too. Choose one of the two."))
        return []
    if not chosen:
        raise MoveRefused(_("Choose at least one kind of record, or everything."))
    return chosen


def _noun(name: str) -> str:
    table = next((one for one in inventory.tables() if one.name == name), None)
    return words.capitalize_first(own(inventory.why(table).noun)) if table is not None else name


def _nouns(hold: Hold) -> list[str]:
    return [_noun(name) for name in hold.records]


def _others(hold: Hold) -> int:
    """How many other holds stand on the same person."""
    found = holds.of(web.session(), hold.account_id) if hold.account_id else []
    return sum(one.lifted_at is None and one.id != hold.id for one in found)


def _due(hold: Hold) -> list[tuple[str, int]]:
    """What the hold keeps now, by kind and count: what can be erased and expires again."""
    if hold.account_id is None:
        return []
    others = {
        name
        for one in holds.of(web.session(), hold.account_id)
        if one.lifted_at is None and one.id != hold.id
        for name in (one.records or holds.can_be_held())
    }
    freed = set(hold.records or holds.can_be_held()) - others
    held = person.gather(web.session(), hold.account_id).holdings
    return [(_noun(one.table.name), one.rows) for one in held if one.table.name in freed]


def _restriction(restriction_id: UUID) -> Restriction:
    found = web.session().get(Restriction, restriction_id)
    if found is None:
        raise NotYours(_("There is no such restriction."))
    return found


def _there(account_id: UUID) -> bool:
    return web.session().get(Account, account_id) is not None


def _tried(act: Any, said: str) -> None:
    session = web.session()
    try:
        act()
    except MoveRefused as error:
        session.rollback()
        flash(gettext(error.text, **error.values), "danger")
    else:
        session.commit()
        flash(said, "success")
