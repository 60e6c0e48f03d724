"""The one who seals, in a process of its own: a round whenever something was written, and one a minute for what the hour alone
makes due. One at a time; what is to be done is asked of the rows."""

import os
import time
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from webapp.adapters.sealer import Sealer, authority
from webapp.commands.house import House
from webapp.commands.sealing import Sealing, Tally, log
from webapp.foundation.lock import Held
from webapp.models import StoreCounter

PAUSE = 1.0
ANYWAY = 60.0


def once(house: House, now: Callable[[], datetime]) -> Tally:
    """One round. Raises Held when another process works."""
    with house.sealed.alone():
        work = sealing(house, now)
        work.sweep()
        return work.round()


def until_parent_ends(house: House, now: Callable[[], datetime], pause: float = PAUSE) -> None:
    """Rounds for as long as the process that started us lives. A second worker waits for the first one's end."""
    parent = os.getppid()
    os.nice(5)  # pages go first

    def wanted() -> bool:
        return os.getppid() == parent

    while wanted():
        try:
            with house.sealed.alone():
                _rounds(house, now, wanted, pause)
        except Held:
            time.sleep(5 * pause)
        except (SQLAlchemyError, OSError) as fault:  # a busy or missing database, a full disk: later again
            log.error("seal.worker", kind=type(fault).__name__)
            time.sleep(5 * pause)


def sealing(house: House, now: Callable[[], datetime]) -> Sealing:
    tsa = authority(house.settings.seal_tsa_url, house.settings.seal_tsa_roots)
    return Sealing(house, Sealer(house.keys, tsa), now)


def _rounds(house: House, now: Callable[[], datetime], wanted: Callable[[], bool], pause: float) -> None:
    work, looked = sealing(house, now), 0.0
    seen: dict[str, int] = {}
    work.sweep()
    while wanted():
        at = _counters(house)
        if at != seen or time.monotonic() - looked > ANYWAY:
            seen, looked = at, time.monotonic()
            work.round(wanted)
        time.sleep(pause)


def _counters(house: House) -> dict[str, int]:
    """Where every store's ledger stands: while nothing is written, nothing new is to be done."""
    with house.database.read() as db:
        return {row.store_id: row.n for row in db.execute(select(StoreCounter.store_id, StoreCounter.n))}
