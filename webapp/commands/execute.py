"""The one door. Whatever changes a visit comes through here, and here is the only commit outside tests and cli.

A push is one transaction with a savepoint per act: the effect, the act as it came, its ledger entry and the device's
sequence number are kept together or not at all, and nothing is acknowledged before the commit. The store's counter row
is locked first, so a store's acts have one order and a change number is known before its act runs.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

import structlog
from sqlalchemy import event, select
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from webapp.commands.ledger import Chain
from webapp.commands.parse import Envelope, read_act, read_command
from webapp.commands.permission import check_role
from webapp.commands.registry import Entry
from webapp.domain.words import Command
from webapp.foundation.actor import Act, Actor, Done
from webapp.foundation.db import Database
from webapp.foundation.refusal import N_, Quarantine, Refusal
from webapp.models import Device, KeptAct, Staff, StoreCounter, Synced, Visit

TRIES = 5
T = TypeVar("T")
log = structlog.get_logger()


@dataclass(frozen=True)
class Receipt:
    """The answer to one act, as protocol.md writes it; for a duplicate `facts.first` is the first verdict."""

    id: str
    sha256: str
    verdict: str
    change_no: int | None = None
    code: str = "ok"
    text: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    receipts: list[Receipt]
    expect_seq: int
    epoch: int


class Door:
    """Made once by the roof, which gives the database, the clock, and what to do once facts are kept."""

    def __init__(self, database: Database, now: Callable[[], datetime],
                 after_commit: Callable[[Sequence[Act]], None] = lambda acts: None) -> None:
        self._database, self._now, self._after_commit = database, now, after_commit

    def push(self, device_id: str, raws: Sequence[bytes]) -> Answer:
        """Takes a phone's acts in its order. Raises LookupError for an unknown device; a database that is locked, full
        or gone raises OperationalError, and then nothing was taken."""
        envelopes = [read_act(raw) for raw in raws]
        with self._database.write() as db:
            batch = _Batch(db, device_id, self._now(), envelopes)
            for envelope in envelopes:
                if not batch.take(envelope):
                    break
            answer = batch.close()
            db.commit()
        self._after_commit(batch.done)
        return answer

    def execute(self, actor: Actor, command: str, args: dict[str, Any], *, act_id: str, visit: str | None, salt: str,
                base: int | None = None) -> Receipt:
        """One act of a desk form, a timer or a customer's page, by `actor` on the store's own device.

        act_id is made with the form, so that a double click is a duplicate.
        """
        with self._database.write() as db:
            now = self._now()
            batch = _Batch(db, actor.device, now, (), actor)
            act = {"v": 1, "id": act_id, "device": actor.device, "seq": batch.device.expect_seq, "actor": actor.staff,
                   "command": command, "args": args, "base": base, "acted_at": now.isoformat(), "offset_ms": 0,
                   "app": "desk", "salt": salt} | ({"visit": visit} if visit else {})
            envelope = batch.known(read_act(json.dumps(act, ensure_ascii=False).encode()))
            if repeated := batch.repeated(envelope):
                return repeated
            batch.take(envelope)
            answer = batch.close()
            db.commit()
        self._after_commit(batch.done)
        return answer.receipts[0]

    def record(self, work: Callable[[Session, datetime], T]) -> T:
        """What is about no visit and leaves no act: sign-ins, phones and their tokens. One transaction."""
        with self._database.write() as db:
            done = work(db, self._now())
            db.commit()
        return done


class _Batch:
    """One transaction's worth of acts from one device."""

    def __init__(self, db: Session, device_id: str, now: datetime, envelopes: Sequence[Envelope],
                 stand_in: Actor | None = None) -> None:
        store = db.scalar(select(Device.store_id).where(Device.id == device_id))
        if store is None:
            raise LookupError(device_id)
        self._db, self._now = db, now
        self._counter = db.scalars(select(StoreCounter).where(StoreCounter.store_id == store).with_for_update()).one()
        self.device = db.scalars(select(Device).where(Device.id == device_id).with_for_update()
                                 .execution_options(populate_existing=True)).one()
        self._actor = stand_in or self._owner()
        self._chain = Chain(db, self._counter, now)
        self._seen: dict[str, KeptAct | Receipt] = {}
        self._look_up([e.id for e in envelopes if e.id])
        self._receipts: list[Receipt] = []
        self.done: list[Act] = []
        self.device.last_seen_at = now
        event.listen(db, "before_flush", _stamp)

    def known(self, envelope: Envelope) -> Envelope:
        """Looks up whether this act was seen before."""
        self._look_up([envelope.key])
        return envelope

    def repeated(self, envelope: Envelope) -> Receipt | None:
        """A desk form sent twice says the same though its number and clock differ: the first answer again."""
        seen = self._seen.get(envelope.key)
        same = isinstance(seen, KeptAct) and _says(read_act(seen.body or b"")) == _says(envelope)
        return _again(envelope, seen) if seen is not None and same else None

    def take(self, envelope: Envelope) -> bool:
        """Judges and keeps one act. False when nothing after it may be taken (gap, fork, retry)."""
        seen = self._seen.get(envelope.key)
        if seen is not None and _sha(seen) == envelope.sha256:
            return self._say(_again(envelope, seen))
        if envelope.device != self.device.id or envelope.seq is None:
            return self._keep(envelope, None, "quarantined", _problem(envelope, "act.bad_seq", N_("这条记录的设备或顺序号不对")))
        if envelope.seq > self.device.expect_seq:
            return self._say(Receipt(envelope.key, envelope.sha256, "gap", code="gap", text=N_("前面还有记录没有到，请从头续传"),
                                     facts={"expect_seq": self.device.expect_seq}), go_on=False)
        if envelope.seq < self.device.expect_seq:
            return self._say(Receipt(envelope.key, envelope.sha256, "fork", code="fork",
                                     text=N_("有两部手机用着同一个身份，请换新身份后重发")), go_on=False)
        if seen is not None:
            return self._keep(envelope, envelope.seq, "quarantined",
                              Quarantine("act.id_reused", N_("同一编号已有另一条内容不同的记录，两条都已保存")), first=False)
        return self._judge(envelope, envelope.seq)

    def close(self) -> Answer:
        """Writes the chain; the caller commits."""
        self._db.flush()
        self._chain.write()
        return Answer(self._receipts, self.device.expect_seq, self._counter.epoch)

    def _judge(self, envelope: Envelope, seq: int) -> bool:
        self._db.info["change_no"] = self._chain.next
        try:
            entry, command = self._admit(envelope)
            with self._db.begin_nested():
                outcome = self._run(envelope, entry, command)
        except Refusal as no:
            self._db.info.pop("known", None)
            return self._keep(envelope, seq, "quarantined" if isinstance(no, Quarantine) else "refused", no)
        except (OperationalError, InterfaceError):
            raise  # the database itself failed: nothing of this push is taken, the phone sends it again
        except Exception as fault:
            return self._fault(envelope, seq, fault)
        verdict = "conflict" if outcome.conflict else "applied"
        if outcome.next_seq is None:
            return self._keep(envelope, seq, verdict, None, outcome.facts)
        kept = self._keep(envelope, seq, verdict, None, outcome.facts)
        self.device.expect_seq = outcome.next_seq
        return kept

    def _admit(self, envelope: Envelope) -> tuple[Entry, Command]:
        if envelope.problem:
            raise envelope.problem
        if self.device.revoked_at:
            raise Quarantine("device.revoked", N_("这部手机已被停用，内容交给服务经理处理"))
        if envelope.actor != self._actor.staff:
            raise Quarantine("act.wrong_actor", N_("这条记录写的不是这部手机的使用人"))
        entry, command = read_command(envelope)
        check_role(self._actor, entry)
        return entry, command

    def _run(self, envelope: Envelope, entry: Entry, command: Command) -> Done:
        assert envelope.id and envelope.seq and envelope.acted_at
        act = Act(envelope.id, envelope.command, envelope.visit, self._actor, envelope.seq, envelope.base,
                  envelope.acted_at, self._now, self._chain.next)
        outcome = entry.act(self._db, act, self._visit(envelope, entry), command) or Done({})
        self._db.flush()
        self.done.append(act)
        return outcome

    def _visit(self, envelope: Envelope, entry: Entry) -> Visit | None:
        if envelope.visit is None:
            return None
        visit = self._db.get(Visit, envelope.visit)
        if visit is not None and visit.store_id != self._actor.store:
            raise Refusal("visit.unknown", N_("本店没有这次来店"))
        if visit is None and entry.visit != "opens":
            raise Refusal("visit.unknown", N_("本店没有这次来店"))
        if visit is not None and visit.merged_into and not entry.evidence:
            raise Refusal("visit.merged", N_("这次来店已并入另一次，请在那里继续"), into=visit.merged_into)
        if visit is not None and (self._now - visit.touched_at).total_seconds() > 3600:
            visit.touched_at = self._now
        return visit

    def _fault(self, envelope: Envelope, seq: int, fault: Exception) -> bool:
        """Our own mistake: tried again by the phone, and after five times set aside so that it stops nothing."""
        log.error("act.fault", command=envelope.command, act=envelope.key, kind=type(fault).__name__, exc_info=fault)
        self.device.failures += 1
        if self.device.failures >= TRIES:
            return self._keep(envelope, seq, "quarantined",
                              Quarantine("act.fault", N_("服务器处理不了这条记录，已原样保存并通知经理")))
        return self._say(Receipt(envelope.key, envelope.sha256, "retry", code="fault",
                                 text=N_("服务器暂时处理不了，稍后自动重发")), go_on=False)

    def _keep(self, envelope: Envelope, seq: int | None, verdict: str, why: Refusal | None,
              facts: dict[str, Any] | None = None, first: bool = True) -> bool:
        code, text, facts = (why.code, why.text, why.facts) if why else ("ok", "", facts or {})
        self._chain.add(envelope, actor=self._actor.staff, device=self.device.id, seq=seq, first=first, verdict=verdict,
                        code=code, sentence=text, facts=facts)
        if seq is not None:
            self.device.expect_seq, self.device.failures = seq + 1, 0
            self.device.app = envelope.app or self.device.app
        receipt = Receipt(envelope.key, envelope.sha256, verdict, self._counter.n, code, text, facts)
        if first:
            self._seen[envelope.key] = receipt
        return self._say(receipt)

    def _say(self, receipt: Receipt, go_on: bool = True) -> bool:
        self._receipts.append(receipt)
        return go_on

    def _look_up(self, ids: Sequence[str]) -> None:
        rows = self._db.scalars(select(KeptAct).where(KeptAct.store_id == self._counter.store_id, KeptAct.first,
                                                      KeptAct.act_id.in_(ids)))
        self._seen.update((row.act_id, row) for row in rows)

    def _owner(self) -> Actor:
        d = self.device
        staff = self._db.get(Staff, (d.store_id, d.staff_id)) if d.staff_id else None
        if staff is None or not staff.active:
            return Actor(d.store_id, d.staff_id or "", d.name, frozenset(), d.id)
        return Actor(d.store_id, staff.id, staff.name, frozenset(staff.roles), d.id)


def _stamp(session: Session, _context: object, _instances: object) -> None:
    """Every synced row that an act touches carries the act's change number."""
    for row in (*session.new, *session.dirty):
        if isinstance(row, Synced) and session.is_modified(row):
            row.change_no = session.info["change_no"]


def _says(envelope: Envelope) -> tuple[object, ...]:
    return envelope.actor, envelope.command, envelope.visit, envelope.args


def _sha(seen: KeptAct | Receipt) -> str:
    return seen.act_sha256 if isinstance(seen, KeptAct) else seen.sha256


def _again(envelope: Envelope, seen: KeptAct | Receipt) -> Receipt:
    number = seen.idx if isinstance(seen, KeptAct) else seen.change_no
    text = seen.sentence if isinstance(seen, KeptAct) else seen.text
    return Receipt(envelope.key, envelope.sha256, "duplicate", number, seen.code, text, {**seen.facts, "first": seen.verdict})


def _problem(envelope: Envelope, code: str, text: str) -> Quarantine:
    return envelope.problem or Quarantine(code, text)
