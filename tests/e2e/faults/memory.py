"""What a phone holds, read from its own database; and what its app has said to be saved, heard as it was said."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import ConsoleMessage

from tests.e2e.handset import Handset

# The app tells its other pages of an act only when keepAct has resolved: the very moment a screen may say 已存本机.
LISTEN = """(() => {
  const others = new BroadcastChannel("clockwise");
  others.onmessage = ({ data: { what, facts } }) => {
    if (what === "kept") console.info("kept:" + JSON.stringify(facts.act));
  };
})()"""
# Acts wherever they stand, signed bytes, and of each photo whether the bytes still have the hash they were announced with.
HOLDS = """async (name) => {
  const done = (asked) => new Promise((yes, no) => {
    asked.onsuccess = () => yes(asked.result);
    asked.onerror = () => no(asked.error);
  });
  const db = await done(indexedDB.open(name));
  const all = (store) => done(db.transaction(store).objectStore(store).getAll());
  const kept = [...await all("acts"), ...await all("archive")];
  const evidence = await done(db.transaction("evidence").objectStore("evidence").getAllKeys());
  const photos = {};
  for (const { id, sha256 } of await all("photos")) {
    const range = IDBKeyRange.bound([id, 0], [id, 1e6]);
    const bytes = await new Blob(await done(db.transaction("parts").objectStore("parts").getAll(range))).arrayBuffer();
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    photos[id] = Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("") === sha256;
  }
  db.close();
  return { acts: kept.map(({ act }) => act), evidence, photos };
}"""


@dataclass
class Memory:
    """acts: said to be saved. Compare with `held` after whatever befell the phone."""

    handset: Handset
    login: str = "E005"
    acts: dict[str, dict[str, Any]] = field(default_factory=dict)

    def listens(self) -> None:
        """From now on, in every page of the browser as it is open now; again after it was opened anew."""
        self.handset.context.add_init_script(LISTEN)
        self.handset.context.on("console", self._hear)

    def held(self) -> dict[str, Any]:
        found: dict[str, Any] = self.handset.page.evaluate(HOLDS, f"cw-YF01-{self.login}")
        return found

    def count(self, command: str) -> int:
        """How many of these were called saved."""
        return sum(act["command"] == command for act in self.acts.values())

    def faults(self, held: Callable[[], dict[str, Any]] | None = None) -> list[str]:
        """What was called saved and is not here whole; a signature without its bytes, or bytes without their signature."""
        holds = (held or self.held)()
        here = {act["id"]: act for act in holds["acts"]}
        signed = {act["args"]["doc_sha256"] for act in here.values() if act["command"] == "document.sign"}
        photos = {act["args"]["photo"] for act in self.acts.values() if act["command"] == "photo.add"}
        return [
            *(f"lost: {act['command']} {key}" for key, act in self.acts.items() if key not in here),
            *(f"changed: {key}" for key, act in self.acts.items() if key in here and here[key]["args"] != act["args"]),
            *(f"half a signature: {doc}" for doc in signed ^ set(holds["evidence"])),
            *(f"photo: {key}" for key in photos if not holds["photos"].get(key)),
        ]

    def _hear(self, said: ConsoleMessage) -> None:
        if said.text.startswith("kept:"):
            act = json.loads(said.text.removeprefix("kept:"))
            self.acts[act["id"]] = act
