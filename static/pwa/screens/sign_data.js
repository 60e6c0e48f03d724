// Which documents wait for the customer, and the one before them now: built, sealed, and noticed when it is no longer true.

import { here } from "../commands/here.js";
import { buildDoc, lastSigned, revisionOf, sameContent, seal, settledBy, unsignedRefusals } from "../commands/papers.js";
import { visitView } from "../commands/view.js";
import { byHash, catalogue } from "../store/catalogue.js";

const RUN = { pre_inspection: "walkaround", handover: "handover" };

/** Kinds that want a signature now, in the order in which they are read out. */
export function dueKinds(view) {
  const priced = view.lines.some((line) => !line.removed);
  const state = view.visit.state;
  if (["released", "cancelled"].includes(state)) return [];
  return [
    view.runs.walkaround && !settledBy(view, "pre_inspection") && "pre_inspection",
    unsignedRefusals(view).length > 0 && "refusal_statement",
    priced && !settledBy(view, "work_order") && "work_order",
    state === "handover" && !settledBy(view, "handover") && "handover",
  ].filter(Boolean);
}

/**
 * {store, view, list, due, kind, sealed, changed}: sealed is {bytes, sha256, doc, code}. The same document stays in `state`
 * while what it says is true; when the visit changed it is built anew and `state.changed` says so.
 */
export async function loadSigning(visit, state) {
  const store = here();
  const [view, list] = await Promise.all([visitView(visit), catalogue(store)]);
  if (!view?.visit || !list) return { store, view, list, due: [] };
  const due = dueKinds(view);
  if (!due.length) return { store, view, list, due };
  const kind = due[0];
  const built = await build(store, view, list, kind);
  if (state.sealed?.doc.kind !== kind || !sameContent(state.sealed.doc, built)) {
    state.changed = state.sealed?.doc.kind === kind;
    Object.assign(state, { sealed: await seal(built), ticks: new Set(), read: false });
  }
  return { store, view, list, due, kind, sealed: state.sealed };
}

/** Is the sealed document still what the visit says? Asked when something changed, and once more before it is kept. */
export async function stillTrue(visit, doc) {
  const [view, list] = await Promise.all([visitView(visit), catalogue(here())]);
  if (!view?.visit || revisionOf(view, doc.kind) !== doc.revision) return false;
  return sameContent(doc, await build(here(), view, list, doc.kind));
}

/** A signed document as it was signed, when this phone holds its bytes. */
export async function signedDoc(store, row) {
  const kept = row && (await store.get("evidence", row.doc_sha256));
  return kept && JSON.parse(new TextDecoder().decode(kept.bytes));
}

async function build(store, view, list, kind) {
  const run = view.runs[RUN[kind]];
  const template = run && (await byHash(store, run.template_sha256));
  const signedBefore = kind === "refusal_statement" ? undefined : lastSigned(view, kind);
  return buildDoc(kind, view, { catalogue: list, template, user: store.user, signedBefore, previous: await signedDoc(store, signedBefore) });
}
