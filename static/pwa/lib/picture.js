// A picture from the camera made small enough to send and checked before anybody calls it saved (offline.md 3.6). One at a time:
// memory of canvases is what kills phones. Nothing here knows what the picture shows.

const EDGE = 2048;
const QUALITY = 0.8;
const THUMB_EDGE = 240;
const THUMB_BYTES = 25 * 1024;
const LEAST_BYTES = 8 * 1024;
const ORIGINAL_BYTES = 12 * 1024 * 1024;
const ORIGINAL_PIXELS = 40_000_000;

let queue = Promise.resolve();

/** The picture cannot be used; it must be taken again. code: empty, unreadable, blank, too_large. */
export class PictureRefused extends Error {
  constructor(code) {
    super(code);
    Object.assign(this, { name: "PictureRefused", code });
  }
}

/**
 * {bytes, mime, width, height, thumb, original}: a JPEG of at most 2048 px, or the original where this phone cannot make one and
 * it is a JPEG, PNG or WebP of at most 40 megapixels and 12 MB (decisions.md 8). The bytes are read at once, before any
 * waiting: a file of the gallery may be gone a moment later. Throws PictureRefused.
 */
export async function makePicture(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (!bytes.length) throw new PictureRefused("empty");
  const turn = queue.then(() => convert(bytes));
  queue = turn.catch(() => {});
  return turn;
}

async function convert(bytes) {
  const head = readHead(bytes);
  const bitmap = await decode(bytes, head).catch(() => undefined);
  if (!bitmap) return keepOriginal(bytes, head);
  try {
    if (isOneColour(bitmap)) throw new PictureRefused("blank");
    const thumb = await makeThumb(bitmap);
    const jpeg = await encode(bitmap, bitmap.width, bitmap.height, QUALITY);
    if (!isGoodJpeg(jpeg)) return { ...keepOriginal(bytes, head), thumb };
    return { bytes: jpeg, mime: "image/jpeg", width: bitmap.width, height: bitmap.height, thumb, original: false };
  } finally {
    bitmap.close();
  }
}

/** Turned upright and made small while it is decoded, so that the full picture never stands in memory twice. */
async function decode(bytes, head) {
  const options = { imageOrientation: "from-image", resizeQuality: "medium" };
  const longest = Math.max(head?.width ?? 0, head?.height ?? 0);
  if (longest > EDGE) options[head.width >= head.height ? "resizeWidth" : "resizeHeight"] = EDGE;
  const bitmap = await createImageBitmap(new Blob([bytes], { type: head?.mime ?? "" }), options);
  if (Math.max(bitmap.width, bitmap.height) <= EDGE) return bitmap;
  const scale = EDGE / Math.max(bitmap.width, bitmap.height); // no head to go by (HEIC): once more, smaller
  const small = await createImageBitmap(bitmap, { resizeWidth: Math.round(bitmap.width * scale), resizeHeight: Math.round(bitmap.height * scale), resizeQuality: "medium" });
  bitmap.close();
  return small;
}

function keepOriginal(bytes, head) {
  if (!head) throw new PictureRefused("unreadable");
  if (head.width * head.height > ORIGINAL_PIXELS || bytes.length > ORIGINAL_BYTES) throw new PictureRefused("too_large");
  return { bytes, mime: head.mime, width: head.width, height: head.height, thumb: undefined, original: true };
}

/** A camera that was not ready gives black, a canvas without memory white: never evidence. */
function isOneColour(bitmap) {
  const canvas = canvasOf(16, 16);
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.drawImage(bitmap, 0, 0, 16, 16);
  const { data } = pen.getImageData(0, 0, 16, 16);
  empty(canvas);
  for (const channel of [0, 1, 2]) {
    let least = 255;
    let most = 0;
    for (let at = channel; at < data.length; at += 4) {
      least = Math.min(least, data[at]);
      most = Math.max(most, data[at]);
    }
    if (most - least > 3) return false;
  }
  return true;
}

async function makeThumb(bitmap) {
  const scale = Math.min(1, THUMB_EDGE / Math.max(bitmap.width, bitmap.height));
  for (const quality of [0.7, 0.5, 0.3]) {
    const thumb = await encode(bitmap, Math.max(1, Math.round(bitmap.width * scale)), Math.max(1, Math.round(bitmap.height * scale)), quality);
    if (thumb && thumb.length <= THUMB_BYTES) return thumb;
  }
  return undefined;
}

async function encode(bitmap, width, height, quality) {
  const canvas = canvasOf(width, height);
  canvas.getContext("2d").drawImage(bitmap, 0, 0, width, height);
  const blob = canvas.convertToBlob ? await canvas.convertToBlob({ type: "image/jpeg", quality })
    : await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
  empty(canvas);
  return blob && new Uint8Array(await blob.arrayBuffer());
}

function isGoodJpeg(bytes) {
  return bytes?.length > LEAST_BYTES && bytes[0] === 0xff && bytes[1] === 0xd8;
}

function canvasOf(width, height) {
  if (typeof OffscreenCanvas !== "undefined" && OffscreenCanvas.prototype.convertToBlob) return new OffscreenCanvas(width, height);
  return Object.assign(document.createElement("canvas"), { width, height });
}

/** iPhones give a canvas' memory back only when it has no size. */
function empty(canvas) {
  canvas.width = 0;
  canvas.height = 0;
}

/** Kind and size from the first bytes, upright: {mime, width, height}, or undefined for what we do not keep. */
export function readHead(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    if (view.getUint16(0) === 0xffd8) return jpegHead(view);
    if (view.getUint32(0) === 0x89504e47) return { mime: "image/png", width: view.getUint32(16), height: view.getUint32(20) };
    if (view.getUint32(0) === 0x52494646 && view.getUint32(8) === 0x57454250) return webpHead(view);
  } catch {
    return undefined; // cut off in the middle of its head
  }
  return undefined;
}

function jpegHead(view) {
  let turned = false;
  for (let at = 2; ;) {
    const marker = view.getUint16(at);
    const length = view.getUint16(at + 2);
    if (marker === 0xffe1) turned ||= exifTurns(view, at + 4);
    if (marker >= 0xffc0 && marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker)) {
      const [height, width] = [view.getUint16(at + 5), view.getUint16(at + 7)];
      return { mime: "image/jpeg", width: turned ? height : width, height: turned ? width : height };
    }
    if ((marker & 0xff00) !== 0xff00 || length < 2) return undefined;
    at += 2 + length;
  }
}

/** Does the camera's note say that the picture lies on its side? */
function exifTurns(view, at) {
  if (view.getUint32(at) !== 0x45786966) return false;
  const tiff = at + 6;
  const little = view.getUint16(tiff) === 0x4949;
  const first = tiff + view.getUint32(tiff + 4, little);
  for (let n = 0; n < view.getUint16(first, little); n++) {
    const entry = first + 2 + n * 12;
    if (view.getUint16(entry, little) === 0x0112) return view.getUint16(entry + 8, little) >= 5;
  }
  return false;
}

function webpHead(view) {
  const kind = view.getUint32(12);
  const size = (width, height) => ({ mime: "image/webp", width, height });
  const at24 = (at) => view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
  if (kind === 0x56503858) return size(at24(24) + 1, at24(27) + 1);
  if (kind === 0x56503820) return size(view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff);
  const bits = view.getUint32(21, true);
  return size((bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1);
}
