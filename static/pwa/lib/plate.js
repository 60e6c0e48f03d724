// 车牌: which kind a plate is, and what looks odd about it. The twin of webapp/domain/plate.py.

export const PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";
const BATTERY = "DABCE";
const TAIL = "[A-HJ-NP-Z0-9]";
const HEAD = `^[${PROVINCES}][A-HJ-NP-Z]`;
const KINDS = Object.entries({
  ordinary: `${HEAD}${TAIL}{5}$`,
  nev_small: `${HEAD}[A-HJK]${TAIL}[0-9]{4}$`,
  nev_large: `${HEAD}[0-9]{5}[DF]$`,
  police: `${HEAD}${TAIL}{4}警$`,
  trainer: `${HEAD}${TAIL}{4}学$`,
  trailer: `${HEAD}${TAIL}{4}挂$`,
  consulate: `${HEAD}${TAIL}{4}领$`,
  hk_macau: `^粤Z${TAIL}{4}[港澳]$`,
  embassy: "^[0-9]{6}使$",
}).map(([kind, shape]) => [kind, new RegExp(shape)]);

/** Reads a plate as people write it: {text, kind, warnings}. kind null: no plate at all; unusual ones are `other`. */
export function readPlate(written, powertrain) {
  const text = written.replace(/[\s·.-]/g, "").toUpperCase();
  if (!text) return { text: "", kind: "unplated", warnings: [] };
  const kind = KINDS.find(([, shape]) => shape.test(text))?.[0];
  if (kind) return { text, kind, warnings: oddities(text, kind, powertrain) };
  return /^[A-Z0-9\u4e00-\u9fff]{4,12}$/.test(text) ? { text, kind: "other", warnings: ["plate.unusual"] } : { text, kind: null, warnings: [] };
}

/** `浙Z·A1B23`: as people read it. */
export function shownPlate(text) {
  return text && PROVINCES.includes(text[0]) ? `${text.slice(0, 2)}·${text.slice(2)}` : text;
}

function oddities(text, kind, powertrain) {
  const odd = [];
  if (kind === "ordinary" && text.slice(2).replace(/[0-9]/g, "").length > 2) odd.push("plate.many_letters");
  const letter = { nev_small: text[2], nev_large: text.at(-1) }[kind];
  if (letter && powertrain) {
    const battery = BATTERY.includes(letter);
    if ((battery && powertrain !== "bev") || (!battery && powertrain === "fuel")) odd.push("plate.powertrain");
  }
  return odd;
}
