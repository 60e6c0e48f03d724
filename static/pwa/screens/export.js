// Everything that may exist only here, as one file to be kept elsewhere: acts as JSON lines, photos as they are, signed bytes.

import { strToU8, Zip, ZipPassThrough } from "fflate";
import { diary } from "../store/log.js";
import { allPhotos, readPhoto } from "../store/photos.js";

/** Makes the file and hands it to the browser. One photo in memory at a time. */
export async function exportZip(store) {
  const parts = [];
  const zip = new Zip((fault, chunk) => {
    if (fault) throw fault;
    parts.push(chunk);
  });
  const [acts, archive, evidence] = await store.read(["acts", "archive", "evidence"], (tx) =>
    Promise.all(["acts", "archive", "evidence"].map((name) => tx.objectStore(name).getAll())));
  add(zip, "acts.jsonl", lines(acts));
  add(zip, "archive.jsonl", lines(archive));
  add(zip, "evidence.jsonl", lines(evidence));
  add(zip, "log.jsonl", lines(await diary(store)));
  const photos = await allPhotos(store);
  add(zip, "photos.jsonl", lines(photos));
  for (const photo of photos) {
    const bytes = await readPhoto(store, photo.id);
    if (bytes) add(zip, `photos/${photo.id}.${photo.mime.split("/")[1]}`, bytes);
  }
  zip.end();
  offer(new Blob(parts, { type: "application/zip" }), `${store.name}-${new Date().toISOString().slice(0, 16).replace(":", "")}.zip`);
}

function add(zip, name, bytes) {
  const file = new ZipPassThrough(name);
  zip.add(file);
  file.push(bytes, true);
}

function lines(rows) {
  return strToU8(rows.map((row) => `${JSON.stringify(row, plain)}\n`).join(""));
}

/** Signed bytes are written as text when they are such, which they are: canonical JSON. */
function plain(_key, value) {
  return value instanceof Uint8Array || value instanceof ArrayBuffer ? new TextDecoder().decode(value) : value;
}

function offer(blob, name) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
