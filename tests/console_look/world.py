"""A console with Flask-AppBuilder's own pages and two views of ours, on a real PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import ClassVar

from flask import Blueprint, Flask, flash, render_template
from flask.testing import FlaskClient
from flask_appbuilder import AppBuilder, BaseView, MasterDetailView, ModelView, MultipleView, action, expose
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_appbuilder.widgets import ListBlock, ListItem, ListThumbnail
from flask_wtf import CSRFProtect
from sqlalchemy import ForeignKey, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, scoped_session, sessionmaker
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

import config
from compliance.console.look import mount_look
from imgpilot import language, look

PASSWORD = "correct horse battery"


class Base(DeclarativeBase):
    """Not FAB's base: what is on that must be classified, and these tables are only for looking at."""


class Mood(StrEnum):
    """An enumeration, because FAB draws those too."""

    GOOD = "good"
    BAD = "bad"


class Shelf(Base):
    """What hangs on it: books."""

    __tablename__ = "look_shelf"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    books: Mapped[list["Book"]] = relationship(back_populates="shelf")

    def __str__(self) -> str:
        return self.name


class Book(Base):
    """A column of every kind that FAB has an input for."""

    __tablename__ = "look_book"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    pages: Mapped[int | None]
    lent: Mapped[bool] = mapped_column(default=False)
    bought: Mapped[date | None]
    mood: Mapped[Mood]
    shelf_id: Mapped[int | None] = mapped_column(ForeignKey("look_shelf.id"))
    shelf: Mapped[Shelf | None] = relationship(back_populates="books")

    def __str__(self) -> str:
        return self.title


class Books(ModelView):  # type: ignore[misc]
    """A list with two actions, one of which asks first."""

    datamodel = SQLAInterface(Book)
    list_columns: ClassVar = ["title", "shelf", "pages", "lent", "bought", "mood"]
    search_columns: ClassVar = ["title", "pages", "lent", "bought", "mood", "shelf"]
    base_order = ("title", "asc")

    @action("remind", "Remind", None, "mail")
    def remind(self, books: list[Book]) -> Response:
        """Needs no question."""
        flash(f"Reminded {len(books)}", "success")
        return self.post_edit_redirect()

    @action("burn", "Burn", "Burn the chosen books?", "flame")
    def burn(self, books: list[Book]) -> Response:
        """Asks."""
        return self.post_edit_redirect()


class Shelves(ModelView):  # type: ignore[misc]
    """A record with others hanging on it."""

    datamodel = SQLAInterface(Shelf)
    related_views: ClassVar = [Books]


class Cascades(Shelves):
    """The same, folded."""

    show_template = "appbuilder/general/model/show_cascade.html"
    edit_template = "appbuilder/general/model/edit_cascade.html"


class Blocks(ModelView):  # type: ignore[misc]
    """A list as blocks."""

    datamodel = SQLAInterface(Book)
    list_widget = ListBlock


class Items(Blocks):
    """A list as items."""

    list_widget = ListItem


class Thumbnails(Blocks):
    """A list as facts."""

    list_widget = ListThumbnail


class Master(MasterDetailView):  # type: ignore[misc]
    """Shelves at the left, their books at the right."""

    datamodel = SQLAInterface(Shelf)
    related_views: ClassVar = [Books]


class Both(MultipleView):  # type: ignore[misc]
    """Two lists on one page."""

    views: ClassVar = [Books, Shelves]


class Samples(BaseView):  # type: ignore[misc]
    """The building blocks of the case's page and of the queue."""

    route_base = "/sample"
    default_view = "case"

    @expose("/case")
    def case(self) -> str:
        """A case."""
        return str(self.render_template("case_sample.html"))

    @expose("/queue")
    def queue(self) -> str:
        """The queue."""
        return str(self.render_template("queue_sample.html"))


def make(url: str, **settings: object) -> tuple[Flask, "scoped_session[object]"]:
    """The console as create_app makes it, with these settings besides."""
    engine = create_engine(url)
    session = scoped_session(sessionmaker(engine))
    app = Flask("imgpilot.console", root_path=str(look.HERE))
    app.config.update(
        SECRET_KEY="x" * 40,
        APP_NAME="Privacy console",
        LANGUAGES={code: {"flag": "", "name": name} for code, name in config.LANGUAGES.items()},
        BABEL_TRANSLATION_DIRECTORIES=str(language.FOLDER),
        RATELIMIT_STORAGE_URI="memory://",
        FAB_API_SWAGGER_UI=True,
        FAB_ROLES={"Auditor": [[".*", "can_list"], [".*", "can_show"]]},
        TESTING=True,
        FAB_PASSWORD_HASH_METHOD="pbkdf2:sha256:1",
        **settings,
    )
    CSRFProtect(app)
    app.teardown_appcontext(lambda _error: session.remove())
    mount_look(app, counts=lambda: {"Books": 3, "Shelves": (1, True)}, search=lambda: "/search")
    app.register_blueprint(Blueprint("samples", __name__, template_folder=str(Path(__file__).parent / "samples")))
    with app.app_context():
        Base.metadata.create_all(engine)
        builder = AppBuilder(app, session)
        builder.add_view(Samples, "Requests", icon="inbox")
        for view in (Books, Shelves, Cascades, Blocks, Items, Thumbnails, Master, Both):
            builder.add_view(view, view.__name__, category="Data", icon="archive")
        _fill(builder, session)
    look.dress(app, production=False)

    @app.errorhandler(HTTPException)
    def _error(error: HTTPException) -> tuple[str, int]:
        status = error.code or 500
        return render_template(["console/error.html", "error.html"], status=status, said=None), status

    return app, session


def _fill(builder: AppBuilder, session: "scoped_session[object]") -> None:
    manager = builder.sm
    for name, role in (("ana", "Admin"), ("bob", "Auditor")):
        manager.add_user(name, name.title(), "Lind", f"{name}@example.com", manager.find_role(role), password=PASSWORD)
    shelf = Shelf(name="Kitchen")
    session.add(shelf)
    moods = [Mood.GOOD, Mood.BAD]
    for n in range(30):
        session.add(Book(title=f"Book {n:02}", pages=100 + n, lent=n % 4 == 0, mood=moods[n % 2], shelf=shelf))
    session.commit()


@contextmanager
def signed_in(app: Flask, name: str = "ana") -> Iterator[FlaskClient]:
    """A browser in which this member of staff is signed in."""
    with app.test_client() as browser:
        browser.post("/login/", data={"username": name, "password": PASSWORD})
        yield browser
