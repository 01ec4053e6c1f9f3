"""The texts of letters: read, looked at with other words, kept, and taken back to ours."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose, has_access
from flask_babel import gettext

import config
from compliance import letters
from compliance.console import members
from compliance.console.signed_in import officer
from compliance.errors import MoveRefused
from imgpilot import web
from imgpilot.errors import NotYours
from imgpilot.language import marked as _


class Texts(BaseView):  # type: ignore[misc]
    """The texts of letters."""

    route_base = "/setup/letters"
    default_view = "all_texts"

    @expose("/")
    @has_access
    def all_texts(self) -> Any:
        """Every kind of letter, and whether its text is ours."""
        session = web.session()
        return self.render_template(
            "console/letters.html",
            kinds=[(kind, gettext(text.title)) for kind, text in letters.TEXTS.items()],
            languages_=config.LANGUAGES,
            changed=letters.changed(session),
        )

    @expose("/<kind>/<code>")
    @has_access
    def one_text(self, kind: str, code: str) -> Any:
        """One text with its placeholders, its history, and how it reads."""
        return self._page(kind, code)

    @expose("/<kind>/<code>/change", methods=["POST"])
    @has_access
    def change(self, kind: str, code: str) -> Any:
        """Look at a changed text, keep it, or go back to ours."""
        _is_one(kind, code)
        session, form, staff = web.session(), request.form, officer().staff
        assert staff is not None
        subject, text = form.get("subject", ""), form.get("body", "")
        if form.get("do") == "ours":
            subject, text = letters.ours(kind, code)
        try:
            if form.get("do") == "look":
                letters.check_text(kind, " ".join(subject.split()), text)
                return self._page(kind, code, typed=(subject, text))
            letters.change_text(session, kind, code, subject, text, staff, web.parts().clock())
        except MoveRefused as error:
            session.rollback()
            return self._page(kind, code, (subject, text), gettext(error.text, **error.values)), error.status
        session.commit()
        flash(gettext("Letters that are written from now on read like this."), "success")
        return redirect(url_for("Texts.one_text", kind=kind, code=code))

    def _page(self, kind: str, code: str, typed: tuple[str, str] | None = None, error: str = "") -> Any:
        _is_one(kind, code)
        session = web.session()
        subject, text = typed or letters.text_of(session, kind, code)
        return self.render_template(
            "console/letters_edit.html",
            kind=kind,
            code=code,
            title=gettext(letters.TEXTS[kind].title),
            subject=subject,
            body=text,
            reads=letters.sample(session, web.parts().settings, kind, code, subject, text),
            error=error,
            placeholders=[
                (name, gettext(letters.PLACEHOLDERS[name]), name in letters.TEXTS[kind].needs)
                for name in letters.TEXTS[kind].knows
            ],
            history=letters.history(session, kind, code),
            is_ours=letters.text_of(session, kind, code) == letters.ours(kind, code),
            staff=members.read(session),
            may=self.appbuilder.sm.has_access,
        )


def _is_one(kind: str, code: str) -> None:
    if kind not in letters.TEXTS or code not in config.LANGUAGES:
        raise NotYours(_("There is no such letter."))
