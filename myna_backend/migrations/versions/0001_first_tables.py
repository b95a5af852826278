"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("terminal_id", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("certificate", sa.String(length=64), nullable=True),
        sa.Column("key_form", sa.String(length=16), nullable=True),
        sa.PrimaryKeyConstraint("visit_id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_at"), "audit", ["at"], unique=False)
    op.create_index(op.f("ix_audit_terminal_id"), "audit", ["terminal_id"], unique=False)
    op.create_table(
        "card_issuers",
        sa.Column("key_id", sa.String(length=32), nullable=False),
        sa.Column("modulus", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_card_issuers")),
    )
    op.create_table(
        "card_keys",
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("modulus", sa.LargeBinary(), nullable=False),
        sa.Column("owner", sa.String(length=128), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_card_keys")),
    )
    op.create_table(
        "denied_certificates",
        sa.Column("issuer_key_id", sa.String(length=64), nullable=False),
        sa.Column("serial", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("issuer_key_id", "serial", name=op.f("pk_denied_certificates")),
    )
    op.create_table(
        "limits",
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "subject", name=op.f("pk_limits")),
    )
    op.create_index(op.f("ix_limits_started_at"), "limits", ["started_at"], unique=False)
    op.create_table(
        "meta",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_meta")),
    )
    op.create_table(
        "offices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("institution_code", sa.String(length=10), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.Column("service_starts_on", sa.Date(), nullable=False),
        sa.Column("service_ends_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offices")),
        sa.UniqueConstraint("institution_code", "name", name=op.f("uq_offices_institution_code")),
    )
    op.create_table(
        "persons",
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("birth_date", sa.String(length=8), nullable=False),
        sa.Column("birth_date_form", sa.String(length=16), nullable=False),
        sa.Column("birth_date_key", sa.String(length=6), nullable=True),
        sa.Column("medical", sa.Text(), nullable=True),
        sa.Column("care", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_persons")),
    )
    op.create_table(
        "refused_keys",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("kept_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_refused_keys")),
    )
    op.create_index(op.f("ix_refused_keys_kept_until"), "refused_keys", ["kept_until"], unique=False)
    op.create_table(
        "trust_roots",
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("certificate", sa.LargeBinary(), nullable=False),
        sa.Column("crl", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_trust_roots")),
    )
    op.create_table(
        "used_assertions",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_used_assertions")),
    )
    op.create_index(op.f("ix_used_assertions_expires_at"), "used_assertions", ["expires_at"], unique=False)
    op.create_table(
        "accounts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("activation_hash", sa.String(length=200), nullable=True),
        sa.Column("activation_expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_accounts_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
    )
    op.create_index(op.f("ix_accounts_office_id"), "accounts", ["office_id"], unique=False)
    op.create_table(
        "certificates",
        sa.Column("issuer_key_id", sa.String(length=64), nullable=False),
        sa.Column("serial", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.person_id"], name=op.f("fk_certificates_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("issuer_key_id", "serial", name=op.f("pk_certificates")),
    )
    op.create_index(op.f("ix_certificates_person_id"), "certificates", ["person_id"], unique=False)
    op.create_table(
        "pins",
        sa.Column("issuer_key_id", sa.String(length=64), nullable=False),
        sa.Column("serial", sa.String(length=40), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("kept_until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["fingerprint"], ["card_keys.fingerprint"], name=op.f("fk_pins_fingerprint")),
        sa.PrimaryKeyConstraint("issuer_key_id", "serial", name=op.f("pk_pins")),
    )
    op.create_index(op.f("ix_pins_fingerprint"), "pins", ["fingerprint"], unique=False)
    op.create_index(op.f("ix_pins_kept_until"), "pins", ["kept_until"], unique=False)
    op.create_table(
        "terminals",
        sa.Column("terminal_id", sa.String(length=16), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("thumbprint", sa.String(length=43), nullable=False),
        sa.Column("key_x", sa.String(length=43), nullable=False),
        sa.Column("key_y", sa.String(length=43), nullable=False),
        sa.Column("agreed_terms_version", sa.String(length=32), nullable=False),
        sa.Column("app_version", sa.String(length=32), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_terminals_account_id")),
        sa.PrimaryKeyConstraint("terminal_id", name=op.f("pk_terminals")),
        sa.UniqueConstraint("account_id", name=op.f("uq_terminals_account_id")),
    )
    op.create_table(
        "access_tokens",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("terminal_id", sa.String(length=16), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["terminal_id"], ["terminals.terminal_id"], name=op.f("fk_access_tokens_terminal_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_access_tokens")),
    )
    op.create_index(op.f("ix_access_tokens_expires_at"), "access_tokens", ["expires_at"], unique=False)
    op.create_index(op.f("ix_access_tokens_terminal_id"), "access_tokens", ["terminal_id"], unique=False)
    op.create_table(
        "challenges",
        sa.Column("challenge_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("terminal_id", sa.String(length=16), nullable=False),
        sa.Column("nonce", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body_digest", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["terminal_id"], ["terminals.terminal_id"], name=op.f("fk_challenges_terminal_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("challenge_id", name=op.f("pk_challenges")),
        sa.UniqueConstraint("visit_id", name=op.f("uq_challenges_visit_id")),
    )
    op.create_index(op.f("ix_challenges_expires_at"), "challenges", ["expires_at"], unique=False)
    op.create_index(op.f("ix_challenges_terminal_id"), "challenges", ["terminal_id"], unique=False)
    op.create_table(
        "last_reads",
        sa.Column("terminal_id", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.person_id"], name=op.f("fk_last_reads_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["terminal_id"], ["terminals.terminal_id"], name=op.f("fk_last_reads_terminal_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("terminal_id", name=op.f("pk_last_reads")),
    )
    op.create_index(op.f("ix_last_reads_read_at"), "last_reads", ["read_at"], unique=False)
    op.create_table(
        "open_visits",
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("terminal_id", sa.String(length=16), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issuer_key_id", sa.String(length=64), nullable=False),
        sa.Column("serial", sa.String(length=40), nullable=False),
        sa.Column("certificate_ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("message", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key_form", sa.String(length=16), nullable=True),
        sa.Column("proof_digest", sa.LargeBinary(), nullable=True),
        sa.Column("proved", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["challenges.visit_id"], name=op.f("fk_open_visits_visit_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("visit_id", name=op.f("pk_open_visits")),
    )
    op.create_index(op.f("ix_open_visits_until"), "open_visits", ["until"], unique=False)
