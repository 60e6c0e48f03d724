// The phone's disk in the model. fake-indexeddb lives in memory; here every transaction that completes is written to a file
// before anybody is told that it did. So a process that is killed loses exactly what had not completed.
//
// A file is a row of frames, one per transaction: length, then [[database, op…]…] as v8 writes it. A frame cut off by the
// kill is not there. A disk is read as a base (the phone as it was enrolled, kept in memory) and what came after it.

import { KeyObject } from "node:crypto";
import { closeSync, existsSync, openSync, readFileSync, writeSync } from "node:fs";
import { deserialize, serialize } from "node:v8";
import FDBFactory from "../../node_modules/fake-indexeddb/build/esm/FDBFactory.js";
import FDBKeyRange from "../../node_modules/fake-indexeddb/build/esm/FDBKeyRange.js";
import FDBTransaction from "../../node_modules/fake-indexeddb/build/esm/FDBTransaction.js";
import Database from "../../node_modules/fake-indexeddb/build/esm/lib/Database.js";
import Index from "../../node_modules/fake-indexeddb/build/esm/lib/Index.js";
import ObjectStore from "../../node_modules/fake-indexeddb/build/esm/lib/ObjectStore.js";

let file;
const ops = new WeakMap(); // a transaction's roll-back log → what it did
const bases = new Map();
let full = 0;

const { storeRecord, deleteRecord, clear } = ObjectStore.prototype;
const { _abort, _markFinished } = FDBTransaction.prototype;

function did(log, store, what) {
  if (!log) return; // a roll-back, or the disk being read
  if (!ops.has(log)) ops.set(log, []);
  ops.get(log).push([store.rawDatabase.name, store.name, ...what]);
}

ObjectStore.prototype.storeRecord = function keep(record, noOverwrite, log) {
  const key = storeRecord.call(this, record, noOverwrite, log);
  did(log, this, ["put", key, solid(record.value)]);
  return key;
};
ObjectStore.prototype.deleteRecord = function drop(key, log) {
  deleteRecord.call(this, key, log);
  const range = key instanceof FDBKeyRange ? key : FDBKeyRange.only(key);
  did(log, this, ["delete", range.lower, range.upper, range.lowerOpen, range.upperOpen]);
};
ObjectStore.prototype.clear = function empty(log) {
  clear.call(this, log);
  did(log, this, ["clear"]);
};
FDBTransaction.prototype._abort = function abort(name) {
  this.undone = true;
  return _abort.call(this, name);
};
FDBTransaction.prototype._markFinished = function finish() {
  if (full && !this.undone && (ops.get(this._rollbackLog) ?? []).some(([, name]) => name === "acts")) {
    full--;
    return this._abort("QuotaExceededError");
  }
  if (!this.undone && file !== undefined) {
    const raw = this.db._rawDatabase;
    const made = ops.get(this._rollbackLog) ?? [];
    if (this.mode === "versionchange") made.unshift([raw.name, null, "schema", schemaOf(raw)]);
    if (made.length) append(made);
  }
  return _markFinished.call(this);
};

function append(made) {
  const body = serialize(made);
  const frame = Buffer.alloc(4 + body.length);
  frame.writeUInt32LE(body.length);
  body.copy(frame, 4);
  writeSync(file, frame);
}

function schemaOf(raw) {
  const stores = [...raw.rawObjectStores.values()].map(({ name, keyPath, autoIncrement, rawIndexes }) => ({ name, keyPath, autoIncrement,
    indexes: [...rawIndexes.values()].map(({ name, keyPath, multiEntry, unique }) => ({ name, keyPath, multiEntry, unique })) }));
  return { version: raw.version, stores };
}

/** A browser's disk keeps keys that nobody can read; ours writes them down. */
function solid(value) {
  return value?.secret instanceof CryptoKey ? { ...value, secret: KeyObject.from(value.secret).export({ format: "jwk" }) } : value;
}

async function alive(value) {
  if (value?.secret?.kty !== "EC") return value;
  return { ...value, secret: await crypto.subtle.importKey("jwk", value.secret, { name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]) };
}

/** The phone is switched on: what its files hold is all it knows. base is read once in the life of this process. */
export async function mount(base, path) {
  unmount();
  const factory = new FDBFactory();
  if (base && !bases.has(base)) bases.set(base, await frames(base));
  for (const [database, name, what, ...rest] of [...(bases.get(base) ?? []), ...(await frames(path))]) redo(factory, database, name, what, rest);
  file = openSync(path, "a");
  globalThis.indexedDB = factory;
}

/** The next acts do not fit: each write succeeds, and its transaction ends in an abort. */
export function fillUp(times) {
  full = times;
}

export function unmount() {
  if (file !== undefined) closeSync(file);
  file = undefined;
}

async function frames(path) {
  if (!existsSync(path)) return [];
  const bytes = readFileSync(path);
  const found = [];
  for (let at = 0; at + 4 <= bytes.length;) {
    const end = at + 4 + bytes.readUInt32LE(at);
    if (end > bytes.length) break;
    for (const op of deserialize(bytes.subarray(at + 4, end))) found.push(op[2] === "put" ? [...op.slice(0, 4), await alive(op[4])] : op);
    at = end;
  }
  return found;
}

function redo(factory, database, name, what, rest) {
  if (what === "schema") return factory._databases.set(database, withSchema(factory._databases.get(database) ?? new Database(database, 0), rest[0]));
  const store = factory._databases.get(database).rawObjectStores.get(name);
  if (what === "put") storeRecord.call(store, { key: rest[0], value: rest[1] }, false);
  else if (what === "clear") clear.call(store);
  else deleteRecord.call(store, new FDBKeyRange(...rest));
}

function withSchema(raw, { version, stores }) {
  raw.version = version;
  for (const { name, keyPath, autoIncrement, indexes } of stores) {
    const store = raw.rawObjectStores.get(name) ?? new ObjectStore(raw, name, keyPath, autoIncrement);
    raw.rawObjectStores.set(name, store);
    for (const one of indexes) {
      if (store.rawIndexes.has(one.name)) continue;
      const index = new Index(store, one.name, one.keyPath, one.multiEntry, one.unique);
      index.initialized = true;
      store.rawIndexes.set(one.name, index);
    }
  }
  return raw;
}
