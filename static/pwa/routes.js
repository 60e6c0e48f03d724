// Which address shows which screen. Heavy screens come when they are asked for; all of them are kept by the worker.

import * as today from "./screens/today.js";

const missing = (fault) => {
  console.error(fault);
  return import("./screens/missing.js");
};

const ROUTES = [
  ["", () => today],
  ["arrive", () => import("./screens/arrival.js").catch(missing)],
  ["v/:visit", () => import("./screens/visit.js").catch(missing)],
  ["v/:visit/walk/:zone?", () => import("./screens/walkaround.js").catch(missing)],
  ["v/:visit/damage/:region?", () => import("./screens/damage.js").catch(missing)],
  ["v/:visit/shots", () => import("./screens/shots.js").catch(missing)],
  ["v/:visit/photo/:photo", () => import("./screens/photo.js").catch(missing)],
  ["v/:visit/belongings", () => import("./screens/belongings.js").catch(missing)],
  ["v/:visit/order", () => import("./screens/order.js").catch(missing)],
  ["v/:visit/sign", () => import("./screens/sign.js").catch(missing)],
  ["v/:visit/receipt", () => import("./screens/receipt.js").catch(missing)],
  ["v/:visit/delivery/:zone?", () => import("./screens/delivery.js").catch(missing)],
  ["v/:visit/handover/:zone?", () => import("./screens/handover.js").catch(missing)],
  ["outbox", () => import("./screens/outbox.js").catch(missing)],
  ["phone", () => import("./screens/phone.js").catch(missing)],
  ["sign-in", () => import("./screens/sign_in.js").catch(missing)],
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
