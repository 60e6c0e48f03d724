// Photos on the screen: addresses of their bytes made once and given back, the small ring that tells where each one is.

import { html, nothing, render } from "lit-html";
import { Directive, directive } from "lit-html/directive.js";
import { t } from "../lib/words.js";
import { clock } from "./answer.js";
import { listen } from "../outbox/bell.js";
import { photoProgress, syncState } from "../outbox/state.js";
import { photoState, readPhoto, readThumb } from "../store/photos.js";
import { icon } from "./icon.js";
import { syncRing, syncWords } from "./sync_ring.js";

const MOST = 120;
const urls = new Map(); // "<photo> thumb|whole" → Promise of an object URL or undefined

let fetchPhoto; // (photo, size) → bytes, when the phone has none and there is a network; given by the roof

export function fetchMissingWith(fn) {
  fetchPhoto = fn;
}

/** An <img> that gets its picture from this phone, or from the server when the phone has none. size: thumb or whole. */
export function photoImage(store, photo, { size = "thumb", alt = "", look = "" } = {}) {
  return html`<img class=${look} alt=${alt} decoding="async" ${source(store, photo, size)}>`;
}

/** All addresses are given back: on leaving a screen with many photos. */
export function releasePhotos() {
  for (const promise of urls.values()) promise.then((url) => url && URL.revokeObjectURL(url));
  urls.clear();
}

/** phone | wait | send | done | stop of one photo: row is the view's, kept the phone's own (or undefined). */
export function photoMark(row, kept) {
  if (kept && ["damaged", "refused"].includes(kept.state)) return "stop";
  if (row?.state === "present" || ["sent", "confirmed", "freed"].includes(kept?.state)) return "done";
  if (photoProgress(row?.id ?? kept?.id) !== undefined) return "send";
  return kept && syncState().phase !== "sending" ? "phone" : "wait";
}

/** The small ring of a photo, with its words for a screen reader; it follows the sending by itself. */
export function photoRing(store, photo) {
  return html`<i class="dot" role="img" ${ringOf(store, photo)}></i>`;
}

/** A tile of the grid: picture, name, ring. */
export function photoTile(store, photo, { name, current, onOpen }) {
  return html`<button type="button" class="shot" aria-current=${current ? "true" : nothing} @click=${onOpen}>
    <span>${photoImage(store, photo, { alt: "" })}</span>${name}${photoRing(store, photo)}</button>`;
}

/** A tile for what is not taken yet, or was passed over. */
export function emptyTile({ name, skipped, current, onOpen }) {
  return html`<button type="button" class="shot ${skipped ? "skipped" : "todo"}" aria-current=${current ? "true" : nothing} @click=${onOpen}>
    <span>${skipped ? t("略过") : icon("camera")}</span>${name}</button>`;
}

/** What a photo says of itself: place, what, time. */
export function photoWords(photo, place) {
  return [place, clock(photo.taken_at)].filter(Boolean).join(" · ");
}

const ringOf = directive(class extends Directive {
  render() {}

  update({ element }, [store, photo]) {
    Object.assign(element, { store, photo });
    showRing(element);
  }
});

listen("photo", (told) => {
  for (const ring of document.querySelectorAll(".dot")) if (ring.photo?.id === told.photo) showRing(ring);
});

async function showRing(ring) {
  const { store, photo } = ring;
  const kept = await photoState(store, photo.id).catch(() => undefined);
  if (photo !== ring.photo) return;
  const state = photoMark(photo, kept);
  const percent = Math.round((photoProgress(photo.id) ?? 0) * 100);
  ring.setAttribute("aria-label", syncWords(state, percent));
  render(syncRing(state, percent), ring);
}

const source = directive(class extends Directive {
  render() {}

  update(part, [store, photo, size]) {
    const key = `${photo.id ?? photo} ${size}`;
    if (this.key === key) return;
    this.key = key;
    part.element.removeAttribute("src");
    address(store, photo, size, key).then((url) => {
      if (url && this.key === key) part.element.src = url;
    });
  }
});

function address(store, photo, size, key) {
  if (!urls.has(key)) {
    if (urls.size >= MOST) forget(urls.keys().next().value);
    urls.set(key, load(store, photo, size).catch(() => { urls.delete(key); return undefined; }));
  }
  return urls.get(key);
}

async function load(store, photo, size) {
  const id = photo.id ?? photo;
  const kept = (await photoState(store, id)) ?? photo;
  const here = size === "thumb" ? ((await readThumb(store, id)) ?? (await readPhoto(store, id))) : await readPhoto(store, id);
  const bytes = here ?? (await fetchPhoto?.(id, size === "thumb" ? "thumb" : "view"));
  return bytes && URL.createObjectURL(new Blob([bytes], { type: size === "thumb" ? "image/jpeg" : (kept.mime ?? "image/jpeg") }));
}

function forget(key) {
  urls.get(key)?.then((url) => url && URL.revokeObjectURL(url));
  urls.delete(key);
}
