// What happened, for whoever listens, in this page and in other pages of the app on this phone.
// kept {visit, act} · settled {visits, refused} · pulled {visits, tables} · catalogue {} · photo {photo, visit} · sync {}

const listeners = new Map();
const others = typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel("clockwise");
others?.unref?.();
if (others) others.onmessage = ({ data }) => tell(data.what, { ...data.facts, elsewhere: true });

/** fn(facts) from now on; returns how to stop. */
export function listen(what, fn) {
  if (!listeners.has(what)) listeners.set(what, new Set());
  listeners.get(what).add(fn);
  return () => listeners.get(what).delete(fn);
}

/** Tells this page, and the others too unless it is only about this one. */
export function ring(what, facts = {}, { local = false } = {}) {
  tell(what, facts);
  if (!local) others?.postMessage({ what, facts });
}

function tell(what, facts) {
  for (const fn of listeners.get(what) ?? []) fn(facts);
}
