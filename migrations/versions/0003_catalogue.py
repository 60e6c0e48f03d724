"""Checklists, labour, parts and legal texts, by version."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"

DATA = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "checklist_template",
        sa.Column("store_id", sa.String(length=20), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("served", DATA, nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id"],
            ["store.id"],
        ),
        sa.PrimaryKeyConstraint("store_id", "sha256"),
    )
    op.create_table(
        "labour_operation",
        sa.Column("store_id", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("text", sa.String(length=80), nullable=False),
        sa.Column("en", sa.String(length=80), nullable=True),
        sa.Column("hours_centi", sa.Integer(), nullable=False),
        sa.Column("price_fen", sa.Integer(), nullable=False),
        sa.Column("skill", sa.String(length=20), nullable=True),
        sa.Column("safety", sa.Boolean(), nullable=False),
        sa.Column("high_voltage", sa.Boolean(), nullable=False),
        sa.Column("repair_category", sa.String(length=24), nullable=True),
        sa.Column("default_parts", DATA, nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id"],
            ["store.id"],
        ),
        sa.PrimaryKeyConstraint("store_id", "code"),
    )
    op.create_table(
        "legal_text",
        sa.Column("store_id", sa.String(length=20), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("text", sa.String(length=4000), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id"],
            ["store.id"],
        ),
        sa.PrimaryKeyConstraint("store_id", "sha256"),
    )
    op.create_table(
        "part",
        sa.Column("store_id", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("text", sa.String(length=60), nullable=False),
        sa.Column("en", sa.String(length=60), nullable=True),
        sa.Column("part_class", sa.String(length=20), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("price_fen", sa.Integer(), nullable=False),
        sa.Column("stock_milli", sa.Integer(), nullable=False),
        sa.Column("eta_on", sa.String(length=10), nullable=True),
        sa.ForeignKeyConstraint(
            ["store_id"],
            ["store.id"],
        ),
        sa.PrimaryKeyConstraint("store_id", "code"),
    )


def downgrade() -> None:
    op.drop_table("part")
    op.drop_table("legal_text")
    op.drop_table("labour_operation")
    op.drop_table("checklist_template")
