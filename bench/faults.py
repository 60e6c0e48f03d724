"""A night of faults: `python -m bench faults --schedules 100000 [--first SEED] [--workers 2]`.

Draws and runs schedules (tests/model), shows how far it is, and prints a table of what was injected and what was found. A
schedule that fails is printed with its number; `python -m tests.model.replay SEED --cut` brings it back.
"""

import argparse
import asyncio
import sys
import time
from collections import Counter
from multiprocessing import get_context
from queue import Empty
from typing import Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bench.table import percentile, show


def run() -> None:
    """Run by bench/__main__; takes its own words from the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench faults")
    parser.add_argument("--schedules", type=int, default=200)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args(sys.argv[2:] if sys.argv[1:2] == ["faults"] else [])
    seeds = range(asked.first, asked.first + asked.schedules)
    context = get_context("spawn")
    heard: Any = context.Queue()
    workers = [context.Process(target=_work, args=(seeds[n :: asked.workers], heard)) for n in range(asked.workers)]
    began = time.monotonic()
    for worker in workers:
        worker.start()
    found, seconds, broken = _listen(heard, asked.schedules, workers)
    for worker in workers:
        worker.join()
    _tell(found, seconds, broken, time.monotonic() - began)


def _work(seeds: range, heard: Any) -> None:
    asyncio.run(_storm(seeds, heard))


async def _storm(seeds: range, heard: Any) -> None:
    from tests.model.storm import storm
    from tests.model.world import World

    async with World() as world:
        async for report in storm(world, seeds):
            heard.put((report.seed, report.seconds, report.broken, dict(report.found)))


def _listen(heard: Any, count: int, workers: list[Any]) -> tuple[Counter[str], list[float], dict[int, str]]:
    found, seconds, broken = Counter[str](), list[float](), dict[int, str]()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns) as progress:
        bar = progress.add_task("schedules", total=count)
        while len(seconds) < count:
            try:
                seed, took, why, what = heard.get(timeout=5)
            except Empty:
                if any(worker.is_alive() for worker in workers):
                    continue
                progress.console.print("a worker has died; what follows is what it had told until then")
                break
            found.update(what)
            seconds.append(took)
            if why:
                broken[seed] = why
                progress.console.print(f"{seed}: {why.splitlines()[0][:160]}")
            progress.advance(bar)
    return found, seconds, broken


def _tell(found: Counter[str], seconds: list[float], broken: dict[int, str], wall: float) -> None:
    show(f"{len(seconds)} schedules in {wall:.0f} s", [
        ("schedules that broke an invariant", str(len(broken)), "0", not broken),
        ("one schedule, p50 / p95", f"{percentile(seconds, 0.5):.2f} / {percentile(seconds, 0.95):.2f} s", "", None),
    ])
    show("injected, and what came of it", [(name, str(count), "", None) for name, count in sorted(found.items())])
    for seed in sorted(broken):
        print(f"python -m tests.model.replay {seed} --cut")
