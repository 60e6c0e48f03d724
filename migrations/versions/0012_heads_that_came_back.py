"""Heads of the ledger that phones kept and handed in again; an incident may be about them and so about no act (T16)."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "witnessed_head",
        sa.Column("store_id", sa.String(20), sa.ForeignKey("store.id"), nullable=False),
        sa.Column("device_id", sa.String(36), nullable=False),
        sa.Column("idx", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("store_id", "device_id", "idx", "hash"),
    )
    with op.batch_alter_table("incident") as batch:
        batch.alter_column("change_no", existing_type=sa.BigInteger(), nullable=True)


def downgrade() -> None:
    op.execute("DELETE FROM incident WHERE change_no IS NULL")
    with op.batch_alter_table("incident") as batch:
        batch.alter_column("change_no", existing_type=sa.BigInteger(), nullable=False)
    op.drop_table("witnessed_head")
