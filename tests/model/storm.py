"""Many schedules, one after the other, and what came of them."""

import time
import traceback
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field

from tests.model.look import Broken
from tests.model.run import Run
from tests.model.schedule import Schedule, draw
from tests.model.world import World


@dataclass
class Report:
    """One schedule. broken: what does not hold, or None."""

    seed: int
    seconds: float
    broken: str | None
    invariant: str
    found: Counter[str] = field(default_factory=Counter)


async def one(world: World, schedule: Schedule) -> Report:
    began, before = time.monotonic(), Counter(world.proxy.injected)
    run = Run(world, schedule)
    broken, invariant = None, ""
    try:
        await run.go()
    except Broken as why:
        broken, invariant = str(why), why.invariant
    except Exception as why:
        broken, invariant = f"{type(why).__name__}: {why}\n{traceback.format_exc()[-1500:]}", type(why).__name__
    if broken:
        for phone in world.phones:
            await phone.kill()
    return Report(schedule.seed, time.monotonic() - began, broken, invariant, run.found + (world.proxy.injected - before))


async def storm(world: World, seeds: Iterable[int]) -> AsyncIterator[Report]:
    for seed in seeds:
        yield await one(world, draw(seed))


async def cut(world: World, schedule: Schedule, invariant: str, tries: int = 2) -> Schedule:
    """The shortest part of it, found by leaving out, that still breaks the same invariant."""
    kept, size = list(range(len(schedule.steps))), len(schedule.steps) // 2
    while size:
        at = 0
        while at < len(kept):
            rest = kept[:at] + kept[at + size :]
            for _ in range(tries):
                report = await one(world, schedule.only(rest)) if rest else None
                if report and report.broken and report.invariant == invariant:
                    kept = rest
                    break
            else:
                at += size
        size //= 2
    return schedule.only(kept)
