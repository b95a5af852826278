"""Faults that testers order, and the key by which an application that is sent twice counts once."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "ordered_faults",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call", sa.String(length=32), nullable=False),
        sa.Column("effect", sa.String(length=40), nullable=False),
        sa.Column("times_left", sa.Integer(), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ordered_faults")),
    )
    op.create_index(op.f("ix_ordered_faults_ordered_at"), "ordered_faults", ["ordered_at"], unique=False)
    op.add_column("applications", sa.Column("form_key", sa.String(length=64), nullable=True))
    op.create_index(op.f("ix_applications_form_key"), "applications", ["form_key"], unique=True)
