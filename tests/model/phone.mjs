// One phone of the model: the real lane modules in a process of their own. Orders are JSON lines on standard input, answers
// on standard output: {n, done} or {n, failed: {name, code, text}}; {saved: …} the moment a promise of "saved on this phone"
// resolves; {uncaught} for what nobody caught.

import { clockOffset, noAlarms, pass, setClock } from "./clock.mjs";
import "fake-indexeddb/auto";
import { fillUp, mount, unmount } from "./disk.mjs";
import { readFileSync, writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { here, useStore } from "../../static/pwa/commands/here.js";
import { forgetViews, visitView } from "../../static/pwa/commands/view.js";
import { setOffset } from "../../static/pwa/lib/clock.js";
import { setBase } from "../../static/pwa/lib/http.js";
import { listen } from "../../static/pwa/outbox/bell.js";
import { comeBack, lock, signIn, whoIsHere } from "../../static/pwa/outbox/enrol.js";
import { startSending, stop, syncNow } from "../../static/pwa/outbox/sender.js";
import { recount, syncState } from "../../static/pwa/outbox/state.js";
import { open, tap } from "./taps.mjs";

let pictures = [];
let current;

const say = (facts) => writeSync(1, `${JSON.stringify(facts)}\n`);
for (const event of ["unhandledRejection", "uncaughtException"]) process.on(event, (why) => say({ uncaught: String(why?.stack ?? why) }));

listen("kept", ({ act }) => {
  const { photo = null, sha256 } = act.command === "photo.add" ? act.args : {};
  say({ saved: { id: act.id, device: act.device, command: act.command, visit: act.visit, staff: act.actor, photo, sha256,
    doc: act.command === "document.sign" ? act.args.doc_sha256 : undefined } });
});

async function enter() {
  leave();
  const user = await whoIsHere();
  if (!user) return undefined;
  current = await comeBack(user);
  useStore(current);
  startSending(current);
  return user;
}

function leave() {
  stop();
  current?.close();
  current = undefined;
  useStore(undefined);
  forgetViews();
}

const records = (name) => {
  const raw = globalThis.indexedDB._databases.get(current.name)?.rawObjectStores.get(name);
  return raw ? [...raw.records.values()].map(({ key, value }) => ({ key, value })) : [];
};

/** Nothing is being sent any more. */
async function quiet() {
  for (let n = 0; n < 5 || syncState().phase === "sending"; n++) await new Promise((go) => setImmediate(go));
}

const ORDERS = {
  /** Switched on with this disk; nothing of an earlier life is left but the program. */
  async boot({ base, disk, url, clock, small, large }) {
    leave();
    noAlarms();
    setClock(clock);
    setOffset(0);
    setBase(url);
    if (!pictures.length) pictures = [small, large].map((path) => new Uint8Array(readFileSync(path)));
    await mount(base, disk);
    return enter();
  },
  async off() {
    leave();
    noAlarms();
    unmount();
  },
  async signIn({ login }) {
    leave();
    (await signIn({ store: "YF01", login, password: "clockwise", deviceName: `${login} 的手机` })).close();
    return enter();
  },
  async signOut() {
    stop();
    await lock(current);
    leave();
  },
  open: (order) => open(order),
  tap: ({ kind, ...order }) => tap(kind, { ...order, pictures }),
  sync: () => syncNow(),
  pass: ({ ms }) => pass(ms, quiet),
  clock: ({ ms }) => setClock(clockOffset() + ms),
  full: ({ times }) => fillUp(times),
  /** An act's record is lost by the storage; says which. */
  async damage({ number }) {
    const waiting = records("acts").filter(({ value }) => value.state === "waiting");
    if (!waiting.length) return null;
    const { key, value } = waiting[number % waiting.length];
    await current.write(["acts"], (tx) => tx.store.delete(key));
    return { id: value.id, photo: value.act.command === "photo.add" ? value.act.args.photo : null };
  },
  /** What is on the disk, read past the app's own counting; and what the app says of it. */
  async state() {
    if (!current) return null;
    await recount(current);
    const meta = Object.fromEntries(records("meta").map(({ key, value }) => [key, value]));
    return {
      staff: current.user.staff, device: meta.device, says: syncState(), last: meta.last_at, heads: meta.heads ?? [], fault: meta.head_fault,
      acts: records("acts").map(({ value }) => [value.id, value.state]),
      archive: records("archive").map(({ value }) => [value.id, value.receipt?.verdict, value.attention ?? value.again ?? 0]),
      photos: records("photos").map(({ value }) => [value.id, value.state, value.sha256]),
    };
  },
  /** Everything the phone shows of these visits: its rows, and the view (from memory, and read again). */
  async shown({ visits }) {
    const rows = records("rows").map(({ value }) => value).filter((row) => visits.includes(row.visit));
    const views = {};
    for (const visit of visits) views[visit] = await visitView(visit);
    forgetViews();
    const again = {};
    for (const visit of visits) again[visit] = await visitView(visit);
    const evidence = records("evidence").map(({ key, value }) => [key, new TextDecoder().decode(value.bytes)]);
    return { rows, same: JSON.stringify(views) === JSON.stringify(again), evidence, name: here().name };
  },
};

createInterface({ input: process.stdin }).on("line", async (line) => {
  const { n, do: name, ...order } = JSON.parse(line);
  try {
    say({ n, done: (await ORDERS[name](order)) ?? null });
  } catch (why) {
    say({ n, failed: { name: why?.name, code: why?.code, text: why?.text ?? why?.message, stack: String(why?.stack).slice(0, 600) } });
  }
});
say({ ready: process.pid });
