"""An index of the cars still here alone: the day asks for them every few seconds, and years of released ones lie beside."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

STILL_HERE = sa.text("state NOT IN ('released', 'cancelled')")


def upgrade() -> None:
    op.create_index("ix_visit_here", "visit", ["store_id", "arrived_at", "id"], sqlite_where=STILL_HERE,
                    postgresql_where=STILL_HERE)


def downgrade() -> None:
    op.drop_index("ix_visit_here", "visit")
