"""The database: one declarative base, names by convention, and how to reach it."""

from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import DateTime, Engine, Index, MetaData, create_engine
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

import config
from imgpilot.privacy import WORD

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

Sessions = sessionmaker[Session]


class Base(DeclarativeBase):
    """Every table of ours. Each says what it holds; see imgpilot.privacy."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: DateTime(timezone=True)}

    def __init_subclass__(cls, **options: Any) -> None:
        """Rows that leave by a clock are found by it: that clock gets an index."""
        super().__init_subclass__(**options)
        table = cls.__dict__.get("__table__")
        if table is None or WORD not in table.info:
            return
        since = table.info[WORD].kept.since
        if since and not any(each.columns.keys()[:1] == [since] for each in table.indexes):
            Index(f"ix_{table.name}_{since}", table.c[since])


def every_metadata() -> list[MetaData]:
    """Ours and Flask-AppBuilder's, complete: every module that declares a table has been imported."""
    from flask_appbuilder import Model

    for module in config.TABLES:
        import_module(module)
    return [Model.metadata, Base.metadata]


def connect(url: str, **options: Any) -> Engine:
    """An engine whose connections speak UTC and never wait for a lock for ever."""
    return create_engine(
        url,
        pool_pre_ping=True,
        hide_parameters=True,  # an error text must not quote bound values: they are people's data
        connect_args={"options": "-c timezone=UTC -c lock_timeout=15s -c idle_in_transaction_session_timeout=120s"},
        **options,
    )


def sessions(engine: Engine) -> Sessions:
    """A factory of sessions on this engine. Rows stay readable after commit."""
    return sessionmaker(engine, expire_on_commit=False)


def alembic_config(url: str) -> Any:
    """Alembic's configuration for this database."""
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(Path(config.__file__).parent / "migrations"))
    made.attributes["url"] = url
    return made


def upgrade(url: str) -> None:
    """Bring the database to the newest migration. Repeating it changes nothing."""
    from alembic import command

    command.upgrade(alembic_config(url), "head")


def same_id(text: str) -> UUID | None:
    """The UUID that a piece of an address spells, or None."""
    try:
        return UUID(text)
    except ValueError:
        return None
