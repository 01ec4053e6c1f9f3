"""The console's pages on Flask-AppBuilder: today, the queue, the case, and what is decided there."""

import logging

from flask import Flask
from flask_appbuilder import AppBuilder
from flask_appbuilder.api.manager import OpenApi

import config
from compliance import words
from compliance.console import queue_views, roles, timeline
from compliance.console.appeal_views import Appeals
from compliance.console.case_views import Cases
from compliance.console.deed_views import Deeds
from compliance.console.entry_views import Entry
from compliance.console.file_views import Files
from compliance.console.history import keep_no_pages, keep_searches_out
from compliance.console.hold_views import Holds
from compliance.console.home import Today
from compliance.console.letter_views import Letters
from compliance.console.look import mount_look
from compliance.console.managed_views import Agents, Team
from compliance.console.own_words import own
from compliance.console.person_views import People
from compliance.console.queue_views import Requests
from compliance.console.regime_views import Regimes
from compliance.console.report_views import Reports
from compliance.console.rest import RequestApi
from compliance.console.rest_answers import speak_json
from compliance.console.security import Security, refuse_unknown_actions
from compliance.console.staff import watch
from compliance.console.text_views import Texts
from compliance.requests import progress
from compliance.requests.procedures import TITLES
from compliance.requests.work import WORK  # noqa: F401  (a step without work would show here, at start)
from imgpilot import digests, faults, web
from imgpilot.language import marked as _
from imgpilot.processors import PROCESSORS
from imgpilot.ruler import Mark
from imgpilot.safety import appeals
from imgpilot.sharing import reports


def mount(app: Flask) -> None:
    """Make the app a Flask-AppBuilder console."""
    app.config.update(
        APP_NAME=_("Privacy console"),
        LANGUAGES={code: {"flag": "", "name": name} for code, name in config.LANGUAGES.items()},
        FAB_ROLES=roles.ROLES,
        AUTH_ROLE_ADMIN="Admin",
        RATELIMIT_ENABLED=True,
        RATELIMIT_STORAGE_URI="memory://",
        FAB_API_SWAGGER_UI=False,
        JWT_SECRET_KEY=digests.keyed(app.extensions["parts"].settings, "tokens-console", ""),
        JWT_ERROR_MESSAGE_KEY="message",
        FAB_PASSWORD_COMPLEXITY_ENABLED=True,
        # Lists of FAB's own wiring that nobody works with; roles say what they mean in compliance.console.roles.
        FAB_ADD_SECURITY_PERMISSION_VIEW=False,
        FAB_ADD_SECURITY_VIEW_MENU_VIEW=False,
        FAB_ADD_SECURITY_PERMISSION_VIEWS_VIEW=False,
    )
    # It reports on its own wiring at every start; what is wrong it raises.
    logging.getLogger("flask_appbuilder").setLevel(logging.ERROR)
    faults.unquoted(*(name for name in logging.root.manager.loggerDict if name.startswith("flask_appbuilder.")))
    watch(app.extensions["session"])
    keep_searches_out(app)
    keep_no_pages(app)
    speak_json(app)
    mount_look(app, counts=_waiting, search=lambda: None)
    app.context_processor(
        lambda: {
            "words_for": words,
            "titles": TITLES,
            "happened": timeline.HAPPENED,
            "processors": PROCESSORS,
            "clock_of": lambda one: progress.clock(one, web.parts().clock()),
            "Mark": Mark,
            "languages_named": lambda code: config.LANGUAGES.get(code, code),
        }
    )
    app.jinja_env.filters["capitalize_first"] = words.capitalize_first
    app.jinja_env.filters["as_staff"] = own
    with app.app_context():
        builder = AppBuilder(app, app.extensions["session"], indexview=Today, security_manager_class=Security)
        builder.add_link("Today", label=_("Today"), href="/", icon="calendar-clock")
        builder.add_view(Requests, "Requests", label=_("Requests"), icon="inbox")
        for view in (Cases, Deeds, Letters, Files, Entry):
            builder.add_view_no_menu(view)
        builder.add_view(People, "People", label=_("People"), icon="users")
        builder.add_view(Holds, "Holds", label=_("Legal holds"), icon="lock")
        builder.add_view(Appeals, "Appeals", label=_("Refused prompts"), icon="ban")
        builder.add_view(Reports, "Reports", label=_("Reported pictures"), icon="flag")
        for view, label, icon in (
            (Texts, _("Letter texts"), "mail"),
            (Regimes, _("Laws and deadlines"), "scale"),
            (Agents, _("Authorised agents"), "handshake"),
            (Team, _("Team and roles"), "users"),
        ):
            name = view.__name__
            builder.add_view(view, name, label=label, icon=icon, category="Set up", category_label=_("Set up"))
        builder.add_api(RequestApi)
        builder.add_api(OpenApi)
        late = "/requests/?view=overdue"
        builder.add_link("Overdue", label=_("Overdue"), href=late, icon="triangle-alert")
    refuse_unknown_actions(app)


def _waiting() -> dict[str, int | tuple[int, bool]]:
    """The numbers in the rail."""
    found = queue_views.waiting().by_view
    return {
        "Requests": found["open"],
        "Overdue": (found["overdue"], True),
        "Reports": reports.waiting(web.session()),
        "Appeals": appeals.count_waiting(web.session()),
    }
