// What somebody was about to do when the system might close the app (the camera is open): found again at the next start.

export function keepIntent(store, name, facts) {
  return store.put("intents", { ...facts, at: Date.now() }, name);
}

export function intentOf(store, name) {
  return store.get("intents", name);
}

export function dropIntent(store, name) {
  return store.write(["intents"], (tx) => tx.store.delete(name));
}
