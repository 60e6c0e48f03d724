// What the phone's tests share: storage that lives in memory, the real server in a process of its own, a network that can
// be made to fail, and a phone signed in on it.

import "fake-indexeddb/auto";
import { spawn } from "node:child_process";
import http from "node:http";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { IDBFactory } from "fake-indexeddb";
import * as consent from "../../static/pwa/commands/consent.js";
import * as here from "../../static/pwa/commands/here.js";
import * as visits from "../../static/pwa/commands/visit.js";
import * as walkaround from "../../static/pwa/commands/walkaround.js";
import { forgetViews } from "../../static/pwa/commands/view.js";
import { setBase } from "../../static/pwa/lib/http.js";
import { pushActs } from "../../static/pwa/outbox/acts.js";
import { signIn } from "../../static/pwa/outbox/enrol.js";
import { proveVisits } from "../../static/pwa/outbox/manifest.js";
import { pushPhotos } from "../../static/pwa/outbox/photos.js";
import { pullCatalogue, pullChanges } from "../../static/pwa/outbox/pull.js";
import { catalogue } from "../../static/pwa/store/catalogue.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** A phone's own storage: everything that opens a database from now on opens it there. */
export function freshStorage() {
  globalThis.indexedDB = new IDBFactory();
  return globalThis.indexedDB;
}

/** Runs a Python line with the project's own code; stdin and stdout are JSON. */
export function python(code, input) {
  return new Promise((done, fail) => {
    const child = spawn(`${ROOT}.venv/bin/python`, ["-c", code], { cwd: ROOT });
    let [out, err] = ["", ""];
    child.stdout.on("data", (data) => { out += data; });
    child.stderr.on("data", (data) => { err += data; });
    child.on("close", (status) => (status ? fail(new Error(err)) : done(JSON.parse(out))));
    child.stdin.end(JSON.stringify(input ?? null));
  });
}

/** The real server; ask({sql: …}) and so on are in server.py. */
export async function startServer() {
  const child = spawn(`${ROOT}.venv/bin/python`, ["tests/pwa/server.py"], { cwd: ROOT, stdio: ["pipe", "pipe", "pipe"] });
  let errors = "";
  child.stderr.on("data", (data) => { errors += data; });
  const waiting = [];
  createInterface({ input: child.stdout }).on("line", (line) => waiting.shift()?.done(JSON.parse(line)));
  child.on("close", () => { for (const { fail } of waiting) fail(new Error(errors)); });
  const answer = () => new Promise((done, fail) => waiting.push({ done, fail }));
  const { port } = await answer();
  return {
    url: `http://127.0.0.1:${port}`,
    errors: () => errors,
    async ask(order) {
      child.stdin.write(`${JSON.stringify(order)}\n`);
      return (await answer()).done;
    },
    stop: () => new Promise((done) => { child.once("close", done); child.stdin.end(); }),
  };
}

/**
 * A network between phone and server. fault(request, body, count) says what happens to each request: undefined (it passes),
 * "refuse", "lose" (the server acts, its answer is lost), "portal", "redirect", "flip", {cut: bytes}, or {status, headers, json}.
 */
export async function startNetwork(server) {
  const network = { fault: undefined, seen: [], count: 0 };
  const proxy = http.createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    network.seen.push(`${request.method} ${request.url.split("?")[0]}`);
    const what = network.fault?.(request, body, network.count++);
    if (what === "refuse") return request.socket.destroy();
    if (what === "portal") return reply(response, 200, { "content-type": "text/html" }, "<html>请登录无线网</html>");
    if (what === "redirect") return reply(response, 302, { location: "/" }, "");
    if (what?.status) return reply(response, what.status, { "content-type": "application/json", ...what.headers }, JSON.stringify(what.json));
    if (what === "flip") body[Math.floor(body.length / 2)] ^= 1;
    pass(server.url, request, body, response, what);
  });
  await new Promise((ready) => proxy.listen(0, "127.0.0.1", ready));
  network.url = `http://127.0.0.1:${proxy.address().port}`;
  network.stop = () => new Promise((done) => { proxy.closeAllConnections(); proxy.close(done); });
  network.reset = () => Object.assign(network, { fault: undefined, seen: [], count: 0 });
  return network;
}

function pass(url, request, body, response, what) {
  const headers = { ...request.headers, "content-length": body.length, connection: "close" };
  delete headers["transfer-encoding"];
  const upstream = http.request(url + request.url, { method: request.method, headers }, async (answer) => {
    const chunks = [];
    for await (const chunk of answer) chunks.push(chunk);
    const whole = Buffer.concat(chunks);
    if (what === "lose") return request.socket.destroy();
    if (what?.cut === undefined) return reply(response, answer.statusCode, answer.headers, whole);
    response.writeHead(answer.statusCode, { ...answer.headers, "content-length": whole.length });
    response.write(whole.subarray(0, what.cut), () => request.socket.destroy());
  });
  upstream.on("error", () => request.socket.destroy());
  upstream.end(body);
}

function reply(response, status, headers, body) {
  response.writeHead(status, headers);
  response.end(body);
}

/** A phone of a member of staff, signed in and up to date. */
export async function phoneOf(staff = "E005", url = undefined) {
  const storage = freshStorage();
  if (url) setBase(url);
  const store = await signIn({ store: "YF01", login: staff, password: "clockwise", deviceName: `${staff} 的手机` });
  const phone = {
    store, storage,
    /** In this phone's hands from now on. */
    take() {
      globalThis.indexedDB = storage;
      here.useStore(store);
      forgetViews();
    },
    /** One round of the sender, without its waiting. */
    async round() {
      await pushActs(store);
      await pushPhotos(store);
      const { back } = await pullChanges(store);
      return back ? phone.round() : proveVisits(store);
    },
  };
  await pullCatalogue(store);
  await pullChanges(store);
  phone.take();
  phone.lists = await catalogue(store);
  return phone;
}

/** A visit on the phone in hand, walked to its first answer; nothing is sent. Returns its id. */
export async function aVisit(phone, { plate = "浙ZA1056", mode = "quick", ...other } = {}) {
  const { visit } = await visits.open({ plate, powertrain: "fuel", customer_name: "赵样例", mobile: "16400002001", sender: "owner",
    arrived_at: new Date().toISOString(), notice_version: "2026-11-01", ...other });
  await consent.record({ visit, notice_version: "2026-11-01", photos: true, signature: true, marketing: false });
  const { sha256 } = phone.lists.checklists.find(({ id }) => id === `walkaround_${mode}`);
  await walkaround.start({ visit, mode, template_sha256: sha256, customer_joined: "yes" });
  return visit;
}

/** Real pictures: a small one and one of more than a megabyte. */
export async function pictures() {
  const made = await python(`import base64, io, json, os
from PIL import Image
def jpeg(side):
    out = io.BytesIO()
    Image.frombytes("RGB", (side, side), os.urandom(side * side * 3)).save(out, "JPEG", quality=90)
    return base64.b64encode(out.getvalue()).decode()
print(json.dumps([jpeg(120), jpeg(1100)]))`);
  return made.map((text) => new Uint8Array(Buffer.from(text, "base64")));
}

/** The same picture with bytes of its own (a comment in the JPEG): the server keeps equal bytes only once. */
export function another(jpeg) {
  const comment = crypto.getRandomValues(new Uint8Array(16));
  return Uint8Array.from([0xff, 0xd8, 0xff, 0xfe, 0, 18, ...comment, ...jpeg.subarray(2)]);
}
