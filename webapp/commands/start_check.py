"""What a start looks at before it believes its database (T43): SQLite's own look at the file, and each store's last entries.

A damaged one is not served as if nothing were: nothing is written any more, and everybody is told (foundation/db.py Damaged).
"""

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from webapp.adapters.backup_key import BackupFault
from webapp.commands.chain_check import check_tail, store_heads
from webapp.foundation.db import Database, is_damage

LAST = 1000


def broken_file(database: Database) -> str | None:
    """What is wrong with the file, before anything is written to it; None when it is sound. Raises DBAPIError when it cannot
    be opened at all."""
    if not database.is_sqlite:
        return None  # PostgreSQL looks after its own pages
    try:
        with database.read() as db:
            said = str(db.scalar(text("PRAGMA quick_check(1)")))
    except DBAPIError as why:
        if not is_damage(why):
            raise
        said = str(why.orig)
    return None if said == "ok" else said.replace("\n", " ")[:300]


def broken_ledger(database: Database) -> str | None:
    """What does not agree in the last entries of a store; None when all do."""
    try:
        with database.read() as db:
            for head in store_heads(db):
                check_tail(db, head, LAST)
    except BackupFault as why:
        return why.text % why.facts
    except DBAPIError as why:
        if not is_damage(why):
            raise
        return str(why.orig)
    except (ValueError, TypeError, KeyError, AttributeError) as why:  # a row that cannot even be read
        return f"账本读不出来（{type(why).__name__}）"
    return None
