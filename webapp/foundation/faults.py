"""Named points at which a test may stop or break the server; for anybody else they do nothing.

`hit` is an empty function until somebody in the same process arms it. Nothing in webapp/, bin/ or wsgi.py does, and no
setting can: `arm` asks for CLOCKWISE_TESTING=1 besides, so that a test's helper imported by mistake stays without effect.
tests/model/test_faults_off.py holds both.
"""

import os
from collections.abc import Callable


def _nothing(point: str, what: str = "") -> None:
    """A server at work: nothing happens here."""


_armed: Callable[[str, str], None] = _nothing


def hit(point: str, what: str = "") -> None:
    """We are at this point with this act or photo in hand; a test may have planned something."""
    _armed(point, what)


def arm(plan: Callable[[str, str], None]) -> None:
    """From now on `plan(point, what)` is called at every point. Raises RuntimeError in a process that is not a test's."""
    global _armed
    if os.environ.get("CLOCKWISE_TESTING") != "1":
        raise RuntimeError("faults are for tests")
    _armed = plan


def armed() -> bool:
    return _armed is not _nothing
