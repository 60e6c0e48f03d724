"""Evidence is only ever added to: triggers refuse to change or remove it (T15). A visit may be held, and erased."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

TABLES = ("ledger_entry", "kept_act", "document", "document_refusal", "photo")
ERASURES = sa.text("command = 'visit.erase'")
ERASED = sa.text("erased_at IS NOT NULL")


def upgrade() -> None:
    op.add_column("visit", sa.Column("hold", sa.String(300), nullable=True))
    op.add_column("visit", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_visit_erased", "visit", ["store_id", "change_no"], sqlite_where=ERASED, postgresql_where=ERASED)
    op.create_index("ix_act_erase", "kept_act", ["store_id", "visit_id"], sqlite_where=ERASURES, postgresql_where=ERASURES)
    for trigger in SQLITE if _is_sqlite() else POSTGRES:
        op.execute(sa.text(trigger.replace(":", r"\:")))


def downgrade() -> None:
    for table in TABLES:
        for what in ("update", "delete") if _is_sqlite() else ("update", "delete", "truncate"):
            op.execute(f"DROP TRIGGER guard_{table}_{what}" + ("" if _is_sqlite() else f" ON {table}"))
        if not _is_sqlite():
            op.execute(f"DROP FUNCTION guard_{table}()")
    op.drop_index("ix_act_erase", "kept_act")
    op.drop_index("ix_visit_erased", "visit")
    op.drop_column("visit", "erased_at")
    op.drop_column("visit", "hold")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


SQLITE = (
"""CREATE TRIGGER guard_ledger_entry_update BEFORE UPDATE ON ledger_entry WHEN NOT (NEW.store_id IS OLD.store_id AND NEW.idx IS
OLD.idx AND NEW.hash IS OLD.hash AND NEW.store_prev IS OLD.store_prev AND NEW.visit_id IS OLD.visit_id AND NEW.visit_prev IS
OLD.visit_prev AND NEW.act_id IS OLD.act_id AND NEW.act_sha256 IS OLD.act_sha256 AND NEW.sig_sha256 IS OLD.sig_sha256 AND
NEW.key_id IS OLD.key_id AND NEW.actor IS OLD.actor AND NEW.device_id IS OLD.device_id AND NEW.verdict IS OLD.verdict AND
NEW.code IS OLD.code AND NEW.received_at IS OLD.received_at AND NEW.skew_ms IS OLD.skew_ms AND NEW.epoch IS OLD.epoch) BEGIN
SELECT RAISE(ABORT, 'evidence: ledger_entry is only ever added to'); END""",
"""CREATE TRIGGER guard_ledger_entry_delete BEFORE DELETE ON ledger_entry BEGIN SELECT RAISE(ABORT, 'evidence: ledger_entry is
only ever added to'); END""",
"""CREATE TRIGGER guard_kept_act_update BEFORE UPDATE ON kept_act WHEN NOT (NEW.store_id IS OLD.store_id AND NEW.idx IS OLD.idx
AND NEW.act_id IS OLD.act_id AND NEW.act_sha256 IS OLD.act_sha256 AND NEW.device_id IS OLD.device_id AND NEW.seq IS OLD.seq
AND NEW.visit_id IS OLD.visit_id AND NEW.actor IS OLD.actor AND NEW.command IS OLD.command AND NEW.verdict IS OLD.verdict AND
NEW.code IS OLD.code AND NEW.sentence IS OLD.sentence AND NEW.acted_at IS OLD.acted_at AND NEW.received_at IS OLD.received_at
AND NEW.first IS OLD.first AND NEW.photo IS OLD.photo AND (NEW.facts IS OLD.facts AND NEW.body IS OLD.body OR (NEW.facts IS
OLD.facts OR CAST(NEW.facts AS TEXT) = '{}') AND (NEW.body IS OLD.body OR NEW.body IS NULL) AND EXISTS (SELECT 1 FROM kept_act
e WHERE e.store_id = OLD.store_id AND (e.visit_id = OLD.visit_id OR OLD.visit_id IS NULL) AND e.command = 'visit.erase' AND
e.verdict = 'applied'))) BEGIN SELECT RAISE(ABORT, 'evidence: kept_act is only ever added to'); END""",
"""CREATE TRIGGER guard_kept_act_delete BEFORE DELETE ON kept_act BEGIN SELECT RAISE(ABORT, 'evidence: kept_act is only ever
added to'); END""",
"""CREATE TRIGGER guard_document_update BEFORE UPDATE ON document WHEN NOT (NEW.id IS OLD.id AND NEW.kind IS OLD.kind AND
NEW.revision IS OLD.revision AND NEW.doc_sha256 IS OLD.doc_sha256 AND NEW.relation IS OLD.relation AND NEW.signed_at IS
OLD.signed_at AND NEW.received_at IS OLD.received_at AND NEW.prepared_by IS OLD.prepared_by AND NEW.visit_id IS OLD.visit_id
AND NEW.store_id IS OLD.store_id AND (NEW.body IS OLD.body AND NEW.signature IS OLD.signature AND NEW.differs IS OLD.differs
AND NEW.signer IS OLD.signer AND (NEW.void_reason IS OLD.void_reason OR (OLD.void_reason IS NULL AND NEW.void_reason IS NOT
NULL)) AND NEW.deleted IS OLD.deleted OR (NEW.body IS OLD.body OR length(NEW.body) = 0) AND (NEW.signature IS OLD.signature OR
CAST(NEW.signature AS TEXT) = '{}') AND (NEW.differs IS OLD.differs OR CAST(NEW.differs AS TEXT) = '[]') AND (NEW.signer IS
OLD.signer OR length(NEW.signer) = 0) AND (NEW.void_reason IS OLD.void_reason OR (OLD.void_reason IS NULL AND NEW.void_reason
IS NOT NULL) OR length(NEW.void_reason) = 0) AND (NEW.deleted IS OLD.deleted OR NEW.deleted = true) AND EXISTS (SELECT 1 FROM
kept_act e WHERE e.store_id = OLD.store_id AND e.visit_id = OLD.visit_id AND e.command = 'visit.erase' AND e.verdict =
'applied'))) BEGIN SELECT RAISE(ABORT, 'evidence: document is only ever added to'); END""",
"""CREATE TRIGGER guard_document_delete BEFORE DELETE ON document BEGIN SELECT RAISE(ABORT, 'evidence: document is only ever
added to'); END""",
"""CREATE TRIGGER guard_document_refusal_update BEFORE UPDATE ON document_refusal WHEN NOT (NEW.id IS OLD.id AND NEW.kind IS
OLD.kind AND NEW.revision IS OLD.revision AND NEW.reason IS OLD.reason AND NEW.refused_at IS OLD.refused_at AND
NEW.recorded_by IS OLD.recorded_by AND NEW.visit_id IS OLD.visit_id AND NEW.store_id IS OLD.store_id AND (NEW.witness IS
OLD.witness AND NEW.photos IS OLD.photos AND NEW.deleted IS OLD.deleted OR (NEW.witness IS OLD.witness OR NEW.witness IS NULL)
AND (NEW.photos IS OLD.photos OR CAST(NEW.photos AS TEXT) = '[]') AND (NEW.deleted IS OLD.deleted OR NEW.deleted = true) AND
EXISTS (SELECT 1 FROM kept_act e WHERE e.store_id = OLD.store_id AND e.visit_id = OLD.visit_id AND e.command = 'visit.erase'
AND e.verdict = 'applied'))) BEGIN SELECT RAISE(ABORT, 'evidence: document_refusal is only ever added to'); END""",
"""CREATE TRIGGER guard_document_refusal_delete BEFORE DELETE ON document_refusal BEGIN SELECT RAISE(ABORT, 'evidence:
document_refusal is only ever added to'); END""",
"""CREATE TRIGGER guard_photo_update BEFORE UPDATE ON photo WHEN NOT (NEW.id IS OLD.id AND NEW.sha256 IS OLD.sha256 AND NEW.bytes
IS OLD.bytes AND NEW.mime IS OLD.mime AND NEW.width IS OLD.width AND NEW.height IS OLD.height AND NEW.taken_at IS OLD.taken_at
AND NEW.subject_kind IS OLD.subject_kind AND NEW.subject_id IS OLD.subject_id AND NEW.taken_by IS OLD.taken_by AND
NEW.device_id IS OLD.device_id AND NEW.store_id IS OLD.store_id AND ((NEW.state IS OLD.state OR (OLD.state = 'expected' AND
NEW.state = 'present')) AND NEW.deleted IS OLD.deleted OR (NEW.state IS OLD.state OR (OLD.state = 'expected' AND NEW.state =
'present') OR NEW.state = 'erased') AND (NEW.deleted IS OLD.deleted OR NEW.deleted = true) AND EXISTS (SELECT 1 FROM kept_act
e WHERE e.store_id = OLD.store_id AND e.visit_id = OLD.visit_id AND e.command = 'visit.erase' AND e.verdict = 'applied')))
BEGIN SELECT RAISE(ABORT, 'evidence: photo is only ever added to'); END""",
"""CREATE TRIGGER guard_photo_delete BEFORE DELETE ON photo BEGIN SELECT RAISE(ABORT, 'evidence: photo is only ever added to');
END""",
)
POSTGRES = (
"""CREATE OR REPLACE FUNCTION guard_ledger_entry() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'UPDATE' THEN IF
(NEW.store_id IS NOT DISTINCT FROM OLD.store_id AND NEW.idx IS NOT DISTINCT FROM OLD.idx AND NEW.hash IS NOT DISTINCT FROM
OLD.hash AND NEW.store_prev IS NOT DISTINCT FROM OLD.store_prev AND NEW.visit_id IS NOT DISTINCT FROM OLD.visit_id AND
NEW.visit_prev IS NOT DISTINCT FROM OLD.visit_prev AND NEW.act_id IS NOT DISTINCT FROM OLD.act_id AND NEW.act_sha256 IS NOT
DISTINCT FROM OLD.act_sha256 AND NEW.sig_sha256 IS NOT DISTINCT FROM OLD.sig_sha256 AND NEW.key_id IS NOT DISTINCT FROM
OLD.key_id AND NEW.actor IS NOT DISTINCT FROM OLD.actor AND NEW.device_id IS NOT DISTINCT FROM OLD.device_id AND NEW.verdict
IS NOT DISTINCT FROM OLD.verdict AND NEW.code IS NOT DISTINCT FROM OLD.code AND NEW.received_at IS NOT DISTINCT FROM
OLD.received_at AND NEW.skew_ms IS NOT DISTINCT FROM OLD.skew_ms AND NEW.epoch IS NOT DISTINCT FROM OLD.epoch) THEN RETURN
NEW; END IF; END IF; RAISE EXCEPTION 'evidence: ledger_entry is only ever added to'; END $$""",
"""CREATE TRIGGER guard_ledger_entry_update BEFORE UPDATE ON ledger_entry FOR EACH ROW EXECUTE FUNCTION guard_ledger_entry()""",
"""CREATE TRIGGER guard_ledger_entry_delete BEFORE DELETE ON ledger_entry FOR EACH ROW EXECUTE FUNCTION guard_ledger_entry()""",
"""CREATE TRIGGER guard_ledger_entry_truncate BEFORE TRUNCATE ON ledger_entry FOR EACH STATEMENT EXECUTE FUNCTION
guard_ledger_entry()""",
"""CREATE OR REPLACE FUNCTION guard_kept_act() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'UPDATE' THEN IF
(NEW.store_id IS NOT DISTINCT FROM OLD.store_id AND NEW.idx IS NOT DISTINCT FROM OLD.idx AND NEW.act_id IS NOT DISTINCT FROM
OLD.act_id AND NEW.act_sha256 IS NOT DISTINCT FROM OLD.act_sha256 AND NEW.device_id IS NOT DISTINCT FROM OLD.device_id AND
NEW.seq IS NOT DISTINCT FROM OLD.seq AND NEW.visit_id IS NOT DISTINCT FROM OLD.visit_id AND NEW.actor IS NOT DISTINCT FROM
OLD.actor AND NEW.command IS NOT DISTINCT FROM OLD.command AND NEW.verdict IS NOT DISTINCT FROM OLD.verdict AND NEW.code IS
NOT DISTINCT FROM OLD.code AND NEW.sentence IS NOT DISTINCT FROM OLD.sentence AND NEW.acted_at IS NOT DISTINCT FROM
OLD.acted_at AND NEW.received_at IS NOT DISTINCT FROM OLD.received_at AND NEW.first IS NOT DISTINCT FROM OLD.first AND
NEW.photo IS NOT DISTINCT FROM OLD.photo AND (NEW.facts IS NOT DISTINCT FROM OLD.facts AND NEW.body IS NOT DISTINCT FROM
OLD.body OR (NEW.facts IS NOT DISTINCT FROM OLD.facts OR CAST(NEW.facts AS TEXT) = '{}') AND (NEW.body IS NOT DISTINCT FROM
OLD.body OR NEW.body IS NULL) AND EXISTS (SELECT 1 FROM kept_act e WHERE e.store_id = OLD.store_id AND (e.visit_id =
OLD.visit_id OR OLD.visit_id IS NULL) AND e.command = 'visit.erase' AND e.verdict = 'applied'))) THEN RETURN NEW; END IF; END
IF; RAISE EXCEPTION 'evidence: kept_act is only ever added to'; END $$""",
"""CREATE TRIGGER guard_kept_act_update BEFORE UPDATE ON kept_act FOR EACH ROW EXECUTE FUNCTION guard_kept_act()""",
"""CREATE TRIGGER guard_kept_act_delete BEFORE DELETE ON kept_act FOR EACH ROW EXECUTE FUNCTION guard_kept_act()""",
"""CREATE TRIGGER guard_kept_act_truncate BEFORE TRUNCATE ON kept_act FOR EACH STATEMENT EXECUTE FUNCTION guard_kept_act()""",
"""CREATE OR REPLACE FUNCTION guard_document() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'UPDATE' THEN IF (NEW.id
IS NOT DISTINCT FROM OLD.id AND NEW.kind IS NOT DISTINCT FROM OLD.kind AND NEW.revision IS NOT DISTINCT FROM OLD.revision AND
NEW.doc_sha256 IS NOT DISTINCT FROM OLD.doc_sha256 AND NEW.relation IS NOT DISTINCT FROM OLD.relation AND NEW.signed_at IS NOT
DISTINCT FROM OLD.signed_at AND NEW.received_at IS NOT DISTINCT FROM OLD.received_at AND NEW.prepared_by IS NOT DISTINCT FROM
OLD.prepared_by AND NEW.visit_id IS NOT DISTINCT FROM OLD.visit_id AND NEW.store_id IS NOT DISTINCT FROM OLD.store_id AND
(NEW.body IS NOT DISTINCT FROM OLD.body AND NEW.signature IS NOT DISTINCT FROM OLD.signature AND NEW.differs IS NOT DISTINCT
FROM OLD.differs AND NEW.signer IS NOT DISTINCT FROM OLD.signer AND (NEW.void_reason IS NOT DISTINCT FROM OLD.void_reason OR
(OLD.void_reason IS NULL AND NEW.void_reason IS NOT NULL)) AND NEW.deleted IS NOT DISTINCT FROM OLD.deleted OR (NEW.body IS
NOT DISTINCT FROM OLD.body OR length(NEW.body) = 0) AND (NEW.signature IS NOT DISTINCT FROM OLD.signature OR
CAST(NEW.signature AS TEXT) = '{}') AND (NEW.differs IS NOT DISTINCT FROM OLD.differs OR CAST(NEW.differs AS TEXT) = '[]') AND
(NEW.signer IS NOT DISTINCT FROM OLD.signer OR length(NEW.signer) = 0) AND (NEW.void_reason IS NOT DISTINCT FROM
OLD.void_reason OR (OLD.void_reason IS NULL AND NEW.void_reason IS NOT NULL) OR length(NEW.void_reason) = 0) AND (NEW.deleted
IS NOT DISTINCT FROM OLD.deleted OR NEW.deleted = true) AND EXISTS (SELECT 1 FROM kept_act e WHERE e.store_id = OLD.store_id
AND e.visit_id = OLD.visit_id AND e.command = 'visit.erase' AND e.verdict = 'applied'))) THEN RETURN NEW; END IF; END IF;
RAISE EXCEPTION 'evidence: document is only ever added to'; END $$""",
"""CREATE TRIGGER guard_document_update BEFORE UPDATE ON document FOR EACH ROW EXECUTE FUNCTION guard_document()""",
"""CREATE TRIGGER guard_document_delete BEFORE DELETE ON document FOR EACH ROW EXECUTE FUNCTION guard_document()""",
"""CREATE TRIGGER guard_document_truncate BEFORE TRUNCATE ON document FOR EACH STATEMENT EXECUTE FUNCTION guard_document()""",
"""CREATE OR REPLACE FUNCTION guard_document_refusal() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'UPDATE' THEN IF
(NEW.id IS NOT DISTINCT FROM OLD.id AND NEW.kind IS NOT DISTINCT FROM OLD.kind AND NEW.revision IS NOT DISTINCT FROM
OLD.revision AND NEW.reason IS NOT DISTINCT FROM OLD.reason AND NEW.refused_at IS NOT DISTINCT FROM OLD.refused_at AND
NEW.recorded_by IS NOT DISTINCT FROM OLD.recorded_by AND NEW.visit_id IS NOT DISTINCT FROM OLD.visit_id AND NEW.store_id IS
NOT DISTINCT FROM OLD.store_id AND (NEW.witness IS NOT DISTINCT FROM OLD.witness AND NEW.photos IS NOT DISTINCT FROM
OLD.photos AND NEW.deleted IS NOT DISTINCT FROM OLD.deleted OR (NEW.witness IS NOT DISTINCT FROM OLD.witness OR NEW.witness IS
NULL) AND (NEW.photos IS NOT DISTINCT FROM OLD.photos OR CAST(NEW.photos AS TEXT) = '[]') AND (NEW.deleted IS NOT DISTINCT
FROM OLD.deleted OR NEW.deleted = true) AND EXISTS (SELECT 1 FROM kept_act e WHERE e.store_id = OLD.store_id AND e.visit_id =
OLD.visit_id AND e.command = 'visit.erase' AND e.verdict = 'applied'))) THEN RETURN NEW; END IF; END IF; RAISE EXCEPTION
'evidence: document_refusal is only ever added to'; END $$""",
"""CREATE TRIGGER guard_document_refusal_update BEFORE UPDATE ON document_refusal FOR EACH ROW EXECUTE FUNCTION
guard_document_refusal()""",
"""CREATE TRIGGER guard_document_refusal_delete BEFORE DELETE ON document_refusal FOR EACH ROW EXECUTE FUNCTION
guard_document_refusal()""",
"""CREATE TRIGGER guard_document_refusal_truncate BEFORE TRUNCATE ON document_refusal FOR EACH STATEMENT EXECUTE FUNCTION
guard_document_refusal()""",
"""CREATE OR REPLACE FUNCTION guard_photo() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'UPDATE' THEN IF (NEW.id IS
NOT DISTINCT FROM OLD.id AND NEW.sha256 IS NOT DISTINCT FROM OLD.sha256 AND NEW.bytes IS NOT DISTINCT FROM OLD.bytes AND
NEW.mime IS NOT DISTINCT FROM OLD.mime AND NEW.width IS NOT DISTINCT FROM OLD.width AND NEW.height IS NOT DISTINCT FROM
OLD.height AND NEW.taken_at IS NOT DISTINCT FROM OLD.taken_at AND NEW.subject_kind IS NOT DISTINCT FROM OLD.subject_kind AND
NEW.subject_id IS NOT DISTINCT FROM OLD.subject_id AND NEW.taken_by IS NOT DISTINCT FROM OLD.taken_by AND NEW.device_id IS NOT
DISTINCT FROM OLD.device_id AND NEW.store_id IS NOT DISTINCT FROM OLD.store_id AND ((NEW.state IS NOT DISTINCT FROM OLD.state
OR (OLD.state = 'expected' AND NEW.state = 'present')) AND NEW.deleted IS NOT DISTINCT FROM OLD.deleted OR (NEW.state IS NOT
DISTINCT FROM OLD.state OR (OLD.state = 'expected' AND NEW.state = 'present') OR NEW.state = 'erased') AND (NEW.deleted IS NOT
DISTINCT FROM OLD.deleted OR NEW.deleted = true) AND EXISTS (SELECT 1 FROM kept_act e WHERE e.store_id = OLD.store_id AND
e.visit_id = OLD.visit_id AND e.command = 'visit.erase' AND e.verdict = 'applied'))) THEN RETURN NEW; END IF; END IF; RAISE
EXCEPTION 'evidence: photo is only ever added to'; END $$""",
"""CREATE TRIGGER guard_photo_update BEFORE UPDATE ON photo FOR EACH ROW EXECUTE FUNCTION guard_photo()""",
"""CREATE TRIGGER guard_photo_delete BEFORE DELETE ON photo FOR EACH ROW EXECUTE FUNCTION guard_photo()""",
"""CREATE TRIGGER guard_photo_truncate BEFORE TRUNCATE ON photo FOR EACH STATEMENT EXECUTE FUNCTION guard_photo()""",
)
