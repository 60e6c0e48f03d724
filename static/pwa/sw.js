// Keeps the whole app on the phone, each file checked against its SHA-256, and answers from there. It never touches anything
// but same-origin GETs of the list and navigations under /lane/; acts, photos and sign-in pass by it (offline work needs no worker).
//
// The server writes `self.SHELL = {path, sha256}` above this line; the build puts in the list of files.

const FILES = [self.SHELL && { name: "shell", url: self.SHELL.path, sha256: self.SHELL.sha256 }, ...__PRECACHE__].filter(Boolean);
const PREFIX = "lane-";
const CACHE = `${PREFIX}${__BUILD__}-${(self.SHELL?.sha256 ?? "").slice(0, 12)}`;
const KNOWN = new Set(FILES.map(({ url }) => url));
const RESCUE = FILES.find(({ name }) => name === "lane/rescue.html")?.url;
const AT_ONCE = 6;

self.addEventListener("install", (event) => event.waitUntil(Promise.all([fill(), routes(event)])));
self.addEventListener("activate", (event) => event.waitUntil(settle()));
self.addEventListener("message", (event) => {
  if (event.data?.apply) self.skipWaiting();
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && url.pathname.startsWith("/lane/")) event.respondWith(pageFor(url, request));
  else if (KNOWN.has(url.pathname)) event.respondWith(kept(url.pathname, request));
  else if (url.pathname.startsWith("/static/dist/")) event.respondWith(earlier(request));
});

/**
 * Where the browser can, it takes the page and its files from the cache by itself and need not wake the worker first: the page
 * of this version, files of any kept one, both from the network when they are gone, as below. Where it cannot, nothing is lost.
 */
async function routes(event) {
  const page = { condition: { urlPattern: { pathname: self.SHELL?.path ?? "/lane/" }, requestMode: "navigate" }, source: { cacheName: CACHE } };
  try {
    await event.addRoutes?.([page, { condition: { urlPattern: { pathname: "/static/dist/*" } }, source: "cache" }]);
  } catch {
    // an older browser knows another form of it
  }
}

/** All or nothing: one file missing, redirected or different rejects the install, and the version before stays. */
async function fill() {
  const cache = await caches.open(CACHE);
  const queue = [...FILES];
  const take = async () => {
    for (let file = queue.shift(); file; file = queue.shift()) await keep(cache, file);
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, take));
  } catch (fault) {
    await caches.delete(CACHE);
    throw fault;
  }
}

async function keep(cache, { url, sha256 }) {
  const same = url === self.SHELL?.path ? null : await verified(await caches.match(url), sha256);
  const fresh = same ?? (await verified(await fetch(url, { cache: "reload", credentials: "omit" }), sha256));
  if (!fresh) throw new Error(`${url} is not what the list says`);
  await cache.put(url, fresh);
}

/** The answer as it is to be kept, or null when it is not the very bytes of the list. */
async function verified(response, sha256) {
  if (response?.status !== 200 || response.redirected) return null;
  const bytes = await response.arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex === sha256 ? new Response(bytes, { headers: plain(response.headers) }) : null;
}

/** The headers stay (the policy among them) but for how the bytes once travelled. */
function plain(headers) {
  const rest = new Headers(headers);
  for (const name of ["content-encoding", "content-length", "transfer-encoding"]) rest.delete(name);
  return rest;
}

/** The two newest versions stay: an old page may still ask for its own files. */
async function settle() {
  const ours = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(ours.slice(0, -1).map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function pageFor(url, request) {
  if (url.pathname === "/lane/rescue.html" && RESCUE) return kept(RESCUE, request);
  return kept(self.SHELL?.path ?? "/lane/", request);
}

async function kept(path, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(path)) ?? fetch(request);
}

/** A file of the version before, asked for by a page that was open all along. */
async function earlier(request) {
  return (await caches.match(request)) ?? fetch(request);
}
