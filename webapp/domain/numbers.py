"""单号: JC-20261123-0001. Given by the server at acceptance, in the store's own day, never used again (decisions.md 6)."""

from sqlalchemy.orm import Session

from webapp.domain.known import local_day
from webapp.foundation.actor import Act
from webapp.models import RunningNumber


def next_number(db: Session, act: Act, kind: str) -> str:
    """The next number of this kind today. The store's counter row is locked, so two acts never get the same one."""
    day = local_day(db, act).strftime("%Y%m%d")
    counter = db.get(RunningNumber, (act.store, kind, day))
    if counter is None:
        counter = RunningNumber(store_id=act.store, kind=kind, day=day, n=0)
        db.add(counter)
    counter.n += 1
    return f"{kind}-{day}-{counter.n:04d}"
