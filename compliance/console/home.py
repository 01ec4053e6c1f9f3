"""The console's first page: what to do first."""

from typing import Any

from flask import g, redirect, url_for
from flask_appbuilder import IndexView, expose

from compliance.console import queue
from imgpilot import web


class Today(IndexView):  # type: ignore[misc]
    """What to do first."""

    index_template = "console/today.html"

    @expose("/")
    def index(self) -> Any:
        """The home page; FAB shows it to everybody, so whoever is not staff signs in first."""
        if not g.user.is_authenticated:
            return redirect(url_for(f"{self.appbuilder.sm.auth_view.endpoint}.login"))
        session, now = web.session(), web.parts().clock()
        soonest, _total = queue.page(session, "open", now.date(), 1)
        self.update_redirect()
        return self.render_template(
            self.index_template,
            counts=queue.counts(session, now.date()),
            rows=soonest[:5],
            holding=queue.holding(session, soonest[:5]),
            now=now,
            may_read=self.appbuilder.sm.has_access("can_list", "Requests"),
        )
