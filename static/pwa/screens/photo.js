// One photo: looked at large, drawn over, taken back with a reason or brought back. The picture itself never changes.

import { html, nothing } from "lit-html";
import { annotate, restore, retract } from "../commands/photo.js";
import { t } from "../lib/words.js";
import { markupPad, toolbar } from "../widgets/markup.js";
import { photoImage, photoRing, photoWords, releasePhotos } from "../widgets/photo_view.js";
import { plate } from "../widgets/plate.js";
import { askReason } from "../widgets/reason.js";
import { vars } from "../widgets/vars.js";
import { placeOf } from "./shots.js";
import { loadWalk, markWords } from "./walk_data.js";

export async function draw(params, shell) {
  const walk = await loadWalk(params.visit);
  const photo = walk?.view.photos.find((one) => one.id === params.photo);
  const back = `#/v/${params.visit}/shots`;
  if (!photo) return { title: t("照片"), back, template: html`<p class="empty">${t("这张照片还没有到这部手机。")}</p>` };
  if (shell.state.photo !== photo.id || !shell.state.dirty) Object.assign(shell.state, { photo: photo.id, shapes: photo.shapes ?? [], dirty: false });
  return { title: html`${plate(walk.visit.plate)} <span class="vh">${t("照片")}</span>`, back, template: page(walk, photo, shell), foot: foot(walk, photo, shell), leave: releasePhotos };
}

function page(walk, photo, shell) {
  const words = captionOf(walk, photo);
  const ratio = photo.width / photo.height || 4 / 3;
  const change = { changed: () => shell.redraw(), done: () => { shell.state.dirty = true; shell.redraw(); }, askText: () => askReason(t("写几个字"), [t("划痕"), t("凹陷"), t("看这里")]) };
  return html`<figure class="stage photo ${photo.retracted ? "gone" : ""}" ${vars({ "--ratio": ratio })}>${photoImage(walk.store, photo, { size: "whole", alt: words })}
      ${markupPad(photo.retracted ? { shapes: shell.state.shapes } : shell.state, ratio, change)}
      <figcaption>${words}${photoRing(walk.store, photo)}</figcaption></figure>
    ${photo.retracted ? html`<p class="note">${t("已撤回：%(reason)s", { reason: photo.retract_reason ?? "" })}</p>` : toolbar(shell.state, {
      pick: (tool) => { shell.state.tool = shell.state.tool === tool ? undefined : tool; shell.redraw(); },
      undo: () => { shell.state.shapes = shell.state.shapes.slice(0, -1); shell.state.dirty = true; shell.redraw(); },
    })}
    <p class="tiny">${shell.state.tool ? t("在照片上划；原照片不变，标注是另一层。") : t("选一种工具，再在照片上划。")}</p>
    ${besides(walk, photo)}`;
}

function captionOf(walk, photo) {
  const place = placeOf(walk, photo);
  const mark = photo.subject_kind === "mark" && [...walk.view.marks, ...walk.known].find((one) => one.id === photo.subject_id);
  const words = mark && markWords(walk.list, mark);
  return photoWords(photo, words ? `${place} · ${words.kind} ${words.size}` : place);
}

/** The other photos of the same thing, one tap away. */
function besides(walk, photo) {
  const same = walk.view.photos.filter((one) => one.id !== photo.id && !one.retracted && one.subject_kind === photo.subject_kind && one.subject_id === photo.subject_id);
  if (!same.length) return nothing;
  return html`<section aria-label=${t("同一处的其他照片")}><h2 class="label">${t("同一处的其他照片")}</h2><div class="grid">${same.map((one) => html`<a class="shot" href=${`#/v/${walk.visit.id}/photo/${one.id}`}>
    <span>${photoImage(walk.store, one, { alt: photoWords(one, placeOf(walk, one)) })}</span></a>`)}</div></section>`;
}

function foot(walk, photo, shell) {
  const ids = { visit: walk.visit.id, photo: photo.id };
  if (photo.retracted) {
    const again = async () => { if (await shell.attempt(() => restore({ ...ids, reason: t("撤回有误") }))) shell.redraw(); };
    return html`<button type="button" class="btn main" @click=${again}>${t("恢复这张照片")}</button>`;
  }
  const save = async () => {
    if (!(await shell.attempt(() => annotate({ ...ids, shapes: shell.state.shapes })))) return;
    shell.state.dirty = false;
    shell.buzz();
    shell.redraw();
  };
  return html`<button type="button" class="btn" @click=${() => takeBack(ids, shell)}>${t("撤回…")}</button>
    ${shell.state.dirty ? html`<button type="button" class="btn main" @click=${save}>${t("记下标注")}</button>` : html`<a class="btn main" href=${`#/v/${walk.visit.id}/shots`}>${t("回到照片")}</a>`}`;
}

async function takeBack(ids, shell) {
  const reason = await askReason(t("为什么撤回？"), [t("拍糊了"), t("拍错车位"), t("拍到别人的信息")], { hint: t("照片不会删除，只是不再显示；已签字的单据里仍有它。") });
  if (reason && (await shell.attempt(() => retract({ ...ids, reason })))) shell.redraw();
}
