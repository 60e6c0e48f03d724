"""What became of backups and their tests, and how far a store's acts are backed up."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "backup_run",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sentence", sa.String(length=300), nullable=False),
        sa.Column("facts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_backup_run", "backup_run", ["kind", "began_at"])
    with op.batch_alter_table("store_counter") as batch:
        batch.add_column(sa.Column("backed_up", sa.BigInteger(), nullable=False, server_default="0"))
    with op.batch_alter_table("store_counter") as batch:
        batch.alter_column("backed_up", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("store_counter") as batch:
        batch.drop_column("backed_up")
    op.drop_index("ix_backup_run", "backup_run")
    op.drop_table("backup_run")
