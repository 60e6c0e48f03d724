// The server burns down between two backups and is rebuilt from the last one; phones come back to it. What a phone had said
// to be saved must be there afterwards, also what it had sent and seen acknowledged before the fire (evidence.md T12).

import * as document from "../../static/pwa/commands/document.js";
import { buildDoc, seal } from "../../static/pwa/commands/papers.js";
import * as photo from "../../static/pwa/commands/photo.js";
import { visitView } from "../../static/pwa/commands/view.js";
import * as walkaround from "../../static/pwa/commands/walkaround.js";
import { signIn } from "../../static/pwa/outbox/enrol.js";
import { another, aVisit, phoneOf } from "./rig.js";

/** Chance that can be repeated. */
export function seeded(seed) {
  let state = seed;
  return () => (state = (state * 1103515245 + 12345) & 0x7fffffff) / 0x7fffffff;
}

/**
 * One fire. Two phones: one that the backup knows, one that signs in after it. comeBack: how they return, the way of the app
 * unless a control takes it out. Resolves with what was promised and what of it is missing: {acts, photos, documents, lost}.
 */
export async function fire(server, picture, seed, comeBack = returns) {
  const random = seeded(seed);
  const promised = { acts: new Map(), photos: new Map() };
  const early = await phoneOf("E005", server.url);
  await works(early, picture, random, promised);
  if (random() < 0.8) await early.round();
  await server.ask({ back_up: true });

  const late = await phoneOf("E006", server.url);
  for (const phone of [late, early, late]) {
    phone.take();
    await works(phone, picture, random, promised);
    if (random() < 0.7) await phone.round();
  }
  await server.ask({ rebuild: true });

  for (const [phone, staff] of [[early, "E005"], [late, "E006"]]) {
    phone.take();
    if (random() < 0.3) await works(phone, picture, random, promised);
    await comeBack(phone, staff);
  }
  return missing(server, promised);
}

/** A visit opened, a mark, a photo; mostly the customer signs. */
async function works(phone, picture, random, promised) {
  const visit = await aVisit(phone, { plate: `浙Z${String(Math.floor(random() * 1e5)).padStart(5, "0")}` });
  const mark = await walkaround.recordDamage({ visit, region: "door_lf", kind: "scratch", size: "small", x: 1, y: 2 });
  const shot = await photo.add({ visit, bytes: another(picture), thumb: picture, mime: "image/jpeg", width: 120, height: 120, subject: { kind: "mark", id: mark.args.mark } });
  const acts = [mark, shot];
  if (random() < 0.7) acts.push(await signs(phone, visit));
  for (const act of acts) promised.acts.set(act.id, act.command);
  promised.photos.set(shot.args.photo, shot.args.sha256);
}

async function signs(phone, visit) {
  const view = await visitView(visit);
  const template = phone.lists.checklists.find(({ sha256 }) => sha256 === view.runs.walkaround.template_sha256);
  const { doc } = await seal(buildDoc("pre_inspection", view, { catalogue: phone.lists, template, user: { staff: "E005" } }));
  const at = new Date().toISOString();
  const strokes = [Array.from({ length: 30 }, (_, n) => [10 + n * 5, 40 + (n % 7), n * 20, 500])];
  const signature = { signer: "赵样例", relation: "owner", consent_sha256: doc.legal.sha256, strokes, width: 360, height: 200, opened_at: at, signed_at: at };
  return document.sign({ visit, document: doc.document, kind: "pre_inspection", revision: doc.revision, doc, signature });
}

/** What the app does: a round; a phone that the server does not know asks its person to sign in, and goes on. */
export async function returns(phone, staff) {
  try {
    await phone.round();
  } catch (why) {
    if (why.status !== 401) throw why;
    await signIn({ store: "YF01", login: staff, password: "clockwise", deviceName: "还是这部" });
    await phone.round();
  }
  await phone.round();
}

async function missing(server, { acts, photos }) {
  const kept = new Map(await server.ask({ sql: "SELECT act_id, verdict FROM kept_act WHERE first" }));
  const here = new Map((await server.ask({ sql: "SELECT id, sha256 || state FROM photo" })));
  const lost = [...acts].filter(([id]) => kept.get(id) !== "applied").map(([id, command]) => `${command} ${kept.get(id) ?? "absent"}`);
  for (const [id, sha256] of photos) if (here.get(id) !== `${sha256}present` || !(await server.ask({ has: sha256 }))) lost.push(`photo ${id}`);
  const signed = [...acts.values()].filter((command) => command === "document.sign").length;
  return { acts: acts.size, photos: photos.size, documents: signed, lost };
}
