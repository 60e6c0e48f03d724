"""Ids are UUIDv7 in lower-case text; whoever makes a thing makes its id, so that a thing made offline has one."""

import re
from uuid import UUID

from uuid_utils.compat import uuid7

_SHAPE = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def new_id() -> str:
    """A fresh UUIDv7."""
    return str(uuid7())


def is_id(value: object) -> bool:
    """True for a UUID as the wire writes it: lower case, with hyphens."""
    return isinstance(value, str) and _SHAPE.fullmatch(value) is not None


def is_v7(value: str) -> bool:
    """True for a UUID that says it is version 7."""
    return UUID(value).version == 7
