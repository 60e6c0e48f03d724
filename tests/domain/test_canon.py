"""The quick writer and RFC 8785 write the same bytes; what two languages could write differently is refused."""

import random
from typing import Any

import pytest
import rfc8785

from webapp.foundation.canon import LARGEST, NotCanonical, canonical

SIGNS = ["a", "Z", "0", "~", "\x7f", "\x00", "\x1f", "\n", "\t", "\b", "\f", "\r", '"', "\\", "/", "é", "é", "车", "\u2028",
         "\u2029", "\ufeff", "\uffff", "😀", "\U0010ffff", "<", "&"]


def test_both_writers_agree_on_documents_of_every_kind() -> None:
    chance = random.Random(20261123)

    for _ in range(3000):
        value = _made(chance, 0)
        assert canonical(value, nulls=True) == rfc8785.dumps(value), value


def test_keys_are_ordered_as_utf_16_where_it_matters() -> None:
    value = {"\ufb33": 1, "😀": 2, "a": 3}

    assert canonical(value) == rfc8785.dumps(value) == '{"a":3,"😀":2,"\ufb33":1}'.encode()


@pytest.mark.parametrize("value", [1.0, float("nan"), None, "\ud800", {"\udfff": 1}, {1: 2}, LARGEST + 1, -LARGEST - 1,
                                   {"a": {1}}, {"a": [None]}, b"a"])
def test_outside_the_profile_nothing_is_written(value: Any) -> None:
    with pytest.raises(NotCanonical):
        canonical(value)


def test_too_deep_is_refused() -> None:
    value: Any = 1
    for _ in range(70):
        value = [value]

    with pytest.raises(NotCanonical):
        canonical(value)


def _made(chance: random.Random, depth: int) -> Any:
    kind = chance.randrange(7 if depth < 4 else 5)
    if kind == 0:
        return chance.choice([0, -1, 1, LARGEST, -LARGEST, chance.randrange(-10**6, 10**6)])
    if kind == 1:
        return chance.choice([True, False, None])
    if kind in (2, 3, 4):
        return _text(chance)
    if kind == 5:
        return [_made(chance, depth + 1) for _ in range(chance.randrange(5))]
    return {_text(chance): _made(chance, depth + 1) for _ in range(chance.randrange(6))}


def _text(chance: random.Random) -> str:
    return "".join(chance.choice(SIGNS) for _ in range(chance.randrange(6)))
