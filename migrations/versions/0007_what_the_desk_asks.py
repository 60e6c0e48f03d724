"""Indexes for what the desk asks every day: who is expected, which photos are missing, which acts were set aside."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

MISSING = sa.text("state = 'expected'")
ASIDE = sa.text("verdict = 'quarantined'")


def upgrade() -> None:
    op.create_index("ix_appointment_slot", "appointment", ["store_id", "slot_start_at"])
    op.create_index("ix_photo_missing", "photo", ["store_id", "device_id"], sqlite_where=MISSING, postgresql_where=MISSING)
    op.create_index("ix_act_aside", "kept_act", ["store_id", "device_id"], sqlite_where=ASIDE, postgresql_where=ASIDE)


def downgrade() -> None:
    op.drop_index("ix_act_aside", "kept_act")
    op.drop_index("ix_photo_missing", "photo")
    op.drop_index("ix_appointment_slot", "appointment")
