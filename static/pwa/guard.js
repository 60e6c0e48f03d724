// The lock of the app: after a quarter of an hour without a touch of the person at work it shows nothing but who may open it
// (evidence.md ★5, D6). What stood on the screen stays behind it, half typed; the sender goes on.
//
// Two clocks: the wall's, because a sleeping phone stops the other one and a closed app has none, and the steady one, because
// the wall's can be set back. While a document is before the customer nothing locks; leaving it does, once the time has passed.

import { html } from "lit-html";
import { here } from "./commands/here.js";
import { t } from "./lib/words.js";
import { onSync } from "./outbox/state.js";
import { getMetas, setMeta } from "./store/meta.js";

const QUIET_MS = 900_000;
const SITTING_MS = 3_600_000; // nobody sits before a paper for an hour without touching it
const LOOK_MS = 15_000;
const KEPT_MS = 60_000;
const AGAIN_MS = 2_000;

let shell;
let locked; // {hash, title} of the screen behind
let kept = 0;
let mine = moment(); // the last touch of whoever works here
let last = mine; // of anybody

/** Once, at the start. */
export function watchHands(of) {
  shell = of;
  for (const what of ["pointerdown", "keydown"]) addEventListener(what, touched, true);
  for (const what of ["pageshow", "focus"]) addEventListener(what, look);
  document.addEventListener("visibilitychange", () => (document.visibilityState === "visible" ? look() : keep(0)));
  addEventListener("hashchange", stay, true);
  setInterval(() => {
    look();
    keep(KEPT_MS);
  }, LOOK_MS);
  onSync(({ phase }) => (phase === "revoked" ? lock() : phase === "wiped" && wiped()));
}

/** Somebody came, or the app was opened again: the clock goes on where it stood when it was last touched. */
export async function beginGuard() {
  if (!shell.user) return;
  const { touched_at, stopped } = await getMetas(here(), ["touched_at", "stopped"]);
  mine = last = { ...moment(), wall: touched_at ?? Date.now() };
  kept = mine.wall;
  if (stopped || since(mine) > QUIET_MS) lock();
}

/** Is it time? Asked often, and whenever another screen has come. */
export function look() {
  if (locked) hideTitle();
  else if (shell.user && (shell.sitting() ? since(last) > SITTING_MS : since(mine) > QUIET_MS)) lock();
}

/** Hides everything at once; the page that opens it again comes with the other screens. */
export function lock() {
  if (locked || !shell.user) return;
  locked = { hash: location.hash };
  hideTitle();
  document.documentElement.classList.add("locked");
  open();
}

async function open() {
  let left = true;
  try {
    const { untilUnlocked } = await import("./loads/rest.js");
    left = await untilUnlocked(here(), shell);
  } catch {
    if (shell.user) return setTimeout(open, AGAIN_MS); // shut till then
  }
  mine = last = moment();
  document.title = locked.title;
  locked = undefined;
  if (left) await shell.entered();
  document.documentElement.classList.remove("locked");
  keep(0);
  if (!left) shell.unlocked();
}

/** A manager ordered it: nobody works here any more. */
async function wiped() {
  shell.user = undefined;
  if (!locked) await shell.entered();
  shell.banner("wiped", html`<p class="banner" role="alert">${t("手机已按门店的要求清除。")}</p>`);
}

/** The name of a screen is its car's plate. */
function hideTitle() {
  if (document.title === t("顺时针")) return;
  locked.title = document.title;
  document.title = t("顺时针");
}

function touched(event) {
  if (locked || !event.isTrusted) return;
  look();
  if (locked) return event.stopImmediatePropagation();
  last = moment();
  if (!shell.sitting()) mine = last;
}

/** The back button leads nowhere while the app is locked, and closes nothing that stands behind. */
function stay(event) {
  if (!locked) return;
  event.stopImmediatePropagation();
  if (location.hash !== locked.hash) history.pushState(null, "", locked.hash || "#/");
}

function keep(often) {
  if (locked || !shell.user || mine.wall - kept <= often) return;
  kept = mine.wall;
  setMeta(here(), { touched_at: mine.wall }).catch(() => {}); // then the clock of the start before stands, which locks sooner
}

function moment() {
  return { wall: Date.now(), steady: performance.now() };
}

/** A wall clock that was set back tells nothing: then as if for ever. */
function since({ wall, steady }) {
  const by = Date.now() - wall;
  return by < -KEPT_MS ? Infinity : Math.max(by, performance.now() - steady);
}
