"""The one door. Whatever changes a visit comes through here, and here is the only commit outside tests and cli.

A push is one transaction; each act has its effect or none (batch.py): the effect, the act as it came, its ledger entry
and the device's sequence number are kept together or not at all, and nothing is acknowledged before the commit. The
store's counter row is locked first, so a store's acts have one order and a change number is known before its act runs.
"""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from webapp.commands.batch import Batch, NotPlain
from webapp.commands.parse import Envelope, read_act
from webapp.commands.receipt import Answer, Receipt
from webapp.foundation import faults
from webapp.foundation.actor import Act, Actor
from webapp.foundation.db import Database

T = TypeVar("T")


class Door:
    """Made once by the roof, which gives the database, the clock, and what to do once facts are kept."""

    def __init__(self, database: Database, now: Callable[[], datetime],
                 after_commit: Callable[[Sequence[Act]], None] = lambda acts: None) -> None:
        self._database, self._now, self._after_commit = database, now, after_commit

    def push(self, device_id: str, raws: Sequence[bytes]) -> Answer:
        """Takes a phone's acts in its order. Raises LookupError for an unknown device; a database that is locked, full
        or gone raises OperationalError, and then nothing was taken."""
        envelopes = [read_act(raw) for raw in raws]
        try:
            return self._take(device_id, envelopes, careful=False)
        except (OperationalError, InterfaceError):
            raise
        except (NotPlain, SQLAlchemyError):  # a row that could not be written may be any act's: find out which
            return self._take(device_id, envelopes, careful=True)

    def execute(self, actor: Actor, command: str, args: dict[str, Any], *, act_id: str, visit: str | None, salt: str,
                base: int | None = None) -> Receipt:
        """One act of a desk form, a timer or a customer's page, by `actor` on the store's own device.

        act_id is made with the form, so that a double click is a duplicate.
        """
        with self._database.write() as db:
            now = self._now()
            batch = Batch(db, actor.device, now, (), actor, careful=True)
            act = {"v": 1, "id": act_id, "device": actor.device, "seq": batch.sender.expect_seq, "actor": actor.staff,
                   "command": command, "args": args, "base": base, "acted_at": now.isoformat(), "offset_ms": 0,
                   "app": "desk", "salt": salt} | ({"visit": visit} if visit else {})
            envelope = batch.known(read_act(json.dumps(act, ensure_ascii=False).encode()))
            if repeated := batch.repeated(envelope):
                return repeated
            batch.take(envelope)
            answer = batch.close()
            faults.hit("door.before_commit", command)
            db.commit()
        faults.hit("door.after_commit", command)
        self._after_commit(batch.done)
        return answer.receipts[0]

    def record(self, work: Callable[[Session, datetime], T]) -> T:
        """What is about no visit and leaves no act: sign-ins, phones and their tokens. One transaction."""
        with self._database.write() as db:
            done = work(db, self._now())
            db.commit()
        return done

    def _take(self, device_id: str, envelopes: Sequence[Envelope], careful: bool) -> Answer:
        with self._database.write() as db:
            batch = Batch(db, device_id, self._now(), envelopes, careful=careful)
            for envelope in envelopes:
                if not batch.take(envelope):
                    break
            answer = batch.close()
            faults.hit("push.before_commit")
            db.commit()
        faults.hit("push.after_commit")
        self._after_commit(batch.done)
        return answer


__all__ = ["Answer", "Door", "Receipt"]
