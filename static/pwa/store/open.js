// The phone's own database, one per person: `cw-<store>-<staff>`. What is written here is saved when `write` resolves:
// the transaction is complete, with strict durability. Whatever goes wrong is said, never swallowed (offline.md 3.2).

import { deleteDB, openDB } from "idb";
import { startAfter } from "../lib/ids.js";
import { t } from "../lib/words.js";

const TRIES = 3;

/** Upgrades only add stores and indexes; acts and bytes are never rewritten. One step per version, for ever. */
export const STEPS = [
  (db) => {
    for (const name of ["meta", "catalogue", "evidence", "intents"]) db.createObjectStore(name);
    const acts = db.createObjectStore("acts", { keyPath: "seq" });
    acts.createIndex("visit", "visit");
    acts.createIndex("id", "id", { unique: true });
    const rows = db.createObjectStore("rows", { keyPath: ["table", "id"] });
    rows.createIndex("visit", "visit");
    const photos = db.createObjectStore("photos", { keyPath: "id" });
    photos.createIndex("visit", "visit");
    photos.createIndex("state", "state");
    db.createObjectStore("parts");
    const archive = db.createObjectStore("archive", { keyPath: "id" });
    archive.createIndex("visit", "visit");
    archive.createIndex("attention", "attention");
    db.createObjectStore("log", { autoIncrement: true });
  },
];

const REASONS = {
  quota: () => t("手机空间不够，刚才的内容没有保存。请先联网上传，或清理手机空间后再试。"),
  lost: () => t("手机的存储没有响应，刚才的内容没有保存。请关闭本应用后重新打开。"),
  updating: () => t("新版本已就绪，刚才的内容没有保存。请重新打开本应用。"),
  blocked: () => t("本应用在另一个页面里开着旧版本，请先关闭那个页面。"),
  signed_out: () => t("这部手机上的登录资料不见了，刚才的内容没有保存。请重新登录。"),
  too_large: () => t("这一条内容太大，没有保存，请分几次记录。"),
  damaged: () => t("写进手机的照片读回来不一致，没有保存，请重拍。"),
  broken: () => t("手机没能保存刚才的内容，请再试一次。"),
};

/** Nothing of this was saved. reason: a key of REASONS; the message says what to do. */
export class NotSaved extends Error {
  constructor(reason, cause) {
    super(REASONS[reason](), { cause });
    Object.assign(this, { name: "NotSaved", reason, code: `phone.${reason}`, text: this.message });
  }
}

export function nameOf({ store, staff }) {
  return `cw-${store}-${staff}`;
}

/**
 * Opens a person's database {store, staff}; makes it when it is not there. begun(store): it may be read from now on, while the
 * rest is made ready. Throws NotSaved.
 */
export async function openStore(user, { begun, ...options } = {}) {
  const store = new Store(user, options);
  const ready = store.ready();
  begun?.(store);
  await ready;
  return store;
}

/** Everything of this person leaves the phone; what they had not sent too. */
export async function dropStore(store) {
  store.end();
  await deleteDB(store.name);
}

/** The people who have a database on this phone: [{store, staff}]. */
export async function listStores() {
  const all = (await indexedDB.databases?.()) ?? [];
  return all.map(({ name }) => /^cw-([^-]+)-(.+)$/.exec(name)).filter(Boolean).map(([, store, staff]) => ({ store, staff }));
}

export class Store {
  #db;
  #opening;
  #steps;
  #updating = false;
  #gone = false;
  #listeners = { lost: new Set(), blocked: new Set(), update: new Set() };

  constructor(user, { steps = STEPS } = {}) {
    this.user = user;
    this.name = nameOf(user);
    this.#steps = steps;
  }

  /** Storage is gone for good (fn gets NotSaved), an old page blocks an upgrade, or a new version waits. */
  onLost = (fn) => this.#listen("lost", fn);
  onBlocked = (fn) => this.#listen("blocked", fn);
  onUpdate = (fn) => this.#listen("update", fn);

  async ready() {
    await this.#open();
    const last = await this.read(["acts", "archive"], async (tx) => {
      const [act, old] = await Promise.all(["acts", "archive"].map((n) => tx.objectStore(n).openCursor(null, "prev")));
      return [act?.value.id, old?.value.id].filter(Boolean).sort().pop();
    });
    if (last) startAfter(last);
  }

  read(names, fn) {
    return this.#run(names, "readonly", fn);
  }

  /** fn gets the transaction and awaits nothing but it. Resolves with fn's result once all of it is durable. */
  write(names, fn) {
    return this.#run(names, "readwrite", fn);
  }

  get(name, key) {
    return this.read([name], (tx) => tx.objectStore(name).get(key));
  }

  put(name, value, key) {
    return this.write([name], (tx) => tx.objectStore(name).put(value, key));
  }

  /** Closed for good: nothing that still runs makes the database again. */
  end() {
    this.#gone = true;
    this.close();
  }

  close() {
    this.#db?.close();
    this.#db = undefined;
  }

  async #run(names, mode, fn) {
    for (let tries = 0; ; tries++) {
      let tx;
      try {
        const db = await this.#open();
        tx = db.transaction(names, mode, { durability: "strict" });
        const done = tx.done.catch((why) => { throw tx.error ?? why; });
        done.catch(() => {});
        const result = await this.#inside(tx, fn, done);
        await done;
        return result;
      } catch (why) {
        if (why.reason === "signed_out") this.#tell("lost", why);
        if (why instanceof NotSaved || !isDom(why)) throw why;
        if (!isLost(why)) throw new NotSaved(isQuota(why) ? "quota" : "broken", why);
        await this.#reopen(tries);
      }
    }
  }

  async #inside(tx, fn, done) {
    try {
      return await fn(tx);
    } catch (why) {
      try {
        tx.abort();
      } catch {
        // It has ended already; `done` knows how.
      }
      await done.catch((end) => { if (isQuota(end)) throw end; });
      throw why;
    }
  }

  #open() {
    if (this.#gone) throw new NotSaved("signed_out");
    if (this.#updating) throw new NotSaved("updating");
    if (this.#db) return this.#db;
    this.#opening ??= this.#connect().finally(() => { this.#opening = undefined; });
    return this.#opening;
  }

  async #connect() {
    const version = this.#steps.length;
    let fault;
    const db = await openDB(this.name, version, {
      upgrade: (db, from, to, tx) => upgrade(db, from, to, tx, this.#steps).catch((why) => {
        fault = why;
        tx.done.catch(() => {});
        tx.abort(); // or what was half done would be committed
      }),
      blocked: () => this.#tell("blocked", new NotSaved("blocked")),
      blocking: () => {
        this.#updating = true;
        this.close();
        this.#tell("update");
      },
      terminated: () => {
        this.#db = undefined;
        this.#lookAgain();
      },
    }).catch((why) => { throw fault ? new NotSaved("broken", fault) : why; });
    this.#db = db;
    return db;
  }

  /** The system closed the storage under us: was it only that, or is everything gone? */
  async #lookAgain() {
    try {
      if (!(await this.get("meta", "device"))) this.#tell("lost", new NotSaved("signed_out"));
    } catch {
      // `lost` has been told on the way.
    }
  }

  /** The system killed the storage: open again and prove it by a write, a few times, then say so loudly. */
  async #reopen(tries) {
    for (let n = tries; n < TRIES; n++) {
      this.close();
      await new Promise((go) => setTimeout(go, 50 * 2 ** n));
      try {
        const db = await this.#open();
        const tx = db.transaction("meta", "readwrite", { durability: "strict" });
        await Promise.all([tx.store.put(Date.now(), "proof"), tx.done]);
        return;
      } catch (why) {
        if (why instanceof NotSaved) throw why;
      }
    }
    const lost = new NotSaved("lost");
    this.#tell("lost", lost);
    throw lost;
  }

  #listen(what, fn) {
    this.#listeners[what].add(fn);
    return () => this.#listeners[what].delete(fn);
  }

  #tell(what, facts) {
    for (const fn of this.#listeners[what]) fn(facts);
  }
}

/** Before anything is added, the identity and the unsent acts are copied: `pre_v2`, `pre_v3`, … */
async function upgrade(db, from, to, tx, steps) {
  if (from > 0) {
    const copy = db.createObjectStore(`pre_v${to}`);
    for (const name of ["meta", "acts"]) {
      for (let at = await tx.objectStore(name).openCursor(); at; at = await at.continue()) copy.put(at.value, [name, at.key]);
    }
  }
  for (const step of steps.slice(from, to)) step(db, tx);
}

function isDom(why) {
  return typeof why?.name === "string" && /Error$/.test(why.name) && !/^(Type|Range|Reference|Syntax|)Error$/.test(why.name);
}

function isLost(why) {
  return why.name === "InvalidStateError" || why.name === "UnknownError" || /connection.*(lost|clos)/i.test(why.message);
}

function isQuota(why) {
  return why?.name === "QuotaExceededError";
}
