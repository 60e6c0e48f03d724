"""Moments: always aware, always UTC inside; a store's own time zone only where people read it."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """The server's clock, cut to milliseconds: what the wire carries."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def to_wire(moment: datetime) -> str:
    """`2026-11-23T01:05:09.120Z`: UTC, milliseconds, as every moment on the wire is written."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def from_wire(text: str) -> datetime:
    """Reads what `to_wire` writes, and any RFC 3339 moment with a zone. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(UTC)
