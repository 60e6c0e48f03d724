"""A car's stay, and what is seen on it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"

DATA = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "visit",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column("order_number", sa.String(length=20), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("advisor", sa.String(length=20), nullable=False),
        sa.Column("plate", sa.String(length=12), nullable=False),
        sa.Column("vin", sa.String(length=17), nullable=True),
        sa.Column("model", sa.String(length=60), nullable=True),
        sa.Column("body", sa.String(length=8), nullable=False),
        sa.Column("powertrain", sa.String(length=5), nullable=False),
        sa.Column("vehicle_id", sa.String(length=36), nullable=True),
        sa.Column("customer_id", sa.String(length=36), nullable=True),
        sa.Column("customer_name", sa.String(length=60), nullable=False),
        sa.Column("mobile", sa.String(length=20), nullable=False),
        sa.Column("sender", sa.String(length=40), nullable=False),
        sa.Column("sender_name", sa.String(length=40), nullable=True),
        sa.Column("appointment_id", sa.String(length=36), nullable=True),
        sa.Column("notice_version", sa.String(length=40), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("arrival_mode", sa.String(length=20), nullable=True),
        sa.Column("licence_checked", sa.Boolean(), nullable=True),
        sa.Column("booklet", sa.String(length=20), nullable=True),
        sa.Column("waiting_mode", sa.String(length=20), nullable=True),
        sa.Column("business_type", sa.String(length=20), nullable=True),
        sa.Column("repair_category", sa.String(length=24), nullable=True),
        sa.Column("rework_of", sa.String(length=36), nullable=True),
        sa.Column("warranty_judgement", sa.String(length=20), nullable=True),
        sa.Column("promised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_by", sa.String(length=40), nullable=True),
        sa.Column("ready_note", sa.String(length=300), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gate_pass", sa.String(length=40), nullable=True),
        sa.Column("settled_note", sa.String(length=300), nullable=True),
        sa.Column("cancel_reason", sa.String(length=300), nullable=True),
        sa.Column("merged_into", sa.String(length=36), nullable=True),
        sa.Column("revisions", DATA, nullable=False),
        sa.Column("signed", DATA, nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("change_no", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("store_id", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id"],
            ["store.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_visit_change", "visit", ["store_id", "change_no"], unique=False)
    op.create_index("ix_visit_day", "visit", ["store_id", "arrived_at"], unique=False)
    op.create_index("ix_visit_open", "visit", ["store_id", "state", "arrived_at"], unique=False)
    op.create_index("ix_visit_plate", "visit", ["store_id", "plate"], unique=False)
    op.create_index(op.f("ix_visit_touched_at"), "visit", ["touched_at"], unique=False)
    op.create_index(op.f("ix_visit_vehicle_id"), "visit", ["vehicle_id"], unique=False)
    op.create_index(
        "uq_visit_number",
        "visit",
        ["store_id", "number"],
        unique=True,
        sqlite_where=sa.text("number IS NOT NULL"),
        postgresql_where=sa.text("number IS NOT NULL"),
    )
    op.create_table(
        "answer",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("run", sa.String(length=40), nullable=False),
        sa.Column("item", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=True),
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.Column("choice", sa.String(length=40), nullable=True),
        sa.Column("choices", DATA, nullable=True),
        sa.Column("text", sa.String(length=1000), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("severity", sa.String(length=10), nullable=True),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("disputed", sa.Boolean(), nullable=False),
        sa.Column("answered_by", sa.String(length=20), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("visit_id", sa.String(length=36), nullable=False),
        sa.Column("change_no", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("store_id", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id"],
            ["store.id"],
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"],
            ["visit.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_answer_change", "answer", ["store_id", "change_no"], unique=False)
    op.create_index(op.f("ix_answer_visit_id"), "answer", ["visit_id"], unique=False)
    op.create_index(
        "uq_answer_current",
        "answer",
        ["visit_id", "run", "item"],
        unique=True,
        sqlite_where=sa.text("current"),
        postgresql_where=sa.text("current"),
    )
    op.create_table(
        "belonging",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("photos", DATA, nullable=False),
        sa.Column("kept_in_car", sa.Boolean(), nullable=False),
        sa.Column("retracted", sa.Boolean(), nullable=False),
        sa.Column("retract_reason", sa.String(length=300), nullable=True),
        sa.Column("returned", sa.Boolean(), nullable=True),
        sa.Column("return_note", sa.String(length=300), nullable=True),
        sa.Column("recorded_by", sa.String(length=20), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("visit_id", sa.String(length=36), nullable=False),
        sa.Column("change_no", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("store_id", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id"],
            ["store.id"],
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"],
            ["visit.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_belonging_change", "belonging", ["store_id", "change_no"], unique=False)
    op.create_index(op.f("ix_belonging_visit_id"), "belonging", ["visit_id"], unique=False)
    op.create_table(
        "checklist_run",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("run", sa.String(length=40), nullable=False),
        sa.Column("template_sha256", sa.String(length=64), nullable=False),
        sa.Column("mode", sa.String(length=8), nullable=True),
        sa.Column("customer_joined", sa.String(length=8), nullable=True),
        sa.Column("person", sa.String(length=40), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by", sa.String(length=20), nullable=False),
        sa.Column("visit_id", sa.String(length=36), nullable=False),
        sa.Column("change_no", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("store_id", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id"],
            ["store.id"],
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"],
            ["visit.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("visit_id", "run"),
    )
    op.create_index("ix_checklist_run_change", "checklist_run", ["store_id", "change_no"], unique=False)
    op.create_index(op.f("ix_checklist_run_visit_id"), "checklist_run", ["visit_id"], unique=False)
    op.create_table(
        "concern",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("when", sa.String(length=120), nullable=True),
        sa.Column("where", sa.String(length=120), nullable=True),
        sa.Column("condition", sa.String(length=120), nullable=True),
        sa.Column("frequency", sa.String(length=120), nullable=True),
        sa.Column("retracted", sa.Boolean(), nullable=False),
        sa.Column("retract_reason", sa.String(length=300), nullable=True),
        sa.Column("recorded_by", sa.String(length=20), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("visit_id", sa.String(length=36), nullable=False),
        sa.Column("change_no", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("store_id", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id"],
            ["store.id"],
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"],
            ["visit.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_concern_change", "concern", ["store_id", "change_no"], unique=False)
    op.create_index(op.f("ix_concern_visit_id"), "concern", ["visit_id"], unique=False)
    op.create_table(
        "consent",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("notice_version", sa.String(length=40), nullable=False),
        sa.Column("photos", sa.Boolean(), nullable=False),
        sa.Column("signature", sa.Boolean(), nullable=False),
        sa.Column("marketing", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=20), nullable=False),
        sa.Column("visit_id", sa.String(length=36), nullable=False),
        sa.Column("change_no", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("store_id", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id"],
            ["store.id"],
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"],
            ["visit.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_consent_change", "consent", ["store_id", "change_no"], unique=False)
    op.create_index(op.f("ix_consent_visit_id"), "consent", ["visit_id"], unique=False)
    op.create_table(
        "damage_mark",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("region", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("size", sa.String(length=40), nullable=False),
        sa.Column("x", sa.Integer(), nullable=False),
        sa.Column("y", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.Column("photos", DATA, nullable=False),
        sa.Column("retracted", sa.Boolean(), nullable=False),
        sa.Column("retract_reason", sa.String(length=300), nullable=True),
        sa.Column("recorded_by", sa.String(length=20), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.String(length=36), nullable=False),
        sa.Column("change_no", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("store_id", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id"],
            ["store.id"],
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"],
            ["visit.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_damage_mark_change", "damage_mark", ["store_id", "change_no"], unique=False)
    op.create_index(op.f("ix_damage_mark_visit_id"), "damage_mark", ["visit_id"], unique=False)
    op.create_table(
        "defect",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("photos", DATA, nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("visit_id", sa.String(length=36), nullable=False),
        sa.Column("change_no", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("store_id", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id"],
            ["store.id"],
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"],
            ["visit.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_defect_change", "defect", ["store_id", "change_no"], unique=False)
    op.create_index(op.f("ix_defect_visit_id"), "defect", ["visit_id"], unique=False)
    op.create_table(
        "discrepancy",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(length=100), nullable=False),
        sa.Column("said_by", sa.String(length=20), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.Column("visit_id", sa.String(length=36), nullable=False),
        sa.Column("change_no", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("store_id", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id"],
            ["store.id"],
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"],
            ["visit.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_discrepancy_change", "discrepancy", ["store_id", "change_no"], unique=False)
    op.create_index(op.f("ix_discrepancy_visit_id"), "discrepancy", ["visit_id"], unique=False)
    op.create_table(
        "mark_check",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("run", sa.String(length=40), nullable=False),
        sa.Column("mark", sa.String(length=36), nullable=False),
        sa.Column("now", sa.String(length=10), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.Column("photos", DATA, nullable=False),
        sa.Column("checked_by", sa.String(length=20), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("visit_id", sa.String(length=36), nullable=False),
        sa.Column("change_no", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("store_id", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id"],
            ["store.id"],
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"],
            ["visit.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_mark_check_change", "mark_check", ["store_id", "change_no"], unique=False)
    op.create_index(op.f("ix_mark_check_visit_id"), "mark_check", ["visit_id"], unique=False)
    op.create_table(
        "photo",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("mime", sa.String(length=20), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=40), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("retracted", sa.Boolean(), nullable=False),
        sa.Column("retract_reason", sa.String(length=300), nullable=True),
        sa.Column("shapes", DATA, nullable=False),
        sa.Column("taken_by", sa.String(length=20), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("visit_id", sa.String(length=36), nullable=False),
        sa.Column("change_no", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("store_id", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id"],
            ["store.id"],
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"],
            ["visit.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_photo_change", "photo", ["store_id", "change_no"], unique=False)
    op.create_index(op.f("ix_photo_visit_id"), "photo", ["visit_id"], unique=False)
    op.create_table(
        "skip",
        sa.Column("id", sa.String(length=90), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("skipped_by", sa.String(length=20), nullable=False),
        sa.Column("visit_id", sa.String(length=36), nullable=False),
        sa.Column("change_no", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("store_id", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id"],
            ["store.id"],
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"],
            ["visit.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("visit_id", "kind", "subject"),
    )
    op.create_index("ix_skip_change", "skip", ["store_id", "change_no"], unique=False)
    op.create_index(op.f("ix_skip_visit_id"), "skip", ["visit_id"], unique=False)


def downgrade() -> None:
    op.drop_table("skip")
    op.drop_table("photo")
    op.drop_table("mark_check")
    op.drop_table("discrepancy")
    op.drop_table("defect")
    op.drop_table("damage_mark")
    op.drop_table("consent")
    op.drop_table("concern")
    op.drop_table("checklist_run")
    op.drop_table("belonging")
    op.drop_table("answer")
    op.drop_table("visit")
