"""Somebody who goes through all that a browser keeps of the lane, word by word: caches, databases, storage, and what is drawn."""

import json

from playwright.sync_api import Page

from tests.e2e.conftest import ROOT

CACHES = """async () => {
  const found = {};
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      found[new URL(request.url).pathname] = await (await cache.match(request)).text();
    }
  }
  return found;
}"""
DATABASES = """async () => {
  const done = (asked) => new Promise((good, bad) => { asked.onsuccess = () => good(asked.result); asked.onerror = bad; });
  const plain = (_, value) => (value instanceof ArrayBuffer || ArrayBuffer.isView(value) ? "bytes" : value);
  const found = {};
  for (const { name } of await indexedDB.databases()) {
    const db = await done(indexedDB.open(name));
    for (const store of db.objectStoreNames) {
      found[`${name} ${store}`] = JSON.stringify(await done(db.transaction(store).objectStore(store).getAll()), plain);
    }
    db.close();
  }
  return found;
}"""
STORAGE = "JSON.stringify([{...localStorage}, {...sessionStorage}])"


class Profile:
    def __init__(self, page: Page) -> None:
        self._page = page

    def cached(self) -> dict[str, str]:
        """Path -> what is kept of it, over all caches."""
        found: dict[str, str] = self._page.evaluate(CACHES)
        return found

    def databases(self) -> dict[str, str]:
        """"database store" -> its values as JSON."""
        found: dict[str, str] = self._page.evaluate(DATABASES)
        return found

    def drawn(self) -> str:
        """What stands in the page, also where nobody sees it, and in the name of its window."""
        return self._page.content() + self._page.title()

    def where(self, *words: str) -> set[str]:
        """The places that hold one of these words."""
        places = {f"cache {path}": text for path, text in self.cached().items()}
        places |= self.databases() | {"storage": self._page.evaluate(STORAGE), "page": self.drawn()}
        return {place for place, text in places.items() if any(word in text for word in words)}


def precached() -> set[str]:
    """Addresses that the worker is to keep, by the build's own list: all of the lane, its page, and nothing else."""
    builds = json.loads((ROOT / "static/dist/manifest.json").read_text())
    return {"/lane/", *(f"/static/dist/{entry['file']}" for name, entry in builds.items()
                        if name.startswith("lane/") and name != "lane/sw.js")}
