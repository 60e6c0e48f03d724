"""经过: the ledger of a visit, newest first, each act as a sentence. Nothing is left out: refused and set aside acts too.

Runs of checklist answers, or of photos, by one person are folded into one line that opens; that the bytes of a photo
arrived is told by the photo itself, so the server's own note of it is not a line.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from webapp.foundation.refusal import N_
from webapp.models import Device, KeptAct, LedgerEntry, Visit
from webapp.queries.sentences import STATUS, answer_text, sentence
from webapp.queries.words import Lexicon, Say

PAGE = 400
LATE = timedelta(minutes=2)
FOLDED = ("answer", "answer_zone", "clear_answer")
SILENT = frozenset({"photo.receive"})
WEIGHTY = frozenset({"document.sign", "document.refuse", "document.void", "visit.release", "visit.cancel", "handover.find_defect",
                     "visit.mark_ready", "visit.merge", "document.report_altered"})


@dataclass(frozen=True)
class Line:
    """late: reached the server this much after it was done, so it was recorded offline. why: the refusal's own words."""

    idx: int
    at: datetime
    received_at: datetime
    who: str
    where: str
    command: str
    verdict: str
    say: Say
    code4: str
    why: Say | None = None
    both: tuple[Say, ...] = ()
    late: bool = False
    revision: int | None = None
    weighty: bool = False
    doc_sha256: str | None = None
    folded: tuple["Line", ...] = field(default=())


@dataclass(frozen=True)
class Timeline:
    lines: list[Line]
    before: int | None


def timeline(db: Session, store: str, visit: str, lexicon: Lexicon, before: int | None = None) -> Timeline:
    """One page; `before` is the index to go on from, None at the visit's beginning."""
    query = (select(LedgerEntry.idx, LedgerEntry.hash, KeptAct, Device.name, Device.is_server)
             .join(KeptAct, (KeptAct.store_id == LedgerEntry.store_id) & (KeptAct.idx == LedgerEntry.idx))
             .outerjoin(Device, Device.id == LedgerEntry.device_id)
             .where(LedgerEntry.store_id == store, _of(db, store, visit))
             .order_by(LedgerEntry.idx.desc()).limit(PAGE + 1))
    rows = db.execute(query if before is None else query.where(LedgerEntry.idx < before)).all()
    lines = [_line(act, hash_, device or "", server, lexicon, act.visit_id != visit)
             for _, hash_, act, device, server in rows[:PAGE] if act.command not in SILENT]
    return Timeline(_fold(lines), rows[PAGE - 1][0] if len(rows) > PAGE else None)


def _of(db: Session, store: str, visit: str) -> ColumnElement[bool]:
    """The visit's own acts. That another visit of the car goes on here is told too; it stands in that one's ledger."""
    ended = db.scalars(select(Visit.id).where(Visit.store_id == store, Visit.merged_into == visit)).all()
    if not ended:
        return LedgerEntry.visit_id == visit
    merge = and_(KeptAct.command == "visit.merge", KeptAct.verdict.in_(("applied", "conflict")))
    return and_(LedgerEntry.visit_id.in_([visit, *ended]), or_(LedgerEntry.visit_id == visit, merge))


def _told_here(args: Mapping[str, Any]) -> Say:
    """The act that ended the other visit, told in the one that goes on."""
    return Say(N_("同一辆车的另一次来店并入这里：%(reason)s"), {"reason": args.get("reason", "")})


def _line(act: KeptAct, hash_: str, device: str, server: bool, lexicon: Lexicon, foreign: bool) -> Line:
    args = _args(act.body)
    at = act.acted_at or act.received_at
    return Line(
        idx=act.idx, at=at, received_at=act.received_at, who=lexicon.people.get(act.actor, act.actor),
        where="" if server else device, command=act.command, verdict=act.verdict,
        say=_told_here(args) if foreign else sentence(act.command, args, lexicon),
        code4=hash_[:4], why=_why(act), both=_both(act, lexicon),
        late=act.received_at - at > LATE, revision=act.facts.get("revision"), weighty=act.command in WEIGHTY,
        doc_sha256=args.get("doc_sha256") if act.command == "document.sign" else None)


def _why(act: KeptAct) -> Say | None:
    """The refusal as it was said; words among its facts (a state, a role) are the catalogue's too."""
    facts = {name: Say(fact) if isinstance(fact, str) else fact for name, fact in act.facts.items()}
    return Say(act.sentence, facts) if act.sentence else None


def _args(body: bytes | None) -> Mapping[str, Any]:
    """The arguments as they came; nothing when the act was unreadable or its body is erased."""
    try:
        args = json.loads(body or b"{}").get("args")
    except (ValueError, AttributeError, RecursionError):
        return {}
    return args if isinstance(args, dict) else {}


def _both(act: KeptAct, lexicon: Lexicon) -> tuple[Say, ...]:
    """Two people's answers, each with a name: `许接待：正常`."""
    if act.verdict != "conflict":
        return ()
    found = act.facts.get("conflicts") or [act.facts]
    lines = []
    for clash in found if isinstance(found, list) else []:
        for key in ("current", "other"):
            said = clash.get(key) if isinstance(clash, dict) else None
            if isinstance(said, dict):
                row, who = {**said, "item": clash.get("item", "")}, said.get("by", "")
                lines.append(Say(N_("%(who)s：%(answer)s"), {"who": lexicon.people.get(who, who), "answer": _said(row, lexicon)}))
    return tuple(lines)


def _said(row: Mapping[str, Any], lexicon: Lexicon) -> Any:
    return str(row["value"]) if row.get("value") is not None and "status" not in row else answer_text(row, lexicon)


def _fold(lines: list[Line]) -> list[Line]:
    """Neighbouring checklist answers of one person, applied without more to say, become one line."""
    folded: list[Line] = []
    for line in lines:
        last = folded[-1] if folded else None
        if last and _plain(last) and _plain(line) and last.who == line.who and _run(last) == _run(line):
            folded[-1] = _together(last, line)
        else:
            folded.append(line)
    return folded


def _plain(line: Line) -> bool:
    return line.verdict == "applied" and (line.command == "photo.add" or line.command.partition(".")[2] in FOLDED)


def _run(line: Line) -> str:
    return line.command.partition(".")[0]


def _together(last: Line, line: Line) -> Line:
    whole = (*(last.folded or (last,)), line)
    if line.command == "photo.add":
        return replace(last, say=Say(N_("拍照 %(n)s 张"), {"n": len(whole)}), folded=whole, late=last.late or line.late)
    looks = sum(1 for one in whole if one.say.facts.get("answer") in _FINDINGS)
    facts = {"n": len(whole), "looks": looks}
    say = Say(N_("检查记录 %(n)s 条，%(looks)s 条需留意"), facts) if looks else Say(N_("检查记录 %(n)s 条"), facts)
    return replace(last, say=say, folded=whole, late=last.late or line.late)


_FINDINGS = (Say(STATUS["attention"]), Say(STATUS["fail"]))
