"""What is to be done, what was signed or refused, and the customer's link."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"

DATA = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "declined_item",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("line", sa.String(length=36), nullable=True),
        sa.Column("item", sa.String(length=20), nullable=True),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("safety", sa.Boolean(), nullable=False),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=False),
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
    op.create_index("ix_declined_item_change", "declined_item", ["store_id", "change_no"], unique=False)
    op.create_index(op.f("ix_declined_item_visit_id"), "declined_item", ["visit_id"], unique=False)
    op.create_table(
        "document",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("doc_sha256", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("signature", DATA, nullable=False),
        sa.Column("differs", DATA, nullable=False),
        sa.Column("signer", sa.String(length=40), nullable=False),
        sa.Column("relation", sa.String(length=40), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("prepared_by", sa.String(length=20), nullable=False),
        sa.Column("void_reason", sa.String(length=300), nullable=True),
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
    op.create_index("ix_document_change", "document", ["store_id", "change_no"], unique=False)
    op.create_index(op.f("ix_document_visit_id"), "document", ["visit_id"], unique=False)
    op.create_table(
        "document_refusal",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("witness", sa.String(length=40), nullable=True),
        sa.Column("photos", DATA, nullable=False),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=False),
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
    op.create_index("ix_document_refusal_change", "document_refusal", ["store_id", "change_no"], unique=False)
    op.create_index(op.f("ix_document_refusal_visit_id"), "document_refusal", ["visit_id"], unique=False)
    op.create_table(
        "order_line",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=4), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=True),
        sa.Column("text", sa.String(length=80), nullable=False),
        sa.Column("hours_centi", sa.Integer(), nullable=True),
        sa.Column("quantity_milli", sa.Integer(), nullable=True),
        sa.Column("price_fen", sa.Integer(), nullable=False),
        sa.Column("payer", sa.String(length=10), nullable=False),
        sa.Column("part_class", sa.String(length=20), nullable=True),
        sa.Column("safety", sa.Boolean(), nullable=False),
        sa.Column("high_voltage", sa.Boolean(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("remove_reason", sa.String(length=300), nullable=True),
        sa.Column("added_by", sa.String(length=20), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.String(length=36), nullable=False),
        sa.Column("change_no", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("store_id", sa.String(length=20), nullable=False),
        sa.CheckConstraint("kind IN ('job', 'part')", name="ck_line_kind"),
        sa.CheckConstraint("price_fen >= 0", name="ck_line_price"),
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
    op.create_index("ix_order_line_change", "order_line", ["store_id", "change_no"], unique=False)
    op.create_index(op.f("ix_order_line_visit_id"), "order_line", ["visit_id"], unique=False)
    op.create_table(
        "status_link",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("scope", sa.String(length=8), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked", sa.Boolean(), nullable=False),
        sa.Column("revoke_reason", sa.String(length=300), nullable=True),
        sa.Column("issued_by", sa.String(length=20), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
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
        sa.UniqueConstraint("token_sha256"),
    )
    op.create_index("ix_status_link_change", "status_link", ["store_id", "change_no"], unique=False)
    op.create_index(op.f("ix_status_link_visit_id"), "status_link", ["visit_id"], unique=False)
    op.create_table(
        "work_order",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("ceiling_fen", sa.Integer(), nullable=True),
        sa.Column("addon_agreement", sa.String(length=20), nullable=True),
        sa.Column("repair_category", sa.String(length=24), nullable=True),
        sa.Column("discount_fen", sa.Integer(), nullable=False),
        sa.Column("discount_reason", sa.String(length=300), nullable=True),
        sa.Column("promised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("old_parts", sa.String(length=12), nullable=True),
        sa.Column("wash", sa.String(length=16), nullable=True),
        sa.Column("road_test", sa.String(length=16), nullable=True),
        sa.Column("payment", sa.String(length=12), nullable=True),
        sa.Column("opened_by", sa.String(length=20), nullable=False),
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
    op.create_index("ix_work_order_change", "work_order", ["store_id", "change_no"], unique=False)
    op.create_index(op.f("ix_work_order_visit_id"), "work_order", ["visit_id"], unique=False)


def downgrade() -> None:
    op.drop_table("work_order")
    op.drop_table("status_link")
    op.drop_table("order_line")
    op.drop_table("document_refusal")
    op.drop_table("document")
    op.drop_table("declined_item")
