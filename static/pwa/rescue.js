// The page of last resort, written to need nothing: no modules, no shared code, no version of the database. It lists what is on
// this phone, saves all of it as one file, and can send it; it never changes or deletes anything, so the app may send again.

const say = (text) => { document.getElementById("say").textContent = text; };
const done = (request) => new Promise((yes, no) => {
  request.onsuccess = () => yes(request.result);
  request.onerror = () => no(request.error);
});
const waits = (photo) => ["waiting", "writing"].includes(photo.state);

list().catch((fault) => say(`看不了 Cannot look: ${fault.message}`));

async function list() {
  const box = document.getElementById("people");
  const names = indexedDB.databases ? (await indexedDB.databases()).map((one) => one.name) : await remembered();
  box.replaceChildren();
  for (const name of names.filter((one) => one.startsWith("cw-"))) box.append(await card(name));
  if (!box.firstChild) box.textContent = "这部手机上没有记录。Nothing here.";
}

async function remembered() {
  return done((await done(indexedDB.open("cw"))).transaction("users").objectStore("users").getAllKeys());
}

async function card(name) {
  const db = await done(indexedDB.open(name));
  const all = await read(db);
  const unsent = all.acts.filter((kept) => kept.seq > (all.meta.acked_seq || 0));
  const photos = all.photos.filter(waits);
  const box = document.createElement("section");
  const since = unsent[0] ? ` (${new Date(unsent[0].kept_at).toLocaleString()} –)` : "";
  box.append(document.createElement("h2"), document.createElement("p"));
  box.firstChild.textContent = `${all.meta.name || ""} ${name.slice(3)}`;
  box.lastChild.textContent = `待发 Waiting: ${unsent.length} 条 acts, ${photos.length} 张 photos${since}. 共 In all: ${all.acts.length + all.archive.length}, ${all.photos.length}.`;
  const act = (text, work) => {
    const button = document.createElement("button");
    button.textContent = text;
    button.onclick = () => work().catch((fault) => say(`没有完成，记录都还在。Not done, nothing is lost: ${fault.message}`));
    box.append(button);
  };
  act("导出 Save", () => save(db, name, all));
  act("发送 Send", () => send(db, all.meta, unsent, photos));
  return box;
}

/** Everything but the photos' bytes; a store that an older app did not have is empty. */
async function read(db) {
  const all = { meta: {} };
  for (const name of ["acts", "archive", "photos", "evidence", "log"]) {
    all[name] = db.objectStoreNames.contains(name) ? await done(db.transaction(name).objectStore(name).getAll()) : [];
  }
  const meta = db.transaction("meta").objectStore("meta");
  for (const key of ["device", "token", "epoch", "acked_seq", "name"]) all.meta[key] = await done(meta.get(key));
  return all;
}

async function bytesOf(db, photo) {
  const range = IDBKeyRange.bound([photo.id, 0], [photo.id, 1e6]);
  return new Uint8Array(await new Blob(await done(db.transaction("parts").objectStore("parts").getAll(range))).arrayBuffer());
}

/** One tar file: the oldest format that every computer opens, and the shortest to write. */
async function save(db, name, all) {
  const parts = [];
  const add = (file, data) => parts.push(tarHead(file, data.length), data, new Uint8Array((512 - (data.length % 512)) % 512));
  const text = (_key, value) => (value instanceof Uint8Array || value instanceof ArrayBuffer ? new TextDecoder().decode(value) : value);
  for (const key of ["acts", "archive", "photos", "evidence", "log"]) {
    add(`${key}.jsonl`, new TextEncoder().encode(all[key].map((row) => `${JSON.stringify(row, text)}\n`).join("")));
  }
  for (const photo of all.photos) add(`${photo.id}.${photo.mime.split("/")[1]}`, await bytesOf(db, photo));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([...parts, new Uint8Array(1024)]));
  link.download = `${name}.tar`;
  link.click();
  say("已导出。请把文件存好。Saved.");
}

function tarHead(file, size) {
  const head = new Uint8Array(512);
  const put = (at, value) => head.set(new TextEncoder().encode(value), at);
  put(0, file);
  put(100, "0000644");
  put(124, `${size.toString(8).padStart(11, "0")} `);
  put(136, "00000000000 ");
  put(148, "        0"); // the sum is taken with blanks in its own place
  put(257, "ustar\u000000");
  put(148, `${head.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, "0")}\u0000 `);
  return head;
}

/** Acts in their order, then photos. What arrived is answered as a repeat when the app sends it again. */
async function send(db, { device, token, epoch }, unsent, photos) {
  const call = async (method, path, body, headers) => {
    const answer = await fetch(path, { method, body, redirect: "error", credentials: "omit", headers: { Authorization: `Bearer ${token}`, ...headers } });
    const said = await answer.json();
    if (said.sync !== "ok" || !answer.ok) throw new Error(said.error ? said.error.text : answer.status);
    return said;
  };
  let sent = 0;
  while (sent < unsent.length) {
    const acts = unsent.slice(sent, sent + 40).map((kept) => kept.act);
    const { receipts } = await call("POST", "/api/v1/acts", JSON.stringify({ protocol: 1, device, epoch: epoch || 0, acts }), { "Content-Type": "application/json" });
    const taken = receipts.filter((receipt) => !["gap", "fork", "retry"].includes(receipt.verdict)).length;
    if (!taken) throw new Error(receipts[0] ? receipts[0].text : "服务器没有收下 Not taken");
    say(`已发 Sent ${(sent += taken)} / ${unsent.length}`);
  }
  for (const [n, photo] of photos.entries()) {
    await put(call, await bytesOf(db, photo), photo);
    say(`照片 Photos ${n + 1} / ${photos.length}`);
  }
  say(`发完了，打开应用后会再核对一次。All sent: ${sent}, ${photos.length}.`);
}

async function put(call, bytes, { id, mime, sha256 }) {
  const digest = btoa(sha256.replace(/../g, (pair) => String.fromCharCode(Number.parseInt(pair, 16))));
  const headers = { "Content-Type": mime, "Repr-Digest": `sha-256=:${digest}:` };
  const MB = 1 << 20;
  if (bytes.length <= MB) return call("PUT", `/api/v1/photos/${id}`, bytes, headers);
  for (let at = 0; at < bytes.length; at += MB) {
    const end = Math.min(at + MB, bytes.length);
    await call("PUT", `/api/v1/photos/${id}`, bytes.slice(at, end), { ...headers, "Content-Range": `bytes ${at}-${end - 1}/${bytes.length}` });
  }
}
