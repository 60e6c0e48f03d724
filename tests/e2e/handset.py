"""A phone in somebody's hand: Chromium with a phone's screen, on a road to the server that can be cut.

Its profile is a folder, so that the browser can be killed and opened again with what it had kept.
"""

import os
import signal
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, Playwright

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
             "--disable-sync", "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
SCREEN = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 1.5, "has_touch": True, "is_mobile": True,
          "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}


class Handset:
    """`page` is what its user sees. Troubles are faults and broken content rules that the page reported."""

    def __init__(self, playwright: Playwright, address: str, profile: Path, shots: Path, **other: object) -> None:
        self._playwright, self.address, self.profile, self._shots = playwright, address, profile, shots
        self._screen = {**SCREEN, **other}
        self.troubles: list[str] = []
        self.open()

    def open(self) -> Page:
        """Starts the browser with this profile; the lane is not opened yet."""
        self.context: BrowserContext = self._playwright.chromium.launch_persistent_context(
            self.profile, executable_path=CHROMIUM, args=ARGUMENTS, base_url=self.address, **self._screen)  # type: ignore[arg-type]
        self.context.set_default_timeout(10_000)
        self.page = self.context.pages[0]
        self.context.on("weberror", lambda fault: self.troubles.append(str(fault.error)))
        self.context.on("console", lambda said: self._hear(said.type, said.text))
        return self.page

    def kill(self) -> None:
        """As the system kills a browser for its memory: no goodbye, nothing flushed."""
        strike(self.processes())
        try:
            self.context.close()
        except Exception:  # noqa: BLE001 - the other end of the pipe is dead, as intended
            return

    def close(self) -> None:
        self.context.close()

    def picture(self, name: str) -> None:
        """Keeps what the screen shows in the shots folder, for people to look at."""
        self._shots.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=self._shots / f"{name}.png")

    def _hear(self, kind: str, text: str) -> None:
        # A cut road makes Chromium log each request it could not send; that is the test's own doing.
        if kind == "error" and "Failed to load resource" not in text and "net::ERR" not in text:
            self.troubles.append(text)

    def processes(self) -> list[int]:
        mark = f"--user-data-dir={self.profile}"
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                line = (entry / "cmdline").read_bytes().decode(errors="replace").split("\0")
            except OSError:
                continue
            if mark in line:
                found.append(int(entry.name))
        return found


def strike(pids: list[int]) -> None:
    """SIGKILL, all of them; who is gone already is gone."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
