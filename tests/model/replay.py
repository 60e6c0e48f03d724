"""Runs schedules by their numbers: `python -m tests.model.replay SEED [SEED…] [--steps] [--cut] [--times N] [--sabotage NAME]`.

--cut looks for the shortest part of the schedule that still fails. What depends on which process the machine runs first may
need more than one try: --times.
"""

import argparse
import asyncio
import json

from tests.model.schedule import draw
from tests.model.storm import cut, one
from tests.model.world import World


async def main(args: argparse.Namespace) -> int:
    failed = 0
    async with World(sabotage=args.sabotage) as world:
        for seed in args.seeds:
            schedule = draw(seed)
            for _ in range(args.times):
                report = await one(world, schedule)
                if report.broken:
                    break
            print(f"{seed}: {report.broken or 'holds'} ({report.seconds:.1f} s)")
            if report.broken:
                failed = 1
                if args.cut:
                    schedule = await cut(world, schedule, report.invariant)
                for step in schedule.steps if args.cut or args.steps else ():
                    print("   ", json.dumps(step, ensure_ascii=False))
                if args.cut:
                    print((await one(world, schedule)).broken)
    return failed


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seeds", type=int, nargs="+")
    parser.add_argument("--cut", action="store_true")
    parser.add_argument("--steps", action="store_true")
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--sabotage", default="")
    raise SystemExit(asyncio.run(main(parser.parse_args())))
