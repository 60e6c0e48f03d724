"""Old visits are found by their plate without its province and letter, as people say it; merged ones by where they go on."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

MERGED = sa.text("merged_into IS NOT NULL")


def upgrade() -> None:
    op.create_index("ix_visit_plate_end", "visit", ["store_id", sa.text("substr(plate, 3)")])
    op.create_index("ix_visit_merged", "visit", ["merged_into"], sqlite_where=MERGED, postgresql_where=MERGED)


def downgrade() -> None:
    op.drop_index("ix_visit_merged", "visit")
    op.drop_index("ix_visit_plate_end", "visit")
