"""What a sender hears of each act."""

from dataclasses import dataclass, field
from typing import Any

from webapp.commands.parse import Envelope
from webapp.models import KeptAct


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
    """index, head: the store's last ledger entry once these acts were kept."""

    receipts: list[Receipt]
    expect_seq: int
    epoch: int
    store: str
    index: int
    head: str


def again(envelope: Envelope, seen: KeptAct | Receipt) -> Receipt:
    """A repeat: the first verdict, under the first change number."""
    number = seen.idx if isinstance(seen, KeptAct) else seen.change_no
    text = seen.sentence if isinstance(seen, KeptAct) else seen.text
    return Receipt(envelope.key, envelope.sha256, "duplicate", number, seen.code, text, {**seen.facts, "first": seen.verdict})


def sha_of(seen: KeptAct | Receipt) -> str:
    return seen.act_sha256 if isinstance(seen, KeptAct) else seen.sha256
