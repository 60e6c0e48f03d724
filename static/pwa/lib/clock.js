// The phone's clock is a claim. What it is off by is measured at every answer of the server and travels with each act.

let offset = 0;

/** The best guess of the true time: this phone's clock and what it is known to be off by. */
export function now() {
  return new Date(Date.now() + offset);
}

/** What this phone's clock says, right or wrong. */
export function deviceNow() {
  return new Date(Date.now());
}

/** Milliseconds to add to this phone's clock. */
export function offsetMs() {
  return offset;
}

export function setOffset(ms) {
  offset = Math.round(ms) || 0;
}

/** Learns from a `server_time` that was written between two moments of this phone. */
export function learn(serverTime, sentAt, receivedAt) {
  const server = Date.parse(serverTime);
  if (Number.isFinite(server)) setOffset(server - (sentAt + receivedAt) / 2);
}

/** `2026-11-23T01:05:09.120Z`, as every moment on the wire is written. */
export function toWire(date) {
  return date.toISOString();
}
