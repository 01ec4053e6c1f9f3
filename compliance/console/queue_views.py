"""The queue of requests."""

from typing import Any

from flask import request
from flask_appbuilder import BaseView, expose, has_access

from compliance.console import queue
from imgpilot import web


class Requests(BaseView):  # type: ignore[misc]
    """The queue."""

    route_base = "/requests"
    default_view = "list"
    class_permission_name = "Requests"

    @expose("/")
    @has_access
    def list(self) -> Any:
        """One page of a saved view."""
        session, today = web.session(), web.parts().clock().date()
        view = next((v.key for v in queue.VIEWS if v.key == request.args.get("view")), "open")
        number = min(max(request.args.get("page", 1, int), 1), queue.LAST_PAGE)
        rows, total = queue.page(session, view, today, number)
        self.update_redirect()
        return self.render_template(
            "console/queue.html",
            view=view,
            views=queue.VIEWS,
            counts=queue.counts(session, today),
            rows=rows,
            total=total,
            number=number,
            size=queue.PAGE,
            holding=queue.holding(session, rows),
        )
