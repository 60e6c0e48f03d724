"""Cuts a push into its acts without reading them, so that one broken act is kept as it came and stops no other.

A JSON parser would fail as a whole on one bad act, and would not give its bytes back. This only follows quotes and
brackets: the bytes of each element of `acts` are kept verbatim; what an act says is read later, one by one.
"""

import re
from collections.abc import Iterator

_TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|["\[\]{},]', re.DOTALL)
_CLOSES = {b"[": b"]", b"{": b"}"}
_ACTS = re.compile(rb'"acts"\s*:\s*\Z')


class NotSplit(ValueError):
    """Quotes or brackets do not match, or there is not exactly one list of acts."""


def split_push(body: bytes) -> tuple[bytes, list[bytes]]:
    """The body with an empty list of acts, and the bytes of each act. Raises NotSplit."""
    found: tuple[int, int, list[bytes]] | None = None
    open_brackets: list[bytes] = []
    tokens = _tokens(body)
    for token, start, _ in tokens:
        if token in _CLOSES:
            if token == b"[" and open_brackets == [b"{"] and _ACTS.search(body[max(0, start - 80):start]):
                if found:
                    raise NotSplit("two lists of acts")
                end, acts = _elements(body, start + 1, tokens)
                found = (start, end, acts)
            else:
                open_brackets.append(token)
        elif token in (b"]", b"}"):
            _close(open_brackets, token)
    if open_brackets or found is None:
        raise NotSplit("no list of acts, or a bracket stays open")
    start, end, acts = found
    return body[:start] + b"[]" + body[end:], acts


def _elements(body: bytes, begin: int, tokens: Iterator[tuple[bytes, int, int]]) -> tuple[int, list[bytes]]:
    """Where the list that opened before `begin` ends, and its elements."""
    open_brackets, elements = [b"["], list[bytes]()
    for token, start, end in tokens:
        if token in _CLOSES:
            open_brackets.append(token)
        elif token in (b"]", b"}"):
            _close(open_brackets, token)
            if not open_brackets:
                last = body[begin:start].strip()
                if last or elements:
                    elements.append(last)
                if not all(elements):
                    raise NotSplit("an empty place between commas")
                return end, elements
        elif token == b"," and len(open_brackets) == 1:
            elements.append(body[begin:start].strip())
            begin = end
    raise NotSplit("the list of acts does not end")


def _close(open_brackets: list[bytes], token: bytes) -> None:
    if not open_brackets or _CLOSES[open_brackets.pop()] != token:
        raise NotSplit("brackets do not match")


def _tokens(body: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Brackets and commas outside of strings. Raises NotSplit at a string without an end."""
    for match in _TOKEN.finditer(body):
        token = match[0]
        if token == b'"':
            raise NotSplit("a string does not end")
        if token[:1] != b'"':
            yield token, match.start(), match.end()
