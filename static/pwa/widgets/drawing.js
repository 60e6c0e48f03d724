// A car drawing put inline, so that its colours follow the theme and its regions can be touched. Fetched once each.

import { asset } from "../lib/assets.js";
import { fetchText } from "../lib/http.js";

const kept = new Map();

/** The drawing's <svg>, a fresh copy. name: car-saloon, car-suv, car-mpv, car-top, or a silhouette. */
export async function drawing(name) {
  if (!kept.has(name)) kept.set(name, load(name).catch((why) => { kept.delete(name); throw why; }));
  return document.importNode(await kept.get(name), true);
}

async function load(name) {
  const svg = new DOMParser().parseFromString(await fetchText(asset(`cars/${name}.svg`)), "image/svg+xml").documentElement;
  if (svg.nodeName !== "svg") throw new Error(`no drawing in ${name}`);
  return svg;
}
