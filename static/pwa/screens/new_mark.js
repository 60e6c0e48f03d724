// The half-screen sheet of a new mark. Place is given; kind and size are taps, the photo one shutter, the note may stay empty.

import { html, nothing } from "lit-html";
import { answer, recordDamage } from "../commands/walkaround.js";
import { retract } from "../commands/photo.js";
import { named, t } from "../lib/words.js";
import { itemName } from "../widgets/answer.js";
import { icon } from "../widgets/icon.js";
import { photoImage } from "../widgets/photo_view.js";
import { itemOfRegion } from "../widgets/walk.js";
import { takePhoto } from "./capture.js";

const FIRST = 7;
/** The kinds a hand meets most, first; the rest behind one tap. */
const ORDER = ["scratch", "dent", "paint_loss", "stone_chip", "crack", "deformed", "rust"];

/** Resolves true when the mark was recorded. draft: {mark, region, x, y, kind, size, note, photos, notice}. */
export async function newMarkSheet(walk, shell, draft) {
  const regionName = named(walk.regions.find((one) => one.id === draft.region));
  const state = { size: "medium", ...draft, photos: [...(draft.photos ?? [])] };
  if (/^wheel_/.test(state.region)) state.kind ??= "curb_rash";
  const done = await shell.sheet((close, update) => form(walk, shell, state, { close, update }), { label: regionName });
  if (!done) await letGo(walk, shell, state);
  return done;
}

function form(walk, shell, state, { close, update }) {
  const pick = (key) => (value) => { state[key] = value; update(); };
  const save = async (event) => {
    event.preventDefault();
    if (await keep(walk, shell, state)) close(true);
  };
  return html`<form class="mark-form" @submit=${save}>
    ${state.notice ? html`<p class="note small">${state.notice}</p>` : nothing}
    <fieldset><legend class="vh">${t("损伤种类")}</legend><div class="pick">${kinds(walk, state, pick("kind"), update)}</div></fieldset>
    <fieldset><legend class="vh">${t("大小")}</legend><div class="seg">${walk.list.damage.sizes.map((size) => radio("size", size.code, sizeWords(size), state.size, pick("size")))}</div></fieldset>
    ${photos(walk, shell, state, update)}
    <input class="input" maxlength="300" autocomplete="off" aria-label=${t("备注")} placeholder=${t("备注（可不填）")} .value=${state.note ?? ""} @input=${(event) => { state.note = event.target.value; }}>
    <p class="small quiet">${follows(walk, state)}</p>
    <div class="acts"><button class="btn main" ?disabled=${!state.kind}>${state.kind ? t("记下这处损伤") : t("先选损伤种类")}</button></div></form>`;
}

function kinds(walk, state, pick, update) {
  const all = [...walk.list.damage.kinds].sort((a, b) => rank(a) - rank(b));
  const shown = state.more || ORDER.length < rank({ code: state.kind }) ? all : all.slice(0, FIRST);
  const more = () => { state.more = true; update(); };
  const own = state.kind && !shown.some((kind) => kind.code === state.kind) ? [all.find((kind) => kind.code === state.kind)] : [];
  return html`${[...own, ...shown].map((kind) => radio("kind", kind.code, named(kind), state.kind, pick))}
    ${shown.length < all.length ? html`<button type="button" class="btn small" @click=${more}>${t("其他 %(n)s 种", { n: all.length - shown.length - own.length })}</button>` : nothing}`;
}

function rank({ code }) {
  const at = ORDER.indexOf(code);
  return at < 0 ? ORDER.length : at;
}

function radio(name, value, words, chosen, pick) {
  return html`<label><input type="radio" name=${name} value=${value} .checked=${chosen === value} @change=${() => pick(value)}><span>${words}</span></label>`;
}

function sizeWords({ code, ...size }) {
  return { small: "< 3 cm", medium: "3–10 cm", large: "> 10 cm" }[code] ?? named(size);
}

function photos(walk, shell, state, update) {
  if (walk.view.consent?.photos === false) return html`<p class="small quiet">${t("客户不同意拍照，只记文字。")}</p>`;
  const take = (album) => async () => {
    const { mark, region, x, y, kind, size, note } = state;
    const took = await takePhoto(shell, { visit: walk.visit.id, subject: { kind: "mark", id: mark }, album, hash: `#/v/${walk.visit.id}/damage`,
      draft: { mark, region, x, y, kind, size, note, photos: state.photos } });
    if (took) state.photos.push(took.photo);
    update();
  };
  return html`<div class="mark-photos">${state.photos.map((photo) => photoImage(walk.store, { id: photo }, { alt: t("损伤照片") }))}
    <button type="button" class="btn" aria-label=${state.photos.length ? t("再拍一张") : t("拍损伤")} @click=${take(false)}>${icon("camera")}</button>
    <p class="small quiet">${state.photos.length ? html`<i class="sync phone" aria-hidden="true"></i> ${t("%(n)s 张已存本机", { n: state.photos.length })}` : t("近拍一张，手指或钥匙作比例")}
      <button type="button" class="link" @click=${take(true)}>${t("从相册选")}</button></p></div>`;
}

/** What else the mark will say, before it says so. */
function follows(walk, state) {
  const item = itemToFollow(walk, state.region);
  return item ? t("“%(item)s”同时记为关注。", { item: itemName(item) }) : nothing;
}

/** The list's item for this place, unless it says already that something is there. */
function itemToFollow(walk, region) {
  const item = walk.items?.find((one) => one.id === itemOfRegion(region));
  const said = item && walk.answers[item.id]?.current?.status;
  return said === undefined || said === "ok" ? item : undefined;
}

async function keep(walk, shell, { mark, region, kind, size, x, y, note, photos }) {
  const done = await shell.attempt(() => recordDamage({ visit: walk.visit.id, mark, region, kind, size, x, y, note: note?.trim(), photos }));
  if (!done) return false;
  const item = itemToFollow(walk, region);
  if (item) await shell.attempt(() => answer({ visit: walk.visit.id, item: item.id, status: "attention" }));
  shell.buzz();
  return true;
}

/** Put away without recording: photos that were taken for it are taken back, with that reason. */
async function letGo(walk, shell, { photos }) {
  for (const photo of photos) await shell.attempt(() => retract({ visit: walk.visit.id, photo, reason: t("没有记下这处损伤") }));
}
