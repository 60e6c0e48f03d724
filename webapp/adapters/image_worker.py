"""The process that looks at pictures (evidence.md D4): no network, no keys, no environment, an empty folder to stand in.

It is started once by whoever needs a picture looked at (images.py) and only waits; for every picture it splits off a child that
shuts itself in (sandbox.py), reads one picture from its socket, answers and ends. So no picture meets what another one left
behind, and one that brings the decoder down takes nobody along. Nothing of the house is imported here but the decoder.

A child says one byte when it is shut in. An order is `kind, length` and the bytes; an answer is `length of facts, length of
bytes`, the facts as JSON, the bytes.
"""

import json
import os
import signal
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from webapp.adapters import picture
from webapp.adapters.image_order import ANSWER, ONLY_LIMITS, ORDER, SHUT, NotTaken
from webapp.adapters.sandbox import shut_in

Work = Callable[[str, bytes], tuple[dict[str, Any], bytes]]


def main() -> None:
    """Standard input is the socket on which sockets come."""
    _stand_nowhere()
    picture.warm()
    with socket.socket(fileno=0) as control:
        serve(control, decode)


def serve(control: socket.socket, work: Work) -> None:
    """One child per socket that comes, until whoever started us is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the server; we end when it does
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children leave nothing behind
    while True:
        sign, handles, _flags, _from = socket.recv_fds(control, 1, 1)
        if not sign:
            return
        for handle in handles:
            try:
                if os.fork() == 0:
                    _child(handle, work)
            finally:
                os.close(handle)


def decode(kind: str, data: bytes) -> tuple[dict[str, Any], bytes]:
    """What was asked: `look`, or a size."""
    try:
        if kind == "look":
            mime, width, height = picture.look(data)
            return {"mime": mime, "width": width, "height": height}, b""
        return {}, picture.make(data, kind)
    except NotTaken as why:
        return {"code": why.code}, b""


def _child(handle: int, work: Work) -> None:
    """Never returns: whatever happens, this process ends here."""
    try:
        os.write(handle, SHUT if shut_in(handle) else ONLY_LIMITS)
        kind, length = ORDER.unpack(_read(handle, ORDER.size))
        _answer(handle, *work(kind.rstrip(b"\0").decode(), _read(handle, length)))
    finally:
        os._exit(2)


def _read(handle: int, length: int) -> bytes:
    pieces = bytearray()
    while len(pieces) < length:
        piece = os.read(handle, length - len(pieces))
        if not piece:
            raise OSError("the order broke off")
        pieces += piece
    return bytes(pieces)


def _answer(handle: int, facts: dict[str, Any], data: bytes) -> None:
    told = json.dumps(facts).encode()
    left = memoryview(ANSWER.pack(len(told), len(data)) + told + data)
    while left:
        left = left[os.write(handle, left):]


def _stand_nowhere() -> None:
    """An empty folder of our own that is gone at once: nothing can be read from it or put into it."""
    folder = tempfile.mkdtemp()
    os.chdir(folder)
    Path(folder).rmdir()


