"""Sealed PDFs of signed documents by the hash of the whole file, only ever added to; what lacks photos has an index."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"

DATA = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
WAITING = sa.text("missing > 0")


def upgrade() -> None:
    op.create_table(
        "sealed_file",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("store_id", sa.String(20), sa.ForeignKey("store.id"), nullable=False),
        sa.Column("document_id", sa.String(36), sa.ForeignKey("document.id"), nullable=False),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("bytes", sa.BigInteger, nullable=False),
        sa.Column("photos_missing", DATA, nullable=False),
        sa.Column("missing", sa.Integer, nullable=False),
        sa.Column("earlier", sa.String(64)),
        sa.Column("tsa", sa.String(200), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("change_no", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("document_id", "n"),
    )
    op.create_index("ix_sealed_waiting", "sealed_file", ["document_id"], sqlite_where=WAITING, postgresql_where=WAITING)
    for trigger in SQLITE if _is_sqlite() else POSTGRES:
        op.execute(sa.text(trigger.replace(":", r"\:")))


def downgrade() -> None:
    op.drop_table("sealed_file")
    if not _is_sqlite():
        op.execute("DROP FUNCTION guard_sealed_file()")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


SQLITE = (
"""CREATE TRIGGER guard_sealed_file_update BEFORE UPDATE ON sealed_file WHEN NOT (NEW.sha256 IS OLD.sha256 AND NEW.document_id IS
OLD.document_id AND NEW.n IS OLD.n AND NEW.bytes IS OLD.bytes AND NEW.photos_missing IS OLD.photos_missing AND NEW.missing IS
OLD.missing AND NEW.earlier IS OLD.earlier AND NEW.tsa IS OLD.tsa AND NEW.sealed_at IS OLD.sealed_at AND NEW.change_no IS
OLD.change_no AND NEW.store_id IS OLD.store_id) BEGIN SELECT RAISE(ABORT, 'evidence: sealed_file is only ever added to'); END""",
"""CREATE TRIGGER guard_sealed_file_delete BEFORE DELETE ON sealed_file BEGIN SELECT RAISE(ABORT, 'evidence: sealed_file is only
ever added to'); END""",
)
POSTGRES = (
"""CREATE OR REPLACE FUNCTION guard_sealed_file() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'UPDATE' THEN IF
(NEW.sha256 IS NOT DISTINCT FROM OLD.sha256 AND NEW.document_id IS NOT DISTINCT FROM OLD.document_id AND NEW.n IS NOT DISTINCT
FROM OLD.n AND NEW.bytes IS NOT DISTINCT FROM OLD.bytes AND NEW.photos_missing IS NOT DISTINCT FROM OLD.photos_missing AND
NEW.missing IS NOT DISTINCT FROM OLD.missing AND NEW.earlier IS NOT DISTINCT FROM OLD.earlier AND NEW.tsa IS NOT DISTINCT FROM
OLD.tsa AND NEW.sealed_at IS NOT DISTINCT FROM OLD.sealed_at AND NEW.change_no IS NOT DISTINCT FROM OLD.change_no AND
NEW.store_id IS NOT DISTINCT FROM OLD.store_id) THEN RETURN NEW; END IF; END IF; RAISE EXCEPTION 'evidence: sealed_file is
only ever added to'; END $$""",
"""CREATE TRIGGER guard_sealed_file_update BEFORE UPDATE ON sealed_file FOR EACH ROW EXECUTE FUNCTION guard_sealed_file()""",
"""CREATE TRIGGER guard_sealed_file_delete BEFORE DELETE ON sealed_file FOR EACH ROW EXECUTE FUNCTION guard_sealed_file()""",
"""CREATE TRIGGER guard_sealed_file_truncate BEFORE TRUNCATE ON sealed_file FOR EACH STATEMENT EXECUTE FUNCTION
guard_sealed_file()""",
)
