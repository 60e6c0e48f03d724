"""A fault in the log: its kind and the places it came through, never its words, for they may quote what a customer said (T36)."""

import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

MOST = 60


def places(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: `exc_info` becomes `trace`, a list of kinds and places, the outermost fault first."""
    fault = event.pop("exc_info", None)
    fault = sys.exc_info()[1] if fault is True else fault
    trace: list[str] = []
    while isinstance(fault, BaseException) and len(trace) < MOST:
        trace.append(type(fault).__name__)
        trace += [f"{at.filename}:{at.lineno} {at.name}" for at in traceback.extract_tb(fault.__traceback__)]
        fault = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)
    if trace:
        event["trace"] = trace
    return event
