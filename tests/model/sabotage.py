"""The controls: a safeguard is taken out of the server or out of the phone, and the schedules must notice.

A server's is a patch in the rig's own process; a phone's are (module, words, other words) for the rig's own bundle. The product
has no switch for any of this. Some safeguards have a second one behind them: a phone hears from the next pull that the server
has fewer of its acts than it acknowledged, and sends them again, whatever it was that lost them. Where that would save the day,
it is taken out too (NO_SECOND).
"""

from collections.abc import Callable, Sequence
from typing import Any

from webapp.adapters.keys import Keys
from webapp.adapters.photo_store import PhotoStore
from webapp.commands import batch, execute, ledger
from webapp.commands.parse import Envelope
from webapp.commands.receipt import Answer

Patch = tuple[str, str, str]
NO_SECOND: Patch = (
    "outbox/pull.js",
    "if (!page.reset && page.device_last_seq >= acked_seq) return false;",
    "if (page) return false;",
)
PHONE: dict[str, tuple[Patch, ...]] = {
    "a failure counts as done": (
        (
            "outbox/acts.js",
            "if (!(why instanceof ApiError) || why.status !== 413 || batch.length === 1) throw why;",
            'return settle(store, batch.map(({ seq, id }) => ({ seq, receipt: { id, verdict: "applied", change_no: 0 } })));',
        ),
        NO_SECOND,
    ),
    "answers before it keeps": (NO_SECOND,),
    "receipts count without their hash": (
        (
            "outbox/acts.js",
            "byId.get(receipt.id)?.sha256 === receipt.sha256)",
            "byId.has(receipt.id))",
        ),
        NO_SECOND,
    ),
    "saved before it is complete": (
        (
            "store/open.js",
            "        await done;\n        return result;",
            "        return result;",
        ),
    ),
    "a lease for ever": (("outbox/lease.js", "return Math.abs(Date.now() - at) > STALE;", "return at < 0;"),),
    "nothing is signed": (("outbox/acts.js", "made ?? (key && (await sign(key, hashed).catch(() => undefined)))", "made"),),
    "a disk that forgets": (
        (
            "model/disk.mjs",
            "if (made.length) append(made);",
            'if (made.length && made.every(([, name]) => name !== "acts")) append(made);',
        ),
    ),
}


def apply(name: str) -> None:
    """In the server's process, before the first child is forked."""
    if name in SERVER:
        SERVER[name]()


def _early_answer() -> None:
    """Answers, and would commit later; it never comes to that."""

    def promise(self: execute.Door, device_id: str, envelopes: Sequence[Envelope], careful: bool) -> Answer:
        with self._database.write() as db:
            made = batch.Batch(db, device_id, self._now(), envelopes, careful=careful)
            for envelope in envelopes:
                if not made.take(envelope):
                    break
            return made.close()

    execute.Door._take = promise  # type: ignore[method-assign]


def _no_memory() -> None:
    """An act that was seen is judged again: no idempotency by id."""
    batch.Batch._look_up = lambda self, ids: None  # type: ignore[method-assign]


def _row_first() -> None:
    """The photo's row is written, and the file would be later."""

    def settle(_self: PhotoStore, spool: Any, _sha256: str) -> None:
        spool.settled = True

    real = PhotoStore.path
    PhotoStore.settle = settle  # type: ignore[method-assign]
    PhotoStore.has = lambda self, sha256: True  # type: ignore[method-assign]
    PhotoStore.path = lambda self, sha256: real(self, sha256) if real(self, sha256).exists() else self._folder  # type: ignore[method-assign]


def _no_fork() -> None:
    """A number that was used before, for something else, is taken as done."""

    def forgiving(self: batch.Batch, envelope: Envelope, first: bool) -> bool:
        return self._say(batch.Receipt(envelope.key, envelope.sha256, "applied", self._head.n, "ok", ""))

    batch.Batch._behind = forgiving  # type: ignore[method-assign]


def _weak_chain() -> None:
    """Entries do not name the one before them in their visit."""
    ledger.Chain._visit_head = lambda self, visit: None  # type: ignore[method-assign]


def _other_heads() -> None:
    """What the house signs of itself is not what it has."""
    real = Keys.signed_head
    Keys.signed_head = lambda self, store, index, _: real(self, store, index, "f" * 64)  # type: ignore[method-assign]


SERVER: dict[str, Callable[[], None]] = {
    "answers before it keeps": _early_answer,
    "no memory of ids": _no_memory,
    "row before file": _row_first,
    "forks are welcome": _no_fork,
    "a weak chain": _weak_chain,
    "heads of another ledger": _other_heads,
}
