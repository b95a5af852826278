"""The store: SQLAlchemy on SQLite or PostgreSQL, tables made by Alembic."""
