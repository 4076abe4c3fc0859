"""How Alembic meets the site: on the application's own engine and tables."""

from __future__ import annotations

from alembic import context
from flask import current_app

database = current_app.extensions["migrate"].db


def run() -> None:
    """Run the wanted migrations on a live connection; there is no offline mode."""
    engine = database.engine
    if engine.dialect.name == "sqlite":
        _run_on_sqlite(engine)
        return
    with engine.connect() as connection:
        _migrate(connection)


def _run_on_sqlite(engine) -> None:
    # Batch operations rebuild tables by dropping them, which foreign keys would forbid.
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.commit()
        try:
            _migrate(connection)
        finally:
            connection.rollback()
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")


def _migrate(connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=database.metadatas[None],
        render_as_batch=True,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
