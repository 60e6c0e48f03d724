"""One transaction's worth of acts from one device: judged in order, each with its own effect, all kept together.

Two ways through, with one outcome. Quickly: rows of several acts are written together, which is what nearly every push
allows. As soon as anything is not plain (a refusal after a row was touched, a constraint, a fault of ours) the push
starts again from the beginning, carefully: a savepoint per act, so that one act can be undone without the others.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import event, insert, select, update
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from webapp.commands.bring_back import touch
from webapp.commands.ledger import Chain
from webapp.commands.parse import Envelope, read_act, read_command
from webapp.commands.permission import check_role
from webapp.commands.receipt import Answer, Receipt, again, sha_of
from webapp.commands.registry import Entry
from webapp.commands.sender import absent, lock_head, lock_sender, owner
from webapp.domain.words import Command
from webapp.foundation import faults
from webapp.foundation.actor import Act, Actor, Done
from webapp.foundation.ids import new_id
from webapp.foundation.refusal import N_, Quarantine, Refusal
from webapp.models import Device, Incident, KeptAct, Synced, Visit

TRIES = 5
log = structlog.get_logger()


class NotPlain(Exception):
    """The quick way cannot undo this act alone: go through the push again, carefully."""


class Batch:
    """Takes acts one by one and writes the chain at the end. The caller commits."""

    def __init__(self, db: Session, device_id: str, now: datetime, envelopes: Sequence[Envelope],
                 stand_in: Actor | None = None, careful: bool = False) -> None:
        store = db.scalar(select(Device.store_id).where(Device.id == device_id))
        if store is None:
            raise LookupError(device_id)
        self._db, self._now, self._careful = db, now, careful
        self._head = lock_head(db, store)
        self.sender = lock_sender(db, device_id)
        self._actor = stand_in or owner(db, self.sender)
        self._chain = Chain(db, self._head, now)
        self._seen: dict[str, KeptAct | Receipt] = {}
        self._look_up([e.id for e in envelopes if e.id])
        self._receipts: list[Receipt] = []
        self._incidents: list[dict[str, Any]] = []
        self._visits: dict[str, Visit] = {}
        self._then: list[Callable[[Session], None]] = []
        self.done: list[Act] = []
        self._wrote = False
        db.info["absent"] = {} if careful else absent(db, envelopes)
        event.listen(db, "before_flush", self._stamp)
        event.listen(db, "do_orm_execute", self._notice)

    def known(self, envelope: Envelope) -> Envelope:
        """Looks up whether this act was seen before."""
        self._look_up([envelope.key])
        return envelope

    def repeated(self, envelope: Envelope) -> Receipt | None:
        """A desk form sent twice says the same though its number and clock differ: the first answer again."""
        seen = self._seen.get(envelope.key)
        same = isinstance(seen, KeptAct) and _says(read_act(seen.body or b"")) == _says(envelope)
        return again(envelope, seen) if seen is not None and same else None

    def take(self, envelope: Envelope) -> bool:
        """Judges and keeps one act. False when nothing after it may be taken (gap, fork, retry)."""
        seen, expected = self._seen.get(envelope.key), self.sender.expect_seq
        if seen is not None and sha_of(seen) == envelope.sha256:
            return self._say(again(envelope, seen))
        if envelope.device != self.sender.id or envelope.seq is None:
            problem = envelope.problem or Quarantine("act.bad_seq", N_("这条记录的设备或顺序号不对"))
            return self._keep(envelope, None, "quarantined", problem, first=seen is None)
        if envelope.seq > expected:
            return self._say(Receipt(envelope.key, envelope.sha256, "gap", code="gap", text=N_("前面还有记录没有到，请从头续传"),
                                     facts={"expect_seq": expected}), go_on=False)
        if envelope.seq < expected:
            return self._behind(envelope, first=seen is None)
        genuine = self.sender.check(envelope)
        if seen is not None:
            return self._keep(envelope, envelope.seq, "quarantined",
                              Quarantine("act.id_reused", N_("同一编号已有另一条内容不同的记录，两条都已保存")), first=False)
        if not genuine and envelope.problem is None:
            envelope.problem = Quarantine("bad_signature", N_("这条记录的签名不是这部手机的，没有生效，内容已原样保存并通知经理"))
        return self._judge(envelope, envelope.seq)

    def _behind(self, envelope: Envelope, first: bool) -> bool:
        """A number used before, for something else: two phones share one identity. A revoked one gets no other, and still
        may hand in what it holds: that is kept without a number."""
        if self.sender.revoked:
            return self._keep(envelope, None, "quarantined", _revoked(), first=first)
        return self._say(Receipt(envelope.key, envelope.sha256, "fork", code="fork",
                                 text=N_("有两部手机用着同一个身份，请换新身份后重发")), go_on=False)

    def close(self) -> Answer:
        """Writes what is still to be written: rows, chain, incidents, and the device's numbers."""
        self._db.flush()
        self._chain.write()
        for work in self._then:
            work(self._db)
        if self._incidents:
            self._db.execute(insert(Incident), self._incidents)
        s = self.sender
        self._db.execute(update(Device).where(Device.id == s.id).values(
            expect_seq=s.expect_seq, failures=s.failures, app=s.app, last_seen_at=self._now),
            execution_options={"synchronize_session": False})
        h = self._head
        return Answer(self._receipts, s.expect_seq, h.epoch, h.store_id, h.n, h.head)

    def _judge(self, envelope: Envelope, seq: int) -> bool:
        self._db.info["change_no"], self._wrote = self._chain.next, False
        try:
            entry, command = self._admit(envelope)
            outcome = self._run_carefully(envelope, entry, command) if self._careful else self._run(envelope, entry, command)
        except Refusal as no:
            self._untouched()
            return self._keep(envelope, seq, "quarantined" if isinstance(no, Quarantine) else "refused", no)
        except (OperationalError, InterfaceError):
            raise  # the database itself failed: nothing of this push is taken, the phone sends it again
        except Exception as fault:
            if not self._careful:
                raise NotPlain from fault
            self._forget()
            return self._fault(envelope, seq, fault)
        kept = self._keep(envelope, seq, "conflict" if outcome.conflict else "applied", None, outcome.facts)
        if outcome.then is not None:
            self._then.append(outcome.then)
        if outcome.next_seq is not None:
            self.sender.expect_seq = outcome.next_seq
        return kept

    def _admit(self, envelope: Envelope) -> tuple[Entry, Command]:
        if envelope.problem:
            raise envelope.problem
        if self.sender.revoked:
            raise _revoked()
        if envelope.actor != self._actor.staff:
            raise Quarantine("act.wrong_actor", N_("这条记录写的不是这部手机的使用人"))
        entry, command = read_command(envelope)
        check_role(self._actor, entry)
        return entry, command

    def _run_carefully(self, envelope: Envelope, entry: Entry, command: Command) -> Done:
        with self._db.begin_nested():
            outcome = self._run(envelope, entry, command)
            self._db.flush()
        return outcome

    def _run(self, envelope: Envelope, entry: Entry, command: Command) -> Done:
        assert envelope.id and envelope.seq and envelope.acted_at
        act = Act(envelope.id, envelope.command, envelope.visit, self._actor, envelope.seq, envelope.base,
                  envelope.acted_at, self._now, self._chain.next)
        faults.hit("act.before", act.command)
        outcome = entry.act(self._db, act, self._visit(envelope, entry), command) or Done({})
        self._settle_rows()
        faults.hit("act.after", act.command)
        self.done.append(act)
        return outcome

    def _settle_rows(self) -> None:
        """New rows may wait for others; a changed one is written now, for its change number is this act's."""
        for row in self._db.new:
            if isinstance(row, Synced) and row.change_no is None:
                row.change_no = self._db.info["change_no"]
        if any(self._db.is_modified(row) for row in self._db.dirty):
            self._db.flush()

    def _visit(self, envelope: Envelope, entry: Entry) -> Visit | None:
        if envelope.visit is None:
            return None
        visit = self._visits.get(envelope.visit) or self._db.get(Visit, envelope.visit)
        if visit is None and entry.visit == "opens":
            return None
        if visit is None or visit.store_id != self._actor.store:
            raise Refusal("visit.unknown", N_("本店没有这次来店"))
        if visit.erased_at is not None:
            raise Refusal("visit.erased", N_("这次来店的个人信息已按规定删除，不再收新记录"))
        if visit.merged_into and not entry.evidence:
            raise Refusal("visit.merged", N_("这次来店已并入另一次，请在那里继续"), into=visit.merged_into)
        self._visits[visit.id] = visit
        if entry.is_work and (self._now - visit.touched_at).total_seconds() > 3600:
            touch(self._db, visit, self._chain.next, self._now)
        return visit

    def _untouched(self) -> None:
        """A refused act must have changed nothing; the careful way has undone it, the quick way can only look."""
        if self._careful:
            return self._forget()
        unstamped = any(isinstance(row, Synced) and row.change_no is None for row in self._db.new)
        if self._wrote or unstamped or any(self._db.is_modified(row) for row in self._db.dirty):
            raise NotPlain
        return None

    def _forget(self) -> None:
        """What was looked up while an act ran that was undone."""
        self._visits.clear()
        self._db.info.pop("known", None)

    def _fault(self, envelope: Envelope, seq: int, fault: Exception) -> bool:
        """Our own mistake: tried again by the phone, and after five times set aside so that it stops nothing."""
        log.error("act.fault", command=envelope.command, act=envelope.key, kind=type(fault).__name__, exc_info=fault)
        self.sender.failures += 1
        if self.sender.failures >= TRIES:
            return self._keep(envelope, seq, "quarantined",
                              Quarantine("act.fault", N_("服务器处理不了这条记录，已原样保存并通知经理")))
        return self._say(Receipt(envelope.key, envelope.sha256, "retry", code="fault",
                                 text=N_("服务器暂时处理不了，稍后自动重发")), go_on=False)

    def _keep(self, envelope: Envelope, seq: int | None, verdict: str, why: Refusal | None,
              facts: dict[str, Any] | None = None, first: bool = True) -> bool:
        code, text, facts = (why.code, why.text, why.facts) if why else ("ok", "", facts or {})
        lost = verdict in ("refused", "quarantined") and self._is_erased(envelope.visit)
        self._chain.add(envelope, actor=self._actor.staff, device=self.sender.id, seq=seq, first=first, verdict=verdict,
                        code=code, sentence=text, facts={} if lost else facts, keep=not lost)
        if verdict == "quarantined":
            self._incidents.append({"id": new_id(), "store_id": self._head.store_id, "change_no": self._head.n, "kind": code,
                                    "device_id": self.sender.id, "at": self._now,
                                    "facts": {"command": envelope.command, "staff": self._actor.staff}})
        if seq is not None:
            self.sender.expect_seq, self.sender.failures = seq + 1, 0
            self.sender.app = envelope.app or self.sender.app
        receipt = Receipt(envelope.key, envelope.sha256, verdict, self._head.n, code, text, facts)
        if first:
            self._seen[envelope.key] = receipt
        return self._say(receipt)

    def _is_erased(self, visit: str | None) -> bool:
        """What comes late for an erased visit leaves its hash in the ledger, never its words."""
        return visit is not None and self._db.scalar(select(Visit.erased_at).where(Visit.id == visit)) is not None

    def _say(self, receipt: Receipt, go_on: bool = True) -> bool:
        self._receipts.append(receipt)
        return go_on

    def _look_up(self, ids: Sequence[str]) -> None:
        rows = self._db.scalars(select(KeptAct).where(KeptAct.store_id == self._head.store_id, KeptAct.first,
                                                      KeptAct.act_id.in_(ids)))
        self._seen.update((row.act_id, row) for row in rows)

    def _stamp(self, session: Session, _context: object, _instances: object) -> None:
        """Every synced row that an act touches carries the act's change number."""
        number = session.info.get("change_no")
        for row in session.new:
            if isinstance(row, Synced) and row.change_no is None:
                row.change_no, self._wrote = number, True
            elif not isinstance(row, Synced):
                self._wrote = True
        for row in session.dirty:
            if session.is_modified(row):
                self._wrote = True
                if isinstance(row, Synced) and number is not None:
                    row.change_no = number

    def _notice(self, state: Any) -> None:
        self._wrote = self._wrote or not state.is_select


def _revoked() -> Quarantine:
    return Quarantine("device.revoked", N_("这部手机已被停用，内容交给服务经理处理"))


def _says(envelope: Envelope) -> tuple[object, ...]:
    return envelope.actor, envelope.command, envelope.visit, envelope.args
