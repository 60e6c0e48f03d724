"""One safeguard less, and the oracle says so: else the schedules that hold would prove nothing."""

import asyncio

import pytest

from tests.model.schedule import Schedule, Step
from tests.model.storm import one
from tests.model.world import World

WORK = {"kinds": ["mark", "photo", "answer"], "number": 7, "visit": 0}
BEGIN: list[Step] = [{"do": "open", "phone": 0}, {"do": "sync", "phone": 0}]
LOST: Step = {"do": "net", "phone": 0, "faults": [{"kind": "refuse", "on": "acts"}], "tap": WORK, "rounds": 1}
ANSWER_LOST: Step = {"do": "net", "phone": 0, "faults": [{"kind": "lose", "on": "acts"}], "tap": WORK, "rounds": 2}
DIES: Step = {"do": "kill", "phone": 0, "during": "nothing", "after": 0, "tap": WORK, "reopen": True}
OTHER_HASH: Step = {"do": "net", "phone": 0, "faults": [{"kind": "other_hash", "on": "acts"}], "tap": WORK, "rounds": 1}
LEFT: Step = {"do": "kill", "phone": 0, "during": "waiting", "after": 0, "tap": WORK, "reopen": True}
CONTROLS: dict[str, list[Step]] = {
    "a failure counts as done": [LOST],
    "answers before it keeps": [],
    "no memory of ids": [ANSWER_LOST],
    "row before file": [{"do": "tap", "phone": 0, **WORK}],
    "forks are welcome": [{"do": "clone", "phone": 0}],
    "a weak chain": [{"do": "tap", "phone": 0, **WORK}],
    "receipts count without their hash": [OTHER_HASH],
    "saved before it is complete": [{"do": "full", "phone": 0, "tap": WORK}],
    "a lease for ever": [LEFT],
    "nothing is signed": [],
    "heads of another ledger": [],
    "a disk that forgets": [{"do": "tap", "phone": 0, **WORK}, DIES],
}
SECONDS = 90


async def run(sabotage: str, steps: list[Step]) -> str | None:
    async with World(sabotage=sabotage) as world:
        async with asyncio.timeout(SECONDS):
            return (await one(world, Schedule(0, 2, tuple(BEGIN + steps)))).broken


@pytest.mark.parametrize("sabotage", CONTROLS)
def test_a_safeguard_taken_out_is_noticed(sabotage: str) -> None:
    broken = asyncio.run(run(sabotage, CONTROLS[sabotage]))

    assert broken, sabotage


def test_the_same_schedules_hold_when_nothing_is_taken_out(worlds: dict[str, World], runner: asyncio.Runner) -> None:
    for name, steps in CONTROLS.items():
        report = runner.run(one(worlds["sqlite"], Schedule(0, 2, tuple(BEGIN + steps))))

        assert report.broken is None, name
