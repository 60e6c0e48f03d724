"""Who filled each field of a visit and its order (conflicts are judged by it), and photos found by their bytes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"

DATA = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    for table in ("visit", "work_order"):
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("said", DATA, nullable=False, server_default="{}"))
        with op.batch_alter_table(table) as batch:
            batch.alter_column("said", server_default=None)
    op.create_index("ix_photo_bytes", "photo", ["store_id", "sha256"])


def downgrade() -> None:
    op.drop_index("ix_photo_bytes", "photo")
    for table in ("work_order", "visit"):
        with op.batch_alter_table(table) as batch:
            batch.drop_column("said")
