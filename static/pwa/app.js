// The roof of the lane: who is here, which screen, and the frame that every screen stands in.

import { html, nothing, render } from "lit-html";
import { keyed } from "lit-html/directives/keyed.js";
import { asset } from "./lib/assets.js";
import { fetchText } from "./lib/http.js";
import { setLocale, t } from "./lib/words.js";
import { listen } from "./outbox/bell.js";
import { onSync, syncState } from "./outbox/state.js";
import { beginGuard, lock, look as lookAtClock, watchHands } from "./guard.js";
import { routeOf } from "./routes.js";
import { enter, work } from "./session.js";
import { startOfShift } from "./shift.js";
import { watchUpdates } from "./update.js";
import { chip } from "./widgets/chip.js";
import { icon } from "./widgets/icon.js";
import { keepAwake } from "./widgets/lock.js";
import { applyLook, look } from "./widgets/look.js";
import { sheetOpen } from "./widgets/sheet.js";
import { clearToast, makeBanners, notices, reportFault } from "./widgets/shell.js";

const DRAWINGS = ["car-top", "car-saloon", "car-suv", "car-mpv"];
const root = document.getElementById("app");
const trail = [];
const SOON_MS = 200;
const AGAIN_MS = 2000;
const banners = makeBanners(() => paint());
let turn = 0;
let at = { key: null };
let page = null;
let stale = false;
let spoken = false;
let began = false;
let timer;

const shell = {
  ...notices(banners),
  state: {},
  go(hash, { replace = false } = {}) {
    if (!replace) location.hash = hash;
    else if (location.hash !== hash) location.replace(hash);
    else return shell.redraw();
  },
  back(hash) {
    if (trail.length > 1 && (!hash || trail.at(-2) === hash)) history.back();
    else shell.go(hash ?? "#/", { replace: true });
  },
  redraw: () => show(),
  /** A pad or a camera is open: no update, no drawing over it. */
  busy: () => Boolean(page?.bare) || sheetOpen(),
  /** The phone is in the customer's hand, with a document before them. */
  sitting: () => Boolean(page?.sitting),
  lock,
  unlocked: () => catchUp(),
  /** Somebody signed in, changed or left: starts again from who is here now. */
  entered: async () => {
    clearToast();
    await begin();
    if (!("serviceWorker" in navigator)) startOfShift(shell); // will not open again without a network: said at once
  },
  changeLanguage: async () => {
    await speak();
    await show();
  },
};

addEventListener("hashchange", () => show());
addEventListener("error", (event) => event.error && reportFault(banners, "fault", event.error));
addEventListener("unhandledrejection", (event) => reportFault(banners, "fault", event.reason));
document.addEventListener("focusout", () => setTimeout(catchUp));
onSync(({ phase }) => {
  keepAwake(phase === "sending");
  paint();
  if (page?.live) changed();
});
listen("photo", () => page?.live && changed());
for (const what of ["pulled", "settled", "restored", "catalogue"]) listen(what, changed);
listen("kept", ({ elsewhere }) => elsewhere && changed());

start();

/** The words, the screen's own file and the database come at the same time; nothing is drawn before all are here. */
async function start() {
  const entering = enterSoon();
  applyLook();
  watchHands(shell);
  while (!(await speak())) await new Promise((done) => setTimeout(done, AGAIN_MS)); // the page's own words stand till then
  root.replaceChildren();
  if (!isSecureContext) banners.set("insecure", insecure());
  await begin(await entering);
  readAhead();
  await watchUpdates(shell);
  await startOfShift(shell);
}

/** The other screens, before a tap asks for them. Where no worker keeps the app, the drawings too, while there is a network. */
function readAhead() {
  import("./loads/rest.js").then(({ drawing }) => "serviceWorker" in navigator || Promise.all(DRAWINGS.map(drawing))).catch(() => {});
}

/** Whoever is here, before there are words; what goes wrong now is tried again, and told, when there are. */
function enterSoon() {
  const { load, params } = routeOf(location.hash);
  load();
  return enter(banners, params.visit).catch(() => undefined);
}

/** Opens the store of whoever is here; without anybody the sign-in page is the only one. */
async function begin(user) {
  began = false;
  try {
    shell.user = user ?? (await enter(banners));
    began = true;
    if (isNobody()) return shell.go("#/sign-in", { replace: true });
    await beginGuard();
  } catch (fault) {
    reportFault(banners, "store", fault);
  }
  await show();
  work();
}

/** Plain http to another machine: the browser gives neither hashes nor a worker nor a camera. */
function insecure() {
  return html`<div class="banner stop" role="alert"><p>${t("请用 https 开头的地址打开，否则不能存、不能签、不能拍。请问管理员要这个地址。")}</p></div>`;
}

/** Reads the words of the language asked for; the other one, or the one spoken so far, is better than none. */
async function speak() {
  const asked = look().locale;
  for (const locale of asked === "en" ? ["en", "zh-CN"] : ["zh-CN", "en"]) {
    const { said, papers } = await fetchText(asset(`words-${locale.slice(0, 2)}.json`)).then(JSON.parse).catch(() => ({}));
    if (said) setLocale(locale, said, papers);
    if (said || spoken) return (spoken = true);
  }
  return false;
}

/** Draws the screen of the address; the newest call wins. */
async function show() {
  if (began && isNobody()) return shell.go("#/sign-in", { replace: true }); // also by the back button, after signing out (T33)
  const mine = ++turn;
  const route = routeOf(location.hash);
  const moved = route.key !== at.key || location.hash !== at.hash;
  if (route.key !== at.key) shell.state = {};
  const next = await drawn(route, mine);
  if (mine !== turn || !next) return;
  if (moved) page?.leave?.();
  if (route.params.visit !== at.visit || (moved && next.still)) clearToast(); // an undo stays as long as its car does, not before the customer
  stale = false;
  [page, at] = [next, { key: route.key, hash: location.hash, visit: route.params.visit }];
  paint();
  if (moved) arrive();
  if (moved) page.ready?.(root.querySelector("main"));
  lookAtClock();
}

/** Nobody is signed in, and this is not the page for it. */
function isNobody() {
  return !shell.user && !location.hash.startsWith("#/sign-in");
}

/** The page, or nothing when the person changed or another screen was asked for while this one gathered. */
async function drawn(route, mine) {
  const { user } = shell;
  try {
    const draw = await route.load();
    const made = await draw(route.params, shell);
    return made?.template ? made : { template: made };
  } catch (fault) {
    if (mine !== turn || user !== shell.user) return undefined;
    reportFault(banners, "fault", fault);
    return { title: t("这一页打不开"), template: nothing };
  }
}

/** Puts the frame round the page. Cheap: called for every change of the chip. */
function paint() {
  if (!page) return;
  render(html`${banners.template()}${page.bare ? nothing : (typeof page.head === "function" ? page.head() : (page.head ?? headOf(page)))}
    <main id="main" tabindex="-1">${keyed(at.key, page.template)}</main>
    ${page.dock ?? nothing}${page.bare || !page.foot ? nothing : html`<footer class="foot">${page.foot}</footer>`}`, root);
}

function headOf({ title, back = "#/", aside }) {
  return html`<header class="head"><button class="btn icon" type="button" aria-label=${t("返回")} @click=${() => shell.back(back)}>${icon("back")}</button>
    <h1>${title}</h1>${aside ?? (shell.user ? chip(syncState()) : html`<span></span>`)}</header>`;
}

/** A new screen: its top, its name, and the trail for the way back. The very first stands at its top already. */
function arrive() {
  const first = !trail.length;
  if (trail.at(-2) === location.hash) trail.pop();
  else if (trail.at(-1) !== location.hash) trail.push(location.hash);
  if (first) requestAnimationFrame(() => setTimeout(enterMain)); // the frame lays it out; asked before, all would be laid out twice
  else {
    scrollTo(0, 0);
    enterMain();
  }
  const name = root.querySelector("h1")?.textContent.trim();
  document.title = name ? `${name} · ${t("顺时针")}` : t("顺时针");
}

/** Keys and readers begin at the screen itself, unless something on it has the focus already. */
function enterMain() {
  const main = root.querySelector("main");
  if (!main.contains(document.activeElement)) main.focus({ preventScroll: true });
}

/** Many small changes are one drawing. */
function changed() {
  stale = true;
  if (timer) return;
  timer = setTimeout(() => {
    timer = undefined;
    catchUp();
  }, SOON_MS);
}

/** After a round that changed something the screen is drawn again, but never under a typing hand or an open dialog. */
function catchUp() {
  const typing = document.activeElement?.matches?.("input:not([type=radio]):not([type=checkbox]), textarea, select");
  if (stale && !typing && !page?.still && !page?.bare && !sheetOpen()) show();
}
