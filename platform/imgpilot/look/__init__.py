"""The product's look, the same on the site and on the console. One call dresses a Flask app.

    dress(app)

Templates then have `icon`, `mark`, `shape_icon`, `asset`, `Mark`, `ruler`, `ruler_scale`, `ruler_units`, `shape`,
`wide`, `portions`, `unique`, `csp_nonce`, `htmx_config`, `lang`, `languages`, `theme`, `has_page`; the filters
`day`, `moment`, `number`, `filesize`; and every answer carries the security headers. Letters, which need no Flask,
come from `imgpilot.look.letters`.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from flask import Flask

import config
from imgpilot.look import assets, figures, headers, icons, pages, pictures, specimen
from imgpilot.ruler import Mark, ruler, ruler_scale, ruler_units

__all__ = ["HERE", "dress"]

#: Where templates/ and static/ are, for the app factory.
HERE = Path(__file__).parent.parent


def dress(app: Flask, *, also: Mapping[str, Iterable[str]] | None = None, production: bool | None = None) -> None:
    """Give an app the look. Call it once, after Babel and the parts.

    `also` widens the content security policy where a real part needs it, as {"img-src": ["https://cdn.example"]}.
    `production` is for tests; unset, the settings say it.
    """
    if production is None:
        production = config.settings().is_production
    #: Strict: a missing icon or file is an error. In production it is a hole in a page, and a line in the log.
    app.config.setdefault("LOOK_STRICT", not production)
    app.jinja_env.globals.update(
        Mark=Mark,
        asset=assets.asset,
        csp_nonce=headers.csp_nonce,
        has_page=pages.has_page,
        htmx_config=pages.htmx_config,
        icon=icons.icon,
        lang=pages.lang,
        languages=config.LANGUAGES,
        mark=icons.mark,
        portions=pictures.portions,
        ruler=ruler,
        ruler_scale=ruler_scale,
        ruler_units=ruler_units,
        shape=pictures.shape,
        shape_icon=icons.shape_icon,
        theme=pages.theme,
        unique=pages.unique,
        wide=pictures.wide,
    )
    app.jinja_env.filters.update(
        day=figures.said(figures.day),
        filesize=figures.said(figures.filesize),
        moment=figures.said(figures.moment),
        number=figures.said(figures.number),
    )
    app.after_request(headers.guard(also or {}))
    app.after_request(assets.keep_long)
    if not production:
        app.register_blueprint(specimen.blueprint)
