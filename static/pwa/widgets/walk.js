// What is known about a walk: zones in walking order, the items that apply to this car, and what of each zone is done. No DOM, no store.

export const RING = ["ext_lf", "ext_front", "ext_rf", "ext_right", "ext_rr", "ext_rear", "ext_lr", "ext_left"];
/** Damage on the driver's door and mirror is seen from outside: it counts on segment 8 (decisions.md 10). */
const SEEN_FROM_LEFT = new Set(["door_lf", "mirror_l"]);
/** The item that a mark answers, where the list has one. */
const ITEM_OF_REGION = {
  windscreen: "WA-E2-05", hood: "WA-E2-02", front_bumper: "WA-E2-01", grille: "WA-E2-03", headlamp_l: "WA-E2-07",
  headlamp_r: "WA-E2-08", fender_lf: "WA-E1-01", wheel_lf: "WA-E1-03", fender_rf: "WA-E3-01", wheel_rf: "WA-E3-03",
  door_rf: "WA-E4-01", door_rr: "WA-E4-02", mirror_r: "WA-E4-03", sill_r: "WA-E4-04", quarter_rr: "WA-E5-01",
  wheel_rr: "WA-E5-03", rear_bumper: "WA-E6-01", trunk_lid: "WA-E6-02", rear_window: "WA-E6-03", tail_l: "WA-E6-04",
  tail_r: "WA-E6-05", quarter_lr: "WA-E7-01", wheel_lr: "WA-E7-03", charge_port: "WA-E7-07", door_lr: "WA-E8-01",
  sill_l: "WA-E8-02", roof: "WA-E8-04", sunroof: "WA-E8-05", door_lf: "WA-DR-24", mirror_l: "WA-DR-25",
  interior_front: "WA-DR-20", underbody: "WA-UB-16", battery_pack: "WA-UB-03",
};

/** The items of a list that apply to this powertrain, in their order. */
export function itemsFor(template, powertrain) {
  return template.items.filter((item) => item.applies.includes(powertrain));
}

/** Zones that have an item for this car, in walking order; the eight outside zones always stand. */
export function zonesFor(template, powertrain) {
  const used = new Set(itemsFor(template, powertrain).map((item) => item.zone));
  return [...template.zones].sort((a, b) => a.order - b.order).filter((zone) => used.has(zone.id) || RING.includes(zone.id));
}

export function zoneOfRegion(region, regions) {
  return SEEN_FROM_LEFT.has(region) ? "ext_left" : regions.find((one) => one.id === region)?.zone;
}

export function itemOfRegion(region) {
  return ITEM_OF_REGION[region];
}

/** Has the item an answer that counts? Na with a reason is one. */
export function isAnswered(entry) {
  const row = entry?.current;
  return Boolean(row && (row.status ?? row.number ?? row.choice ?? row.choices ?? row.text) !== undefined);
}

/** What a bulk answer may touch: open, non-safety status items without a mark of their own (rule no_bulk). */
export function bulkItems(items, answers, marks) {
  const marked = new Set(marks.map((mark) => ITEM_OF_REGION[mark.region]));
  return items.filter((item) => item.answer.type === "status" && !item.safety && !marked.has(item.id) && !isAnswered(answers[item.id]));
}

/**
 * One zone: {id, state: unseen|part|fine|findings|skipped, open, total, findings, marks, disputed}. `part` has findings but
 * is not finished.
 */
export function zoneProgress(zone, { items, answers, marks, skips, regions }) {
  const own = items.filter((item) => item.zone === zone.id);
  const open = own.filter((item) => !isAnswered(answers[item.id])).length;
  const bad = own.filter((item) => ["attention", "fail"].includes(answers[item.id]?.current?.severity)).length;
  const here = marks.filter((mark) => !mark.retracted && zoneOfRegion(mark.region, regions) === zone.id);
  const covered = new Set(here.map((mark) => ITEM_OF_REGION[mark.region]).filter((id) => ["attention", "fail"].includes(answers[id]?.current?.severity)));
  const findings = here.length + Math.max(0, bad - covered.size);
  const skip = skips?.[zone.id];
  return {
    id: zone.id, zone, own, open, total: own.length, findings, marks: here, skip, begun: own.length > open,
    disputed: own.filter((item) => answers[item.id]?.current?.disputed).length,
    state: skip && open ? "skipped" : findings ? (open ? "part" : "findings") : open || !own.length ? "unseen" : "fine",
  };
}

/** The zone to walk to after `zone`: the next one with something open, in walking order and then from the start; or undefined. */
export function nextOpen(zones, zone) {
  const at = zones.findIndex((one) => one.id === zone);
  const todo = (one) => one.open > 0 && one.state !== "skipped" && one.id !== zone;
  return zones.slice(at + 1).find(todo) ?? zones.find(todo);
}

/** ① … ⑧, or "" for a zone beside the ring. */
export function ringNumber(zone) {
  return "①②③④⑤⑥⑦⑧"[RING.indexOf(zone)] ?? "";
}

/**
 * RC-19: why this car gets the full list, as codes; none means the quick one may be used.
 * car: the visit's vehicle card, or undefined for a car we do not know.
 */
export function reasonsForFull(visit, car, today) {
  const reasons = [];
  if (!car?.last_visit_on) reasons.push("first_visit");
  else if (!car.last_full_walkaround_on || monthsBetween(car.last_full_walkaround_on, today) >= 6) reasons.push("six_months");
  if (visit.business_type === "accident") reasons.push("accident");
  if (visit.rework_of) reasons.push("rework");
  if (car?.special_flag === "open_complaint") reasons.push("complaint");
  return reasons;
}

function monthsBetween(day, today) {
  const [y, m, d] = day.split("-").map(Number);
  return (today.getFullYear() - y) * 12 + today.getMonth() + 1 - m - (today.getDate() < d ? 1 : 0);
}
