"""Runs the steps on the connection that `store.engine` hands over, inside its transaction."""

from alembic import context

from myna_backend.store.tables import Table

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Table.metadata, transactional_ddl=True
)
with context.begin_transaction():
    context.run_migrations()
