"""One way to write an object as bytes (RFC 8785), so that a hash made on a phone can be made again here.

Narrow profile: objects, arrays, strings, whole numbers within 2^53, true and false. No floats, no lone surrogates, no
null except where the caller says so (an act's base, an entry's empty links). Strings are never normalised. The phone's
twin is static/pwa/lib/canon.js.
"""

import hashlib
import json
from typing import Any

import rfc8785

LARGEST = 2**53 - 1


class NotCanonical(ValueError):
    """The object has something that two languages could write differently."""


def canonical(value: Any, *, nulls: bool = False) -> bytes:
    """RFC 8785 bytes. Raises NotCanonical with the path of the first thing outside the profile."""
    if _check(value, "$", 0, nulls):
        return _encode(value).encode()
    return rfc8785.dumps(value)


def check(value: Any, *, nulls: bool = False) -> None:
    """Raises NotCanonical when the value is outside the profile."""
    _check(value, "$", 0, nulls)


def sha256_hex(data: bytes) -> str:
    """SHA-256 as 64 lower-case hexadecimal characters."""
    return hashlib.sha256(data).hexdigest()


def digest(value: Any, *, nulls: bool = False) -> str:
    """SHA-256 of the canonical bytes."""
    return sha256_hex(canonical(value, nulls=nulls))


# Inside the profile the standard encoder writes the same bytes, many times faster, as long as every key is ASCII: only
# there could its order of keys (code points) and RFC 8785's (UTF-16) differ. A test compares the two.
_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, check_circular=False,
                           separators=(",", ":")).encode


def _check(value: Any, path: str, depth: int, nulls: bool) -> bool:
    """Raises NotCanonical outside the profile. True when every key is ASCII."""
    plain = True
    if depth > 64:
        raise NotCanonical(f"{path}: deeper than 64")
    if isinstance(value, str):
        _check_text(value, path)
    elif isinstance(value, bool) or (nulls and value is None):
        pass
    elif isinstance(value, int):
        if abs(value) > LARGEST:
            raise NotCanonical(f"{path}: number too large")
    elif isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise NotCanonical(f"{path}: key is not text")
            if not key.isascii():
                plain = False
                _check_text(key, path)
            plain &= _check(inner, f"{path}.{key}", depth + 1, nulls)
    elif isinstance(value, list | tuple):
        for n, inner in enumerate(value):
            plain &= _check(inner, f"{path}[{n}]", depth + 1, nulls)
    else:
        raise NotCanonical(f"{path}: {type(value).__name__} is not allowed")
    return plain


def _check_text(text: str, path: str) -> None:
    # isascii is a flag on the string: the common case costs nothing.
    if not text.isascii() and any(0xD800 <= ord(c) <= 0xDFFF for c in text):
        raise NotCanonical(f"{path}: lone surrogate")
