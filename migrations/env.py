"""How Alembic reaches the database, and what it compares it with."""

from alembic import context
from alembic.autogenerate import rewriter
from alembic.operations import ops
from sqlalchemy import text

from imgpilot.db import connect, every_metadata


def _url() -> str:
    given = context.config.attributes.get("url")
    if given:
        return str(given)
    import config
    from imgpilot.postgres import address

    return address(config.settings())


#: Columns that no model knows any more and that the release before still writes; the next migration drops them.
LEAVING: set[tuple[str, str]] = set()


def _compared(found: object, name: str | None, kind: str, _reflected: bool, _with: object) -> bool:
    table = getattr(found, "table", None)
    return kind != "column" or (getattr(table, "name", ""), name) not in LEAVING


writer = rewriter.Rewriter()


@writer.rewrites(ops.CreateTableOp)
def _without_declarations(_context: object, _revision: object, table: ops.CreateTableOp) -> ops.CreateTableOp:
    """What a column holds is said on the model alone; its history is the golden record, not migrations."""
    table.info = {}
    return table


def run() -> None:
    """Run under an advisory lock, so two starts at once upgrade once."""
    engine = connect(_url())
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(727001)"))
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=every_metadata(),
            transaction_per_migration=True,
            process_revision_directives=writer,
            include_object=_compared,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.execute(text("SELECT pg_advisory_unlock(727001)"))
        connection.commit()
    engine.dispose()


if context.is_offline_mode():
    raise SystemExit("Migrations are run against a database, not written out: use `imgpilot db upgrade`.")
run()
