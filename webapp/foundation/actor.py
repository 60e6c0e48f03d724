"""Who does something, and the act they do it with. Plain facts; rights are decided on the floor above."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Actor:
    """A person (or the server itself) at work for one store, on one device."""

    store: str
    staff: str
    name: str
    roles: frozenset[str]
    device: str


@dataclass(frozen=True, slots=True)
class Act:
    """One command on its way through the door.

    base: highest change number of the visit that the sender had seen, None if never pulled. change_no: its place in
    the store's ledger, stamped on every row it changes. acted_at: the sender's clock, a claim; now: ours.
    """

    id: str
    command: str
    visit: str | None
    actor: Actor
    seq: int
    base: int | None
    acted_at: datetime
    now: datetime
    change_no: int

    @property
    def store(self) -> str:
        return self.actor.store


@dataclass(frozen=True, slots=True)
class Done:
    """What an act came to, beyond the rows: facts for the receipt, and whether it stands beside another answer.

    next_seq: the number that the device goes on with, where that is not the next one. then: what is done in the same
    transaction once the act stands in the ledger, because the database asks for it (an erasure).
    """

    facts: dict[str, object]
    conflict: bool = False
    next_seq: int | None = None
    then: Callable[[Session], None] | None = None
