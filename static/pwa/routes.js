// Which address shows which screen. All but the first come in three
// files when they are asked for; the worker keeps them all.

import * as today from "./screens/today.js";

const missing = (fault) => {
  console.error(fault);
  return import("./screens/missing.js");
};
const walk = (name) => () => import("./loads/walk.js").then((load) => load[name]).catch(missing);
const papers = (name) => () => import("./loads/papers.js").then((load) => load[name]).catch(missing);
const visit = (name) => () => import("./loads/visit.js").then((load) => load[name]).catch(missing);

const ROUTES = [
  ["", () => today], ["arrive", visit("arrival")], ["v/:visit", visit("visit")],
  ["v/:visit/walk/:zone?", walk("walkaround")], ["v/:visit/damage/:region?", walk("damage")], ["v/:visit/shots", walk("shots")],
  ["v/:visit/photo/:photo", walk("photo")], ["v/:visit/belongings", walk("belongings")],
  ["v/:visit/order", papers("order")], ["v/:visit/sign", papers("sign")], ["v/:visit/receipt", papers("receipt")],
  ["v/:visit/delivery/:zone?", papers("delivery")], ["v/:visit/handover/:zone?", papers("handover")],
  ["outbox", visit("outbox")], ["phone", visit("phone")], ["sign-in", visit("sign_in")],
].map(([path, load]) => ({ parts: path.split("/"), load }));

/** {load, params, key}: the screen of a hash such as `#/v/<id>/walk/ext_front?from=hub`; unknown ones show today. */
export function routeOf(hash) {
  const [path, query = ""] = hash.replace(/^#?\/?/, "").split("?");
  const given = path.split("/");
  for (const { parts, load } of ROUTES) {
    const params = paramsOf(parts, given);
    if (params) return { load, params: { ...Object.fromEntries(new URLSearchParams(query)), ...params }, key: parts.join("/") + (params.visit ?? "") };
  }
  return { load: ROUTES[0].load, params: {}, key: "" };
}

/** The params of a path, or null when it is another one. A last part with `?` may be left out. */
function paramsOf(parts, given) {
  const least = parts.filter((part) => !part.endsWith("?")).length;
  if (given.length > parts.length || given.length < least) return null;
  const params = {};
  for (const [at, part] of parts.entries()) {
    if (part.startsWith(":")) params[part.slice(1).replace("?", "")] = given[at] && decodeURIComponent(given[at]);
    else if (part !== given[at]) return null;
  }
  return params;
}
