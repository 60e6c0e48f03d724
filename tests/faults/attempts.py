"""What somebody would try who has taken over the decoder: run in the very child that looks at pictures (T39).

Started like the worker itself; `open` in the arguments leaves the doors open, for the control.
"""

import contextlib
import ctypes
import encodings.idna  # noqa: F401 - a name could not be looked up later
import json
import os
import resource
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from webapp.adapters import image_worker, sandbox


def main(shut: bool, seconds: int) -> None:
    """Serves attempts instead of pictures."""
    sandbox.MOST_SECONDS = seconds
    if not shut:
        image_worker.shut_in = lambda keep: False
    image_worker._stand_nowhere()
    with socket.socket(fileno=0) as control:
        image_worker.serve(control, work)


def work(kind: str, data: bytes) -> tuple[dict[str, Any], bytes]:
    places = json.loads(data)
    try:
        told = ATTEMPTS[kind](places)
        return {"outcome": "done", "told": told}, b""
    except (OSError, MemoryError, RuntimeError, ValueError) as why:
        return {"outcome": "denied", "why": type(why).__name__}, b""


def _fork(_p: dict[str, str]) -> None:
    if os.fork() == 0:
        os._exit(0)


def _connect(p: dict[str, str]) -> None:
    with socket.create_connection(("127.0.0.1", int(p["port"])), 2):
        pass


def _thread(_p: dict[str, str]) -> None:
    thread = threading.Thread(target=lambda: None)
    thread.start()
    thread.join()


def _unlink(p: dict[str, str]) -> None:
    Path(p["victim"]).unlink()


def _close(pair: tuple[Any, ...]) -> None:
    for one in pair:
        one.close() if hasattr(one, "close") else os.close(one)


def _forever(_p: dict[str, str]) -> None:
    while True:
        pass


def _crash(_p: dict[str, str]) -> None:
    ctypes.string_at(0)


def _around(_p: dict[str, str]) -> dict[str, Any]:
    open_ones = []
    for handle in range(256):
        with contextlib.suppress(OSError):
            os.fstat(handle)
            open_ones.append(handle)
    return {"env": dict(os.environ), "descriptors": len(open_ones)}


def _more_memory(_p: dict[str, str]) -> None:
    bytearray(600 * 1024 * 1024)


def _raise_limit(_p: dict[str, str]) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (1000, 1000))


DENIED: dict[str, Callable[[dict[str, str]], Any]] = {
    "connect": _connect,
    "tcp": lambda p: _close((socket.socket(),)),
    "udp": lambda p: _close((socket.socket(type=socket.SOCK_DGRAM),)),
    "unix": lambda p: _close((socket.socket(socket.AF_UNIX),)),
    "pair": lambda p: _close(socket.socketpair()),
    "pipe": lambda p: _close(os.pipe()),
    "key": lambda p: len(Path(p["key"]).read_bytes()),
    "photo": lambda p: len(Path(p["photo"]).read_bytes()),
    "database": lambda p: len(Path(p["database"]).read_bytes()),
    "list": lambda p: list(map(str, Path(p["home"]).iterdir())),
    "stat": lambda p: Path(p["key"]).stat().st_size,
    "write": lambda p: Path(p["made"]).write_bytes(b"x"),
    "mkdir": lambda p: Path(p["made"] + ".d").mkdir(),
    "symlink": lambda p: Path(p["made"] + ".l").symlink_to(p["key"]),
    "rename": lambda p: str(Path(p["moved"]).rename(p["moved"] + ".x")),
    "chmod": lambda p: Path(p["victim"]).chmod(0o777),
    "unlink": _unlink,
    "fork": _fork,
    "thread": _thread,
    "spawn": lambda p: os.posix_spawn("/bin/true", ["true"], {}),
    "kill": lambda p: os.kill(os.getppid(), 0),
    "limits": _raise_limit,
    "memory": _more_memory,
    "nice": lambda p: os.setpriority(os.PRIO_PROCESS, 0, 5),
    "memfd": lambda p: os.close(os.memfd_create("x")),
}
ATTEMPTS = DENIED | {"around": _around, "forever": _forever, "crash": _crash, "sleep": lambda p: time.sleep(60),
                     "abort": lambda p: os.abort()}
