// The worker against a small world: caches, fetch and a clock-work of events. It keeps all files or none, and keeps out of the rest.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import vm from "node:vm";
import { build } from "esbuild";

const SHELL = "<!doctype html>shell";
const APP = "app()";
const sha = (text) => createHash("sha256").update(text).digest("hex");
const files = [{ name: "lane/app.js", url: "/static/dist/app-1.js", sha256: sha(APP) }, { name: "lane/rescue.html", url: "/static/dist/rescue-1.html", sha256: sha("rescue") }];
const served = { "/lane/": SHELL, "/static/dist/app-1.js": APP, "/static/dist/rescue-1.html": "rescue" };

class Caches {
  #all = new Map();
  async open(name) {
    if (!this.#all.has(name)) this.#all.set(name, new Map());
    const cache = this.#all.get(name);
    return { put: async (url, response) => void cache.set(url, response), match: async (url) => cache.get(url.url ?? url)?.clone() };
  }
  async match(url) {
    for (const cache of this.#all.values()) if (cache.has(url.url ?? url)) return cache.get(url.url ?? url).clone();
  }
  async delete(name) { return this.#all.delete(name); }
  async keys() { return [...this.#all.keys()]; }
  has(name, url) { return this.#all.get(name)?.has(url); }
}

/** A worker of one build in a world; answers: path → Response or text. */
async function worker({ answers = served, caches = new Caches(), build_ = "b1", asked = [] } = {}) {
  const { outputFiles } = await build({ entryPoints: ["static/pwa/sw.js"], bundle: true, write: false, format: "iife",
    define: { __PRECACHE__: JSON.stringify(files), __BUILD__: JSON.stringify(build_) } });
  const events = {};
  const self = { SHELL: { path: "/lane/", sha256: sha(SHELL) }, location: { origin: "https://shop" }, addEventListener: (what, fn) => { events[what] = fn; },
    skipWaiting: () => asked.push("skipWaiting"), clients: { claim: async () => {} } };
  const fetch = async (request, options) => {
    asked.push([request.url ?? request, options?.cache]);
    const answer = answers[request.url ?? request];
    return answer === undefined ? new Response("", { status: 404 }) : typeof answer === "string" ? new Response(answer, { headers: { "content-encoding": "gzip", "content-security-policy": "x" } }) : answer;
  };
  vm.runInNewContext(outputFiles[0].text, { self, caches, fetch, crypto, Response, Headers, URL, Uint8Array, Set, Promise, Array, Error, JSON });
  const wait = (what, more) => new Promise((yes, no) => events[what]({ waitUntil: (work) => work.then(yes, no), ...more }));
  return { caches, asked, install: (more) => wait("install", more), activate: () => wait("activate"), tell: (data) => events.message({ data }),
    ask: (path, { method = "GET", mode = "cors", origin = "https://shop" } = {}) => {
      let given;
      events.fetch({ request: { url: origin + path, method, mode }, respondWith: (answer) => { given = answer; } });
      return given;
    } };
}

test("everything is fetched afresh, checked and kept, with the policy of the page", async () => {
  const world = await worker();

  await world.install();

  const [name] = await world.caches.keys();
  assert.ok(["/lane/", "/static/dist/app-1.js", "/static/dist/rescue-1.html"].every((url) => world.caches.has(name, url)));
  assert.ok(world.asked.every(([, cache]) => cache === "reload"));
  assert.deepEqual(world.asked.filter((entry) => entry === "skipWaiting"), []);
  const page = await world.ask("/lane/anything", { mode: "navigate" });
  assert.equal(await page.clone().text(), SHELL);
  assert.deepEqual([page.headers.get("content-security-policy"), page.headers.get("content-encoding")], ["x", null]);
});

for (const [what, answer] of Object.entries({ "has other bytes": "app(evil)", "is not there": undefined, "is an error page": new Response(APP, { status: 500 }),
  "was redirected": Object.defineProperty(new Response(APP), "redirected", { value: true }) })) {
  test(`a file that ${what} rejects the install, and nothing half is left`, async () => {
    const world = await worker({ answers: { ...served, "/static/dist/app-1.js": answer } });

    await assert.rejects(world.install());

    assert.deepEqual(await world.caches.keys(), []);
  });
}

test("acts, photos, sign-in, other origins and unknown files pass by untouched", async () => {
  const world = await worker();
  await world.install();

  assert.equal(world.ask("/api/v1/acts", { method: "POST" }), undefined);
  assert.equal(world.ask("/static/dist/app-1.js", { method: "POST" }), undefined);
  assert.equal(world.ask("/api/v1/changes"), undefined);
  assert.equal(world.ask("/lane/hello.json"), undefined);
  assert.equal(world.ask("/sign-in", { mode: "navigate" }), undefined);
  assert.equal(world.ask("/static/dist/app-1.js", { origin: "https://else" }), undefined);
  assert.notEqual(world.ask("/static/dist/app-1.js"), undefined, "control: a file of the list is answered");
});

test("the rescue page is answered under its own address", async () => {
  const world = await worker();
  await world.install();

  assert.equal(await (await world.ask("/lane/rescue.html", { mode: "navigate" })).text(), "rescue");
});

test("a new version reuses what has not changed, waits to be told, and the two newest stay", async () => {
  const caches = new Caches();
  for (const build_ of ["b1", "b2", "b3"]) {
    const asked = [];
    const world = await worker({ caches, build_, asked });
    await world.install();
    assert.deepEqual(asked.map(([url]) => url), build_ === "b1" ? ["/lane/", ...files.map(({ url }) => url)] : ["/lane/"]);
    await world.activate();
    world.tell({ apply: true });
    assert.equal(asked.at(-1), "skipWaiting");
  }

  assert.deepEqual((await caches.keys()).map((name) => name.slice(5, 7)), ["b2", "b3"]);
});

test("a browser that can takes the page of this version and the files of any from the cache, without waking the worker", async () => {
  const world = await worker();
  let told;

  await world.install({ addRoutes: async (routes) => { told = routes; } });

  const [name] = await world.caches.keys();
  assert.deepEqual(JSON.parse(JSON.stringify(told)), [
    { condition: { urlPattern: { pathname: "/lane/" }, requestMode: "navigate" }, source: { cacheName: name } },
    { condition: { urlPattern: { pathname: "/static/dist/*" } }, source: "cache" }]);
});

test("a browser that knows another form of such routes keeps the app all the same", async () => {
  for (const addRoutes of [() => { throw new TypeError("no cacheName"); }, async () => { throw new TypeError("no cacheName"); }]) {
    const world = await worker();

    await world.install({ addRoutes });

    assert.ok(world.ask("/lane/", { mode: "navigate" }));
  }
});
