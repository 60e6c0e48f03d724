"""Nothing lost, nothing doubled: schedules drawn from their numbers, each held against the invariants I1 to I8."""

import asyncio
from collections import Counter

from tests.model.schedule import draw
from tests.model.storm import one
from tests.model.world import World


def test_schedules_hold(chunk: tuple[str, range], worlds: dict[str, World], runner: asyncio.Runner) -> None:
    database, seeds = chunk
    world, found = worlds[database], Counter[str]()
    for seed in seeds:
        report = runner.run(one(world, draw(seed)))
        found += report.found
        assert report.broken is None, f"python -m tests.model.replay {seed} --cut\n{report.broken}"

    assert found["tap"] + found["net"] and found["verdict applied"], "control: something happened"
