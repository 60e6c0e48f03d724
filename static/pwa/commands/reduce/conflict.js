// Two people answered the same thing: which answer counts, and must someone look again? The twin of
// webapp/domain/conflict.py; both run tests/domain/conflict_cases.json.

const RANK = { fail: 3, attention: 2, ok: 1 };
const VALUES = ["status", "number", "choice", "text", "value"];

/** Returns {current: existing|incoming|both, disputed, verdict}. answer: the item's limits; placard: the car's own value. */
export function judge(kind, existing, incoming, answer = {}, placard = undefined) {
  if (kind === "set") return { current: "both", disputed: false, verdict: "applied" };
  const disputed = Boolean(existing.disputed);
  if (seen(existing, incoming)) return { current: "incoming", disputed: disputed && !incoming.resolving, verdict: "applied" };
  if (sameValue(existing, incoming)) return { current: "existing", disputed, verdict: "applied" };
  const worse = kind !== "register" && isWorse(existing, incoming, answer, placard);
  return { current: worse ? "incoming" : "existing", disputed: true, verdict: "conflict" };
}

/** The sender knew it: pulled up to it, or made it on the same phone before. */
export function seen(existing, incoming) {
  if (existing.device_id === incoming.device_id) return existing.seq < incoming.seq;
  return incoming.base !== null && incoming.base !== undefined && existing.change_no <= incoming.base;
}

function sameValue(a, b) {
  return VALUES.every((name) => (a[name] ?? null) === (b[name] ?? null)) && sameSet(a.choices, b.choices);
}

function sameSet(a, b) {
  if (!a || !b) return !a && !b;
  const [one, two] = [[...a].sort(), [...b].sort()];
  return one.length === two.length && one.every((value, n) => value === two[n]);
}

/** Severity first; numbers then by which is nearer to failing. */
function isWorse(existing, incoming, answer, placard) {
  const [old, fresh] = [RANK[existing.severity] ?? 0, RANK[incoming.severity] ?? 0];
  if (old !== fresh) return fresh > old;
  const [a, b] = [existing.number, incoming.number];
  if (a === undefined || a === null || b === undefined || b === null) return false;
  if ("fail_lt" in answer || "attention_lt" in answer) return b < a;
  if ("fail_gt" in answer || "attention_gt" in answer) return b > a;
  if (placard && ("fail_dev" in answer || "attention_dev" in answer)) return Math.abs(b - placard) > Math.abs(a - placard);
  return false;
}
