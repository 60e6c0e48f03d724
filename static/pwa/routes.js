// Which address shows which screen. All but the first come in one file; the worker keeps it.

import { draw as gone } from "./screens/missing.js";
import { draw as today } from "./screens/today.js";

const missing = (fault) => {
  console.error(fault);
  return gone;
};
const rest = (name) => () => import("./loads/rest.js").then((load) => load[name]).catch(missing);

const ROUTES = [
  ["", () => today], ["arrive", rest("arrival")], ["v/:visit", rest("visit")],
  ["v/:visit/walk/:zone?", rest("walkaround")], ["v/:visit/damage/:region?", rest("damage")], ["v/:visit/shots", rest("shots")],
  ["v/:visit/photo/:photo", rest("photo")], ["v/:visit/belongings", rest("belongings")],
  ["v/:visit/order", rest("order")], ["v/:visit/sign", rest("sign")], ["v/:visit/receipt", rest("receipt")],
  ["v/:visit/delivery/:zone?", rest("delivery")], ["v/:visit/handover/:zone?", rest("handover")],
  ["outbox", rest("outbox")], ["phone", rest("phone")], ["sign-in", rest("sign_in")],
].map(([path, load]) => ({ parts: path.split("/"), load }));

/** {load, params, key}: load gives what draws a hash such as `#/v/<id>/walk/ext_front?from=hub`; unknown ones show today. */
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
