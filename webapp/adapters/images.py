"""Looks at a picture before we keep it, and makes the sizes that people see (evidence.md D4).

The bytes of strangers are decoded elsewhere: by a process without network, keys and rights, one child for each picture
(image_worker.py). This side hands bytes over, waits, and believes no more than a type, two numbers or a JPEG.
"""

import contextlib
import json
import os
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore, Lock

import structlog

from webapp.adapters.image_order import ANSWER, EDGES, MOST_BYTES, MOST_PIXELS, ORDER, SHUT, TYPES, NotTaken
from webapp.adapters.photo_store import PhotoStore

PATIENCE = 30.0  # a child has 10 seconds of the processor; on a busy machine these are more
MOST_ANSWER, MOST_FACTS = 4 * 1024 * 1024, 4096
START = "import sys; sys.path.insert(0, sys.argv[1]); from webapp.adapters.image_worker import main; main()"
_room = BoundedSemaphore(2)  # a picture of 40 megapixels takes 160 MB while it is looked at
log = structlog.get_logger()


class NotLooked(Exception):
    """Nobody could look at the picture now; it may be a good one."""


class Crashed(Exception):
    """The child ended without an answer."""


@dataclass(frozen=True)
class Looked:
    mime: str
    width: int
    height: int


def look(path: Path) -> Looked:
    """What the picture is. Raises NotTaken, NotLooked, OSError."""
    facts, _none = _asked("look", path.read_bytes())
    mime, width, height = facts.get("mime"), facts.get("width"), facts.get("height")
    if mime not in TYPES or not isinstance(width, int) or not isinstance(height, int):
        raise NotTaken("broken")
    return Looked(str(mime), width, height)


def sized(photos: PhotoStore, sha256: str, size: str) -> bytes:
    """The thumb or view of a kept photo, made once. Raises NotTaken, NotLooked, OSError; FileNotFoundError when it is not
    here."""
    ready = photos.derived(sha256, size)
    if ready.is_file():
        return ready.read_bytes()
    data = make(photos.path(sha256), size)
    with contextlib.suppress(OSError):  # a full disk costs only the making, again next time
        photos.keep_derived(sha256, size, data)
    return data


def make(path: Path, size: str) -> bytes:
    """The picture as JPEG, upright, without metadata; a thumb of at most 25 KB. Raises NotTaken, NotLooked, OSError."""
    _facts, data = _asked(size, path.read_bytes())
    if not data.startswith(b"\xff\xd8\xff"):
        raise NotTaken("broken")
    return data


def _asked(kind: str, data: bytes) -> tuple[dict[str, object], bytes]:
    """The worker's answer. A picture that brings two children down is not taken."""
    with _room:
        for again in (True, False):
            try:
                facts, made = worker.ask(kind, data)
                break
            except Crashed:
                log.error("picture.crashed", kind=kind, bytes=len(data), again=again)
                if not again:
                    raise NotTaken("broken") from None
    if "code" in facts:
        raise NotTaken(str(facts["code"]) if facts["code"] in ("type", "pixels", "polyglot") else "broken")
    return facts, made


class Worker:
    """The process that waits for pictures; started when it is first needed, and again when it is gone."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._control: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._warned = False

    def ask(self, kind: str, data: bytes) -> tuple[dict[str, object], bytes]:
        """Raises Crashed, NotLooked."""
        try:
            with self._line() as line:
                return _answer(line, kind, data)
        except TimeoutError as why:
            log.error("picture.no_answer", kind=kind, bytes=len(data))
            raise NotLooked from why

    def _line(self) -> socket.socket:
        """A socket to a new child that has shut itself in. Raises NotLooked, TimeoutError."""
        for _ in range(2):
            control = self._started()
            ours, its = socket.socketpair()
            ours.settimeout(PATIENCE)
            try:
                with its:
                    socket.send_fds(control, [b"1"], [its.fileno()])
                sign = ours.recv(1)
            except TimeoutError:
                ours.close()
                raise
            except OSError:
                sign = b""
            if sign:
                self._is_shut(sign == SHUT)
                return ours
            ours.close()
            self._gone(control)  # it has died: start another
        raise NotLooked

    def _is_shut(self, shut: bool) -> None:
        if not shut and not self._warned:
            self._warned = True
            log.warning("picture.only_limits")  # sandbox.py says what that means

    def _started(self) -> socket.socket:
        with self._lock:
            if self._control is None:
                ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
                with its:
                    try:
                        self._process = subprocess.Popen(  # noqa: S603
                            [sys.executable, "-I", "-c", START, str(Path(__file__).parents[2])], stdin=its.fileno(),
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={"LANG": "C.UTF-8"}, cwd=os.sep)
                    except OSError as why:
                        ours.close()
                        raise NotLooked from why
                self._control = ours
            return self._control

    def _gone(self, control: socket.socket) -> None:
        with self._lock:
            if self._control is control:
                log.error("picture.worker_gone")
                control.close()
                if self._process is not None:
                    self._process.kill()
                    self._process.wait()
                self._control = None


def _answer(line: socket.socket, kind: str, data: bytes) -> tuple[dict[str, object], bytes]:
    try:
        line.sendall(ORDER.pack(kind.encode(), len(data)))
        line.sendall(data)
        with line.makefile("rb") as file:
            told, made = ANSWER.unpack(_exactly(file.read(ANSWER.size), ANSWER.size))
            if told > MOST_FACTS or made > MOST_ANSWER:
                raise Crashed
            facts, picture = json.loads(_exactly(file.read(told), told)), _exactly(file.read(made), made)
    except TimeoutError:
        raise
    except (OSError, ValueError) as why:
        raise Crashed from why
    if not isinstance(facts, dict):
        raise Crashed
    return facts, picture


def _exactly(data: bytes, length: int) -> bytes:
    if len(data) != length:
        raise Crashed
    return data


worker = Worker()
__all__ = ["EDGES", "MOST_BYTES", "MOST_PIXELS", "TYPES", "Looked", "NotLooked", "NotTaken", "look", "make", "sized"]
