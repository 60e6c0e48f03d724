"""All that can be done, on one page: name -> command class, act, who may, since which version."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from webapp.domain import photo_bytes, visit, walkaround
from webapp.domain.words import Command
from webapp.foundation.actor import Done

ADVISOR = frozenset({"advisor"})
SERVER = frozenset({"server"})  # the server itself; no member of staff has this role


@dataclass(frozen=True)
class Entry:
    """visit: "opens" makes one, "needs" works on one, "none" is about no visit."""

    command: type[Command]
    act: Callable[..., Done | None]
    roles: frozenset[str]
    visit: Literal["opens", "needs", "none"] = "needs"
    since: str = "2026.11.1"

    def run(self, *args: Any) -> Done | None:
        return self.act(*args)


COMMANDS: dict[str, Entry] = {
    "visit.open": Entry(visit.OpenVisit, visit.open_visit, ADVISOR, "opens"),
    "walkaround.start": Entry(walkaround.StartWalkaround, walkaround.start, ADVISOR),
    "walkaround.record_damage": Entry(walkaround.RecordDamage, walkaround.record_damage, ADVISOR),
    "photo.receive": Entry(photo_bytes.ReceivePhoto, photo_bytes.receive, SERVER),
}
