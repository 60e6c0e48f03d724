// Small registers of one person on this phone: device, token, next_seq, acked_seq, epoch, cursor, pulled, …

export function getMeta(store, key) {
  return store.get("meta", key);
}

/** Several at once: {key: value}; undefined where there is none. */
export function getMetas(store, keys) {
  return store.read(["meta"], async (tx) => {
    const values = await Promise.all(keys.map((key) => tx.store.get(key)));
    return Object.fromEntries(keys.map((key, n) => [key, values[n]]));
  });
}

export function setMeta(store, values) {
  return store.write(["meta"], (tx) => putAll(tx.objectStore("meta"), values));
}

/** Inside a transaction of somebody else. */
export function putAll(meta, values) {
  return Promise.all(Object.entries(values).map(([key, value]) => (value === undefined ? meta.delete(key) : meta.put(value, key))));
}
