"""What browsers load: the address of a built file by its name, from static/dist/manifest.json (made by bin/build)."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PREFIX = "/static/dist/"


@dataclass(frozen=True)
class Asset:
    """One built file. first: the lane's first screen waits for it."""

    name: str
    file: str
    sha256: str
    bytes: int
    gzip: int
    first: bool

    @property
    def url(self) -> str:
        return PREFIX + self.file


class Assets:
    """Reads the manifest again when it was built anew; without a build every name leads to its source."""

    def __init__(self, static: Path) -> None:
        self._static, self._dist = static, static / "dist"
        self._read_at, self._assets = 0, dict[str, Asset]()

    def url(self, name: str) -> str:
        """`url("desk/desk.css")`; what is not built is served from its source (lane/ is static/pwa/)."""
        asset = self.all().get(name)
        return asset.url if asset else "/static/" + name.replace("lane/", "pwa/", 1)

    def text(self, name: str) -> bytes | None:
        """The bytes of a built file that has an address of its own (sw.js, rescue.html); None when it is not built."""
        asset = self.all().get(name)
        return (self._dist / asset.file).read_bytes() if asset else None

    def all(self) -> dict[str, Asset]:
        """Every built file by name."""
        manifest = self._dist / "manifest.json"
        try:
            changed_at = manifest.stat().st_mtime_ns
        except FileNotFoundError:
            return {}
        if changed_at != self._read_at:
            read: dict[str, Any] = json.loads(manifest.read_text(encoding="utf-8"))
            self._assets, self._read_at = {name: Asset(name, **facts) for name, facts in read.items()}, changed_at
        return self._assets
