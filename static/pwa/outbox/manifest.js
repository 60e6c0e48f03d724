// The proof: only when the server shows, visit by visit, that it has all this phone made, may the chip say synced.

import { call } from "../lib/http.js";
import { note } from "../store/log.js";
import { getMetas } from "../store/meta.js";
import { photosOf } from "../store/photos.js";
import { witness } from "./heads.js";

const STUCK = new Set(["damaged", "refused"]);

/** Compares every visit that is not proven yet; agreeing ones are. Returns how many do not agree. */
export async function proveVisits(store, go = () => true) {
  const { unproven = [], token, device, epoch } = await getMetas(store, ["unproven", "token", "device", "epoch"]);
  let differ = 0;
  for (const visit of unproven) {
    if (!go()) return differ + 1;
    const told = await call("GET", `/api/v1/visits/${visit}/manifest`, { token }).catch((why) => {
      if (why.status === 404) return { devices: {}, photos: {}, documents: [] };
      throw why;
    });
    await witness(store, told.head, told.epoch, false);
    const { missing, photos } = compare(await ours(store, visit, device), told, device);
    const lost = photos.filter(({ photo, state }) => STUCK.has(photo.state) && photo.listed !== false && state !== "present").length; // said on the phone, and no resending helps
    await conclude(store, visit, photos, missing, { epoch, index: told.head?.index ?? 0 });
    if (missing.length > lost) {
      differ++;
      await note(store, "manifest.differs", { visit, missing: missing.slice(0, 10) });
    }
  }
  return differ;
}

/** What of ours the server does not show: ["act 12", "photo …", "document …"], and the photos with the state it gave them. */
export function compare({ seqs, photos, documents }, told, device) {
  const missing = [];
  const there = told.devices[device] ?? { last_seq: 0, count: 0 };
  if (seqs.length && (there.last_seq < Math.max(...seqs) || there.count < seqs.length)) missing.push(`acts ${there.count}/${seqs.length}`);
  const states = photos.map((photo) => ({ photo, state: told.photos[photo.id]?.sha256 === photo.sha256 ? told.photos[photo.id].state : undefined }));
  for (const { photo, state } of states) if (photo.listed !== false && state !== "present") missing.push(`photo ${photo.id}`);
  const signed = new Set(told.documents.map((document) => document.doc_sha256));
  for (const sha256 of documents) if (!signed.has(sha256)) missing.push(`document ${sha256.slice(0, 8)}`);
  return { missing, photos: states };
}

/** What this phone knows the server to have taken of a visit. */
async function ours(store, visit, device) {
  const [acts, archived] = await store.read(["acts", "archive"], (tx) =>
    Promise.all(["acts", "archive"].map((name) => tx.objectStore(name).index("visit").getAll(visit))));
  const taken = [...acts, ...archived].filter(({ act, state }) => act.device === device && state === "acked");
  const signed = taken.filter(({ act, attention, receipt }) => act.command === "document.sign" && !attention && receipt?.verdict !== "refused"
    && receipt?.verdict !== "quarantined");
  const gone = new Set(taken.filter(({ act }) => act.command === "photo.retract").map(({ act }) => act.args.photo));
  const photos = (await photosOf(store, visit)).filter(({ id, state }) =>
    ["sent", "confirmed"].includes(state) || (STUCK.has(state) && !gone.has(id)));
  return { seqs: taken.map(({ seq }) => seq), photos, documents: signed.map(({ act }) => act.args.doc_sha256) };
}

/**
 * Photos the server shows are confirmed, others wait again; the visit is proven when nothing is missing. A photo takes the
 * visit's last number: its bytes may have come long after its act, and a backup has them only from that number on.
 */
function conclude(store, visit, photos, missing, { epoch, index }) {
  return store.write(["photos", "meta"], async (tx) => {
    for (const { photo, state } of photos) {
      const row = await tx.objectStore("photos").get(photo.id);
      if (!row || row.listed === false || STUCK.has(row.state)) continue;
      const seen = state === "present"
        ? { state: "confirmed", confirmed_epoch: epoch, confirmed_at: Date.now(), ...(row.change_no && { change_no: Math.max(row.change_no, index) }) }
        : { state: "waiting" };
      await tx.objectStore("photos").put({ ...row, ...seen });
    }
    if (missing.length) return;
    const meta = tx.objectStore("meta");
    await meta.put(((await meta.get("unproven")) ?? []).filter((id) => id !== visit), "unproven");
  });
}
