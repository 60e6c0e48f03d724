// A car drawing put inline, so that its colours follow the theme and its regions can be touched. Fetched once each.

import { Directive, directive } from "lit-html/directive.js";
import { asset } from "../lib/assets.js";
import { fetchText } from "../lib/http.js";

const kept = new Map();

/** The drawing's <svg>, a fresh copy. name: car-saloon, car-suv, car-mpv, car-top, or a silhouette. */
export async function drawing(name) {
  if (!kept.has(name)) kept.set(name, load(name).catch((why) => { kept.delete(name); throw why; }));
  return document.importNode(await kept.get(name), true);
}

/** In a tag: the element holds the node (or words) that is promised as soon as it is here, and till then what the template says. */
export const holding = directive(class extends Directive {
  render() {}

  update({ element }, [promise]) {
    if (this.promise === promise) return;
    this.promise = promise;
    promise.then((node) => this.promise === promise && element.firstChild !== node && element.replaceChildren(node)).catch(() => {});
  }
});

async function load(name) {
  const svg = new DOMParser().parseFromString(await fetchText(asset(`cars/${name}.svg`)), "image/svg+xml").documentElement;
  if (svg.nodeName !== "svg") throw new Error(`no drawing in ${name}`);
  return svg;
}
