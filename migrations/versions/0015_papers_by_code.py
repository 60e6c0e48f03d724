"""Whoever holds a paper asks whether its hash is known; a paper is found by the first letters of it."""

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_index("ix_document_hash", "document", ["doc_sha256"])


def downgrade() -> None:
    op.drop_index("ix_document_hash", "document")
