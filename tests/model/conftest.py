"""One world per worker and database, kept for all its schedules."""

import asyncio
import os
from collections.abc import Iterator

import pytest

from tests.model.world import World, make_database

FIRST = int(os.environ.get("CLOCKWISE_MODEL_FIRST", "300"))
SCHEDULES = int(os.environ.get("CLOCKWISE_MODEL_SCHEDULES", "100"))
CHUNK = 10


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """The schedules in pieces, so that workers share them. PostgreSQL runs a tenth, when asked for: there the rig's
    own server does not yet answer the phones after its first restart, so nothing reaches the oracle."""
    if "chunk" in metafunc.fixturenames:
        wanted = metafunc.config.getoption("--database") or ["sqlite"]
        share = {"sqlite": SCHEDULES, "postgres": max(2, SCHEDULES // 10)}
        starts = [(name, at) for name in wanted for at in range(0, share[name], CHUNK)]
        pieces = [(name, range(FIRST + at, FIRST + min(at + CHUNK, share[name]))) for name, at in starts]
        metafunc.parametrize("chunk", pieces, ids=[f"{name}-{seeds.start}" for name, seeds in pieces])


@pytest.fixture(scope="session")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


def _own(url: str) -> str:
    """A database of the model's own on the worker's server."""
    make_database(url, "model")
    before, _, query = url.partition("?")
    return before.rpartition("/")[0] + "/model" + (f"?{query}" if query else "")


@pytest.fixture(scope="session")
def worlds(runner: asyncio.Runner, request: pytest.FixtureRequest) -> Iterator[dict[str, World]]:
    """Made when first asked for, by database."""
    made: dict[str, World] = {}

    class Worlds(dict[str, World]):
        def __missing__(self, name: str) -> World:
            url = None if name == "sqlite" else _own(request.getfixturevalue("postgres_url"))
            made[name] = self[name] = world = World(url)
            runner.run(world.__aenter__())
            return world

    yield Worlds()
    for world in made.values():
        runner.run(world.__aexit__())
