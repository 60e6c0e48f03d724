"""A manager orders a lost phone to forget everything; the phone says when it has."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    with op.batch_alter_table("device") as batch:
        batch.add_column(sa.Column("wipe_at", sa.DateTime(timezone=True)))
        batch.add_column(sa.Column("wiped_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    with op.batch_alter_table("device") as batch:
        batch.drop_column("wiped_at")
        batch.drop_column("wipe_at")
