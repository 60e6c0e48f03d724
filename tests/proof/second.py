"""Asks the page's verifier (JavaScript, run by Node) what it thinks of a file."""

import base64
import json
import subprocess
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class Second:
    """One Node process, asked one file at a time."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def check(self, data: bytes, pinned: Collection[str]) -> list[dict[str, Any]]:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin and stdout
        stdin.write(json.dumps({"data": base64.b64encode(data).decode(), "pinned": sorted(pinned)}) + "\n")
        stdin.flush()
        answer = stdout.readline()
        assert answer, "the second verifier ended"
        found: list[dict[str, Any]] = json.loads(answer)
        return found


@contextmanager
def second_verifier() -> Iterator[Second]:
    process = subprocess.Popen(["node", str(Path(__file__).with_name("second.mjs"))], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, text=True)
    try:
        yield Second(process)
    finally:
        assert process.stdin and process.stdout
        process.stdin.close()
        process.wait(10)
        process.stdout.close()
