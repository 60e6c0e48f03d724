// From a signed document to the blocks it is drawn from. The twin is webapp/domain/documents/blocks.py, whose head says
// what each block holds; golden files and 500 made documents hold the two together.

import WORDS from "../../../webapp/domain/documents/words.json" with { type: "json" };

/** The blocks of a sound document, in the order people read them. */
export function docToBlocks(doc) {
  const pen = penOf(doc);
  return [title(pen, doc), differs(pen, doc), BODY[doc.kind](pen, doc), terms(pen, doc), store(pen, doc), space(pen, doc)]
    .flat()
    .filter(Boolean);
}

/** What a kind of document is called, in a language. */
export function kindName(kind, locale) {
  return WORDS[kind]?.[locale === "en" ? 1 : 0] ?? kind;
}

/** `1,419.00`: always with its fen, so that a column of sums lines up. */
export function amount(fen) {
  return `${thousands(Math.floor(fen / 100))}.${String(fen % 100).padStart(2, "0")}`;
}

/** 150 with two places is `1.5`: no more digits than it has. */
export function decimal(number, places) {
  const unit = 10 ** places;
  const text = `${Math.floor(number / unit)}.${String(number % unit).padStart(places, "0")}`;
  return text.replace(/0+$/, "").replace(/\.$/, "");
}

/** `浙Z·8K520`: the dot stands after the letter of the issuing place, where there is one. */
export function plateShown(plate) {
  const signs = [...plate];
  return signs.length >= 7 && /^[A-Z]$/.test(signs[1]) ? `${signs.slice(0, 2).join("")}·${signs.slice(2).join("")}` : plate;
}

const BODY = {
  pre_inspection: (pen, doc) => [
    people(pen, doc, [
      [pen.say("arrived_at"), pen.moment(doc.arrived_at)],
      [pen.say("customer_joined"), pen.say(`joined.${doc.customer_joined}`)],
      [pen.say("mode"), pen.say(`mode.${doc.mode}`)],
    ]),
    concerns(pen, doc),
    marks(pen, doc, "marks", "no_marks"),
    ...zones(pen, doc),
    skips(pen, doc),
    belongings(pen, doc),
    photos(pen, doc),
  ],
  work_order: (pen, doc) => [
    people(pen, doc, orderFacts(pen, doc)),
    concerns(pen, doc),
    lines(pen, "lines", doc.lines),
    totals(pen, doc),
    declined(pen, doc.declined),
  ],
  refusal_statement: (pen, doc) => [people(pen, doc, []), declined(pen, doc.declined)],
  handover: (pen, doc) => [
    people(pen, doc, handoverFacts(pen, doc)),
    lines(pen, "jobs_done", doc.jobs),
    marks(pen, doc, "marks_handover", "no_marks_handover"),
    ...zones(pen, doc),
    belongings(pen, doc),
    declined(pen, doc.declined),
    photos(pen, doc),
  ],
};

function penOf(doc) {
  const at = doc.locale === "en" ? 1 : 0;
  return {
    say: (key, facts = {}) =>
      Object.entries(facts).reduce((text, [name, value]) => text.replaceAll(`{${name}}`, () => String(value)), WORDS[key][at]),
    moment: (wire) => localMinute(new Date(wire), doc.time_zone),
  };
}

function localMinute(date, timeZone) {
  const wanted = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  let format;
  try {
    format = new Intl.DateTimeFormat("en-US", { ...wanted, timeZone });
  } catch {
    format = new Intl.DateTimeFormat("en-US", { ...wanted, timeZone: "UTC" });
  }
  const part = Object.fromEntries(format.formatToParts(date).map(({ type, value }) => [type, value]));
  return `${part.year}-${part.month}-${part.day} ${part.hour}:${part.minute}`;
}

function title(pen, doc) {
  return { kind: "title", text: pen.say(doc.kind), sub: [pen.say("revision", { n: doc.revision }), pen.moment(doc.prepared_at)] };
}

function differs(pen, doc) {
  if (!doc.differs) return null;
  const changed = doc.differs.lines.map((text) => ({ text, answer: "", status: "told" }));
  const n = doc.differs.revision;
  return [rows(pen.say("differs", { n }), changed), { kind: "note", tone: "plain", text: pen.say("replaces", { n }) }];
}

function orderFacts(pen, doc) {
  const told = doc.promised_at ? [[pen.say("promised_at"), pen.moment(doc.promised_at)]] : [];
  told.push(...doc.choices.map((choice) => [pen.say(choice.choice), choice.text]));
  if (doc.repair_category) told.push([pen.say("repair_category"), doc.repair_category.text]);
  if (doc.warranty) {
    told.push([pen.say("warranty"), pen.say("warranty_text", { km: thousands(doc.warranty.km), days: doc.warranty.days })]);
  }
  return told;
}

function handoverFacts(pen, doc) {
  const told = ["checked_by", "ready_note", "received_by", "old_parts"].filter((key) => key in doc).map((key) => [pen.say(key), doc[key]]);
  if ("total_fen" in doc) told.push([pen.say("signed_total"), `¥${amount(doc.total_fen)}`]);
  const service = doc.next_service;
  if (service) {
    const parts = ["km" in service ? `${thousands(service.km)} km` : "", service.on ?? ""].filter(Boolean);
    told.push([pen.say("next_service"), parts.join(` ${pen.say("or")} `)]);
  }
  return told;
}

function people(pen, doc, told) {
  const { customer, vehicle } = doc;
  const list = [
    { label: pen.say("customer"), text: customer.name },
    { label: pen.say("mobile"), text: customer.mobile, private: true },
  ];
  if (customer.sender !== "owner" || customer.sender_name) {
    const who = [customer.sender_name, pen.say(`sender.${customer.sender}`)].filter(Boolean);
    list.push({ label: pen.say("sender"), text: who.join(" · ") });
  }
  list.push({ label: pen.say("plate"), text: plateShown(vehicle.plate) || pen.say("unplated"), private: true });
  const car = [vehicle.model, vehicle.colour, pen.say(vehicle.powertrain)].filter(Boolean);
  list.push({ label: pen.say("vehicle"), text: car.join(" · ") });
  if (vehicle.vin) list.push({ label: pen.say("vin"), text: vehicle.vin, private: true });
  if ("odometer_km" in vehicle) list.push({ label: pen.say("odometer"), text: `${thousands(vehicle.odometer_km)} km` });
  if (vehicle.energy) list.push({ label: pen.say("energy"), text: vehicle.energy });
  list.push(...told.map(([label, text]) => ({ label, text })));
  list.push({ label: pen.say("prepared_by"), text: doc.prepared_by.name });
  for (const row of list) if (row.label === pen.say("promised_at")) row.strong = true;
  return { kind: "fields", rows: list };
}

function concerns(pen, doc) {
  const told = doc.concerns.map((text) => ({ text, answer: "", status: "told" }));
  return told.length ? rows(pen.say("concerns"), told) : null;
}

function marks(pen, doc, name, empty) {
  const block = { kind: "marks", title: pen.say(name), rows: doc.marks.map((mark) => markRow(pen, mark)) };
  return block.rows.length ? block : { ...block, empty: pen.say(empty) };
}

function markRow(pen, mark) {
  const row = {
    mark: mark.mark,
    symbol: mark.symbol,
    text: `${mark.region_text} ${mark.kind_text}`,
    size: mark.size_text,
    region: mark.region,
    x: mark.x,
    y: mark.y,
    photos: mark.photos,
    tone: mark.known === "worse" || mark.now === "not_same" ? "look" : "plain",
  };
  if (mark.now) row.result = pen.say(`now.${mark.now}`);
  else if (mark.known) row.result = pen.say(`mark.${mark.known}`);
  if (mark.note) row.note = mark.note;
  return row;
}

function zones(pen, doc) {
  const blocks = new Map();
  for (const row of doc.rows) {
    if (!blocks.has(row.zone)) blocks.set(row.zone, rows(row.zone, []));
    const block = blocks.get(row.zone);
    if (row.status === "ok" && !row.note) name(block, "fine", pen.say("fine"), row.text);
    else if (row.status === "unseen") name(block, "unseen", pen.say("unseen"), row.text);
    else block.rows.push(only(row, ["text", "answer", "status", "note"]));
  }
  return [...blocks.values()];
}

function name(block, key, label, text) {
  block[key] ??= { label, items: [] };
  block[key].items.push(text);
}

function skips(pen, doc) {
  const list = doc.skips.map((skip) => ({ text: skip.text, answer: skip.reason, status: "unseen" }));
  return list.length ? rows(pen.say("skips"), list) : null;
}

function belongings(pen, doc) {
  if (!doc.belongings.length) return { kind: "note", tone: "plain", text: pen.say("no_belongings") };
  return rows(pen.say("belongings"), doc.belongings.map((thing) => belongingRow(pen, thing)));
}

function belongingRow(pen, thing) {
  let row = { text: thing.text, answer: pen.say(thing.kept_in_car ? "kept" : "taken"), status: "told" };
  if ("returned" in thing) {
    row = { ...row, answer: pen.say(thing.returned ? "returned" : "not_returned"), status: thing.returned ? "ok" : "attention" };
  }
  return thing.note ? { ...row, note: thing.note } : row;
}

function photos(pen, doc) {
  if (!doc.photos.length) return null;
  return { kind: "photos", title: pen.say("photos", { n: doc.photos.length }), photos: doc.photos };
}

function lines(pen, name, list) {
  return list.length ? { kind: "lines", title: pen.say(name), rows: list.map((line) => lineRow(pen, line)) } : null;
}

function lineRow(pen, line) {
  const tags = [
    line.safety && pen.say("safety"),
    line.high_voltage && pen.say("high_voltage"),
    line.part_class && pen.say(`class.${line.part_class}`),
    line.payer !== "customer" && pays(pen, line.payer),
  ].filter(Boolean);
  let detail = "";
  if ("hours_centi" in line) {
    detail = pen.say("hours", { n: decimal(line.hours_centi, 2) });
  } else if ("quantity_milli" in line) {
    detail = `${decimal(line.quantity_milli, 3)}${line.unit ? ` ${line.unit}` : ""} × ${amount(line.price_fen)}`;
  }
  return { kind: line.kind, text: line.text, detail, tags, amount: amount(line.amount_fen) };
}

function totals(pen, doc) {
  const sums = doc.totals;
  const list = [
    { label: pen.say("labour"), text: amount(sums.labour_fen) },
    { label: pen.say("parts"), text: amount(sums.parts_fen) },
  ];
  if (sums.discount_fen) {
    list.push({ label: pen.say("discount"), text: `-${amount(sums.discount_fen)}` });
    if (doc.discount_reason) list.push({ label: pen.say("discount_reason"), text: doc.discount_reason });
  }
  list.push({ label: pen.say("total"), text: `¥${amount(sums.total_fen)}`, strong: true });
  if (!["", "customer"].includes(sums.payers.map((one) => one.payer).join())) {
    list.push(...sums.payers.map((one) => ({ label: pays(pen, one.payer), text: amount(one.amount_fen) })));
  }
  if ("ceiling_fen" in doc) list.push({ label: pen.say("ceiling"), text: amount(doc.ceiling_fen) });
  return { kind: "totals", rows: list };
}

function declined(pen, list) {
  return list.length ? rows(pen.say("declined"), list.map((item) => notDone(pen, item))) : null;
}

function notDone(pen, item) {
  const row = { text: item.text, answer: pen.say("reason", { text: item.reason }), status: "told" };
  return item.safety ? { ...row, status: "attention", note: pen.say("declined_safety") } : row;
}

function terms(pen, doc) {
  const { id, version, sha256, text } = doc.legal;
  return { kind: "terms", title: pen.say("terms"), text, id, version, sha256 };
}

function store(pen, doc) {
  const keys = ["address", "service_phone", "rescue_phone", "complaint_phone", "uscc", "filing_no"].filter((key) => key in doc.store);
  const list = [{ label: pen.say("store"), text: doc.store.name }];
  return { kind: "fields", rows: [...list, ...keys.map((key) => ({ label: pen.say(key), text: doc.store[key] }))] };
}

function space(pen, doc) {
  return { kind: "signature_space", label: pen.say("sign_customer"), name: doc.customer.sender_name ?? doc.customer.name };
}

function rows(name, list) {
  return { kind: "rows", title: name, rows: list };
}

function pays(pen, payer) {
  return pen.say("pays", { payer: pen.say(`payer.${payer}`) });
}

function thousands(number) {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ",");
}

function only(row, keys) {
  return Object.fromEntries(keys.filter((key) => key in row).map((key) => [key, row[key]]));
}
