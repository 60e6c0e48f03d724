"""Customers, their cars, and who is expected when."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"

DATA = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "customer",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("mobile", sa.String(length=20), nullable=False),
        sa.Column("preferred_channel", sa.String(length=12), nullable=True),
        sa.Column("wishes", sa.String(length=200), nullable=True),
        sa.Column("special_flag", sa.String(length=20), nullable=True),
        sa.Column("ceiling_fen", sa.Integer(), nullable=True),
        sa.Column("store_id", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id"],
            ["store.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "vehicle",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("customer_id", sa.String(length=36), nullable=True),
        sa.Column("customer_name", sa.String(length=60), nullable=True),
        sa.Column("mobile", sa.String(length=20), nullable=True),
        sa.Column("customer_kind", sa.String(length=12), nullable=True),
        sa.Column("wishes", sa.String(length=200), nullable=True),
        sa.Column("special_flag", sa.String(length=20), nullable=True),
        sa.Column("plate", sa.String(length=12), nullable=False),
        sa.Column("plate_kind", sa.String(length=12), nullable=False),
        sa.Column("vin", sa.String(length=17), nullable=True),
        sa.Column("model", sa.String(length=60), nullable=True),
        sa.Column("body", sa.String(length=8), nullable=False),
        sa.Column("powertrain", sa.String(length=5), nullable=False),
        sa.Column("colour", sa.String(length=20), nullable=True),
        sa.Column("registered_on", sa.Date(), nullable=True),
        sa.Column("odometer_km", sa.Integer(), nullable=True),
        sa.Column("last_visit_on", sa.Date(), nullable=True),
        sa.Column("last_full_walkaround_on", sa.Date(), nullable=True),
        sa.Column("placard_kpa", sa.Integer(), nullable=True),
        sa.Column("service_km", sa.Integer(), nullable=True),
        sa.Column("service_months", sa.Integer(), nullable=True),
        sa.Column("open_recall", sa.String(length=60), nullable=True),
        sa.Column("ceiling_fen", sa.Integer(), nullable=True),
        sa.Column("marks", DATA, nullable=False),
        sa.Column("declined", DATA, nullable=False),
        sa.Column("change_no", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("store_id", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customer.id"],
        ),
        sa.ForeignKeyConstraint(
            ["store_id"],
            ["store.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("store_id", "vin"),
    )
    op.create_index("ix_vehicle_change", "vehicle", ["store_id", "change_no"], unique=False)
    op.create_index(op.f("ix_vehicle_plate"), "vehicle", ["plate"], unique=False)
    op.create_table(
        "appointment",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column("vehicle_id", sa.String(length=36), nullable=False),
        sa.Column("advisor", sa.String(length=20), nullable=True),
        sa.Column("slot_start_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("duration_min", sa.Integer(), nullable=False),
        sa.Column("promised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("customer_words", sa.String(length=1000), nullable=True),
        sa.Column("priority_class", sa.String(length=20), nullable=True),
        sa.Column("payer", sa.String(length=10), nullable=False),
        sa.Column("jobs", DATA, nullable=False),
        sa.Column("parts", DATA, nullable=False),
        sa.Column("visit_id", sa.String(length=36), nullable=True),
        sa.Column("change_no", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("store_id", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id"],
            ["store.id"],
        ),
        sa.ForeignKeyConstraint(
            ["vehicle_id"],
            ["vehicle.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_appointment_change", "appointment", ["store_id", "change_no"], unique=False)


def downgrade() -> None:
    op.drop_table("appointment")
    op.drop_table("vehicle")
    op.drop_table("customer")
