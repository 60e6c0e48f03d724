// All that the screens of the walk show of one visit, gathered once per drawing.

import { here } from "../commands/here.js";
import { visitView } from "../commands/view.js";
import { named } from "../lib/words.js";
import { byHash, catalogue } from "../store/catalogue.js";
import { itemsFor, RING, zoneProgress, zonesFor } from "../widgets/walk.js";

/**
 * {view, visit, list, template, items, zones, answers, marks, known, sets, regions, people, car, store}, or undefined when this
 * phone does not have the visit. template and zones are missing before the walk begins.
 */
export async function loadWalk(visitId) {
  const store = here();
  const [view, list] = await Promise.all([visitView(visitId), catalogue(store)]);
  if (!view?.visit) return undefined;
  const run = view.runs.walkaround;
  const marks = view.marks.filter((mark) => !mark.retracted);
  const walk = {
    store, view, list, run, marks, visit: view.visit, car: view.vehicle, answers: view.answers.walkaround ?? {}, known: knownMarks(view),
    sets: list?.option_sets ?? {}, regions: list?.damage?.regions ?? [], people: Object.fromEntries((list?.staff ?? []).map((one) => [one.id, one.name])),
  };
  const template = run && (await byHash(store, run.template_sha256));
  return template ? { ...walk, template, ...progress(walk, template) } : walk;
}

/** Marks that the car had when it came, with what was said of them today. At the release this visit's own join the car's. */
export function knownMarks(view) {
  return (view.vehicle?.marks ?? []).filter(({ id }) => !view.marks.some((own) => own.id === id)).map((mark) => ({ ...mark, check: view.checks?.walkaround?.[mark.id] }));
}

/** 右前门 划痕 3–10 cm */
export function markWords(list, mark) {
  const find = (rows, key, value) => named(rows?.find((row) => row[key] === value)) || value;
  return {
    region: find(list?.damage?.regions, "id", mark.region),
    kind: find(list?.damage?.kinds, "code", mark.kind),
    size: find(list?.damage?.sizes, "code", mark.size),
    symbol: list?.damage?.kinds.find((kind) => kind.code === mark.kind)?.symbol ?? "?",
  };
}

/** The photos of one thing, newest last, without those taken back. */
export function photosOf(view, kind, id) {
  return view.photos.filter((photo) => photo.subject_kind === kind && photo.subject_id === id && !photo.retracted);
}

function progress(walk, template) {
  const items = itemsFor(template, walk.visit.powertrain);
  const facts = { items, answers: walk.answers, marks: walk.marks, skips: walk.view.skips?.zone, regions: walk.regions };
  const zones = zonesFor(template, walk.visit.powertrain).map((zone) => ({ ...zoneProgress(zone, facts), name: zoneName(zone) }));
  return { items, zones };
}

/** 右侧, without the number that the ring shows already. */
function zoneName(zone) {
  const name = named(zone);
  return RING.includes(zone.id) ? name.replace(/^[①-⑧]\s*|^Zone \d, /, "") : name;
}
