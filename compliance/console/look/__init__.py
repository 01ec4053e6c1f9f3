"""Flask-AppBuilder in our look: its templates are overridden once, here is the little Python they need."""

from collections.abc import Callable, Mapping

from flask import Blueprint, Flask

import config
from compliance.console.look import adopted, fields, filters, pages, paging, rail, values, words

#: For a menu entry's name: how many wait there, and whether that is late.
Counts = Callable[[], Mapping[str, "int | tuple[int, bool]"]]


def mount_look(app: Flask, *, counts: Counts | None = None, search: Callable[[], str | None] | None = None) -> None:
    """Dress Flask-AppBuilder. Call it before `AppBuilder(...)`: Jinja asks blueprints in order of registration.

    `counts` fills the numbers in the rail, by menu name. `search` is the address of the search field's page.
    """
    app.register_blueprint(Blueprint("console_look", __name__, template_folder="../templates"))
    adopted.adopt()
    app.before_request(filters.tidy)
    app.jinja_env.filters.update(
        is_number=values.is_number,
        lucide=words.lucide,
        plainly=words.plainly,
        present=values.present,
        said=values.said,
        titled=words.titled,
    )
    # FAB renders its widgets without the context processors, so what they use must be global.
    app.jinja_env.globals.update(
        field_kind=fields.kind,
        field_input=fields.native,
        field_choices=fields.choices,
        filter_chips=filters.chips,
        filter_questions=filters.questions,
        kept_args=filters.kept_args,
        page_of=paging.page_of,
        here=paging.here,
        order_link=paging.order_link,
        may=pages.may,
        record_name=pages.record_name,
        place=pages.place,
        product=config.PRODUCT,
        row_name=values.row_name,
        subject=pages.subject,
        title_of=pages.title_of,
        way=pages.way,
        console_languages=rail.languages,
        initials=rail.initials,
        console_rail=lambda: rail.groups(counts() if counts else {}),
        console_search=search or (lambda: None),
    )
    app.context_processor(pages.frame)
