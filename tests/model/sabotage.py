"""The controls: one safeguard is taken out of the server or out of the phone, and the schedules must notice.

A server's is a patch in the rig's own process; a phone's is (module, words, other words) for the rig's own bundle. The
product has no switch for any of this.
"""

import time
from collections.abc import Callable, Sequence
from typing import Any

from webapp.commands import batch, execute
from webapp.commands.parse import Envelope
from webapp.commands.receipt import Answer

PHONE = {
    "marks without the hash": ("outbox/acts.js", "byId.get(receipt.id)?.sha256 === receipt.sha256", "byId.has(receipt.id)"),
    "sent is done": (
        "outbox/acts.js",
        'throw new NoNetwork("no receipt names an act by its id and hash")',
        'await settle(store, batch.map(({ seq, id }) => ({ seq, receipt: { id, verdict: "applied", change_no: 0 } })))',
    ),
    "no resending after a restore": (
        "outbox/pull.js",
        "if (!page.reset && page.device_last_seq >= acked_seq) return false;",
        "return false;",
    ),
    "fork not heard": (
        "outbox/acts.js",
        'if (receipt.verdict === "fork") return takeNewIdentity(store);',
        'if (receipt.verdict === "fork") return settle(store, [{ seq: receipt.facts?.seq ?? 1, receipt }]);',
    ),
    "saved too early": ("store/open.js", "        await done;\n        return result;", "        return result;"),
    "synced without proof": ("outbox/state.js", "&& !metas.unproven?.length", ""),
    "lease for ever": ("outbox/lease.js", "Math.abs(Date.now() - at) > STALE", "false"),
}


def apply(name: str) -> None:
    """In the server's process, before the first child is forked."""
    if name and name not in PHONE:
        SERVER[name]()


def _early_answer() -> None:
    """Answers first and commits later: what is in between is lost when the process dies."""

    def promise(self: execute.Door, device_id: str, envelopes: Sequence[Envelope], careful: bool) -> Answer:
        with self._database.write() as db:
            made = batch.Batch(db, device_id, self._now(), envelopes, careful=careful)
            for envelope in envelopes:
                if not made.take(envelope):
                    break
            answer = made.close()
            if time.time_ns() // 1000 % 4:
                db.commit()
        return answer

    execute.Door._take = promise  # type: ignore[method-assign]


def _no_memory() -> None:
    """An act that was seen is judged again: no idempotency by id."""
    batch.Batch._look_up = lambda self, ids: None  # type: ignore[method-assign]


def _row_first() -> None:
    """The photo's row is written and the file is not."""
    from webapp.adapters.photo_store import PhotoStore

    def settle(self: PhotoStore, spool: Any, sha256: str) -> None:
        self.path(sha256).parent.mkdir(exist_ok=True)
        if time.time_ns() // 1000 % 4:
            spool.path.rename(self.path(sha256))
        spool.settled = True

    PhotoStore.settle = settle  # type: ignore[method-assign]


def _no_fork() -> None:
    """A number that was used before is taken as done."""
    take = batch.Batch.take

    def forgiving(self: batch.Batch, envelope: Envelope) -> bool:
        if envelope.seq is not None and envelope.seq < self.sender.expect_seq and envelope.id not in self._seen:
            return self._say(batch.Receipt(envelope.key, envelope.sha256, "applied", self._head.n, "ok", ""))
        return take(self, envelope)

    batch.Batch.take = forgiving  # type: ignore[method-assign]


def _weak_chain() -> None:
    """Entries do not name the one before them."""
    from webapp.commands import ledger

    ledger.Chain._visit_head = lambda self, visit: None  # type: ignore[method-assign]


SERVER: dict[str, Callable[[], None]] = {
    "answers before it keeps": _early_answer,
    "no memory of ids": _no_memory,
    "row before file": _row_first,
    "forks are welcome": _no_fork,
    "a weak chain": _weak_chain,
}
