"""A schedule: what happens to whom, in order, drawn from one number. Plain data, so that it can be printed, cut and repeated."""

import random
from dataclasses import dataclass
from typing import Any

from tests.model.proxy import KINDS

DAY = 86_400_000
TAPS = {
    "answer": 10,
    "zone": 1,
    "clear": 1,
    "mark": 5,
    "retract": 2,
    "belonging": 1,
    "concern": 2,
    "correct": 2,
    "describe": 1,
    "job": 3,
    "unline": 1,
    "photo": 6,
    "twin": 1,
    "unphoto": 1,
    "sign": 3,
    "refuse": 1,
    "release": 1,
}
NET = {**dict.fromkeys(KINDS, 1), "lose": 4, "cut_answer": 3, "cut_request": 3, "twice": 3, "late": 3, "refuse": 2}
POINTS = [
    "push.before_commit",
    "push.after_commit",
    "door.before_commit",
    "door.after_commit",
    "photo.before_file",
    "photo.after_file",
    "act.before",
    "act.after",
]
STEPS = {
    "tap": 34,
    "sync": 12,
    "net": 18,
    "die": 7,
    "pass": 3,
    "kill": 3,
    "clock": 3,
    "server_clock": 1,
    "open": 3,
    "together": 5,
    "back_up": 3,
    "restore": 4,
    "clone": 2,
    "poison": 2,
    "revoke": 1,
    "expire": 2,
    "other_user": 2,
    "deliver_late": 3,
    "damage": 1,
}
Step = dict[str, Any]


@dataclass(frozen=True)
class Schedule:
    seed: int
    phones: int
    steps: tuple[Step, ...]

    def only(self, kept: list[int]) -> "Schedule":
        """The same with some of its steps."""
        return Schedule(self.seed, self.phones, tuple(self.steps[at] for at in kept))


def draw(seed: int) -> Schedule:
    """The schedule of this number, today and for ever (while STEPS stays as it is)."""
    rng = random.Random(seed)
    phones = rng.choices((2, 3, 4), (8, 2, 1))[0]
    steps: list[Step] = [{"do": "open", "phone": 0}, {"do": "sync", "phone": 0}, {"do": "sync", "phone": 1}]
    for _ in range(rng.randint(3, 10)):
        name = _pick(rng, STEPS)
        steps.append({"do": name, "phone": rng.randrange(phones), **_MAKE.get(name, _nothing)(rng, phones)})
    return Schedule(seed, phones, tuple(steps))


def _pick(rng: random.Random, weights: dict[str, int]) -> str:
    return rng.choices(list(weights), list(weights.values()))[0]


def _nothing(_rng: random.Random, _phones: int) -> Step:
    return {}


def _tap(rng: random.Random, _phones: int) -> Step:
    return {
        "kinds": [_pick(rng, TAPS) for _ in range(rng.choice((1, 1, 2, 3)))],
        "number": rng.randrange(2**31),
        "visit": rng.randrange(4),
    }


def _net(rng: random.Random, _phones: int) -> Step:
    faults = [
        {
            "kind": _pick(rng, NET),
            "on": rng.choice(("any", "acts", "acts", "photo", "photo", "changes", "manifest")),
            "share": round(rng.random(), 3),
        }
        for _ in range(rng.choice((1, 1, 1, 2, 3)))
    ]
    return {"faults": faults, "tap": _tap(rng, 0), "rounds": rng.choice((1, 1, 2))}


def _die(rng: random.Random, _phones: int) -> Step:
    point = rng.choice(POINTS)
    return {
        "point": point,
        "what": rng.choice(("exit", "exit", "raise")),
        "skip": rng.randrange(4) if point.startswith("act") else 0,
        "tap": _tap(rng, 0),
    }


def _kill(rng: random.Random, _phones: int) -> Step:
    return {
        "during": rng.choice(("nothing", "tap", "sync", "sync")),
        "after": rng.choice((0, 1, 3, 8, 20, 50)),
        "tap": _tap(rng, 0),
        "reopen": rng.random() < 0.8,
    }


_MAKE = {
    "tap": _tap,
    "net": _net,
    "die": _die,
    "kill": _kill,
    "pass": lambda rng, _: {"ms": rng.choice((1_100, 10_000, 65_000, 400_000))},
    "clock": lambda rng, _: {"ms": rng.choice((-1, 1)) * rng.choice((60_000, DAY, 3 * DAY))},
    "server_clock": lambda rng, _: {"ms": rng.choice((-1, 1)) * rng.choice((60_000, DAY, 3 * DAY))},
    "open": lambda rng, _: {},
    "together": lambda rng, _: {"tap": _tap(rng, 0)},
    "restore": lambda rng, _: {"new_epoch": rng.random() < 0.5, "first": rng.random() < 0.2},
    "poison": lambda rng, _: {
        "command": rng.choice(("concern.add", "walkaround.record_damage", "photo.add")),
        "tap": _tap(rng, 0),
    },
    "damage": lambda rng, _: {"number": rng.randrange(1000)},
    "other_user": lambda rng, _: {"tap": _tap(rng, 0), "back": rng.random() < 0.5},
}
