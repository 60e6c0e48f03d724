// The last 500 things worth knowing when somebody asks what happened on this phone. No customer's data goes in here.

const MOST = 500;

/** Notes {at, what, ...facts}. Never throws: a diary that cannot be written stops no work. */
export async function note(store, what, facts = {}) {
  try {
    await store.write(["log"], async (tx) => {
      const key = await tx.store.add({ at: Date.now(), what, ...facts });
      if (key > MOST) await tx.store.delete(IDBKeyRange.upperBound(key - MOST));
    });
  } catch {
    // The screen already says that storage is in trouble.
  }
}

export function diary(store) {
  return store.read(["log"], (tx) => tx.store.getAll());
}
