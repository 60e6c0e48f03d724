// 引导拍照: thirteen shots in the order of the hand, each with a shape to fill; any may be passed over with a reason, none blocks.

import { html, nothing } from "lit-html";
import { skipPhoto } from "../commands/walkaround.js";
import { t } from "../lib/words.js";
import { canLookThrough } from "../widgets/camera.js";
import { holding } from "../widgets/drawing.js";
import { icon } from "../widgets/icon.js";
import { emptyTile, photoImage, photoRing, photoTile, photoWords, releasePhotos } from "../widgets/photo_view.js";
import { plate } from "../widgets/plate.js";
import { askReason } from "../widgets/reason.js";
import { silhouette } from "../widgets/silhouette.js";
import { cameraInterrupted, interruptedWords, keepPicture, takePhoto } from "./capture.js";
import { extraShots, guidedShots, shotPhotos } from "./shot_list.js";
import { inSeries } from "./series.js";
import { loadWalk, markWords } from "./walk_data.js";

export async function draw(params, shell) {
  const walk = await loadWalk(params.visit);
  const back = `#/v/${params.visit}`;
  if (!walk) return { title: t("照片"), back: "#/", template: html`<p class="empty">${t("这辆车的资料还没有到这部手机。联网后再打开。")}</p>` };
  const interrupted = await cameraInterrupted(params.visit);
  if (interrupted) shell.state.notice = interruptedWords();
  const facts = { walk, shots: guidedShots(walk.visit.powertrain), shell };
  await skipWithoutConsent(facts);
  const now = current(facts, interrupted?.subject.id);
  return { title: html`${plate(walk.visit.plate)} <span class="vh">${t("照片")}</span>`, back, template: page(facts, now), foot: foot(facts, now), leave: releasePhotos };
}

/** The shot in hand: the one just picked, else the first that is neither taken nor skipped. */
function current({ walk, shots, shell }, interruptedId) {
  if (interruptedId) shell.state.shot = interruptedId;
  const all = [...shots, ...extraShots()];
  return all.find((shot) => shot.id === shell.state.shot) ?? shots.find((shot) => isOpen(walk, shot));
}

function isOpen(walk, shot) {
  return !shotPhotos(walk.view, shot).length && !walk.view.skips?.photo?.[shot.id];
}

function page(facts, now) {
  const { walk, shots, shell } = facts;
  const left = shots.filter((shot) => isOpen(walk, shot));
  const taken = shots.filter((shot) => shotPhotos(walk.view, shot).length).length;
  const skipped = shots.filter((shot) => !shotPhotos(walk.view, shot).length && walk.view.skips?.photo?.[shot.id]).length;
  return html`${shell.state.notice ? html`<p class="note">${icon("look")}<span>${shell.state.notice}</span></p>` : nothing}
    ${stage(facts, now)}
    ${now && canLookThrough() && left.length > 1 ? html`<button type="button" class="btn small line" @click=${() => series(facts, now, left)}>${icon("camera")}${t("对着轮廓连拍 %(n)s 张", { n: left.length })}</button>` : nothing}
    <section aria-labelledby="h-shots"><div class="between"><h2 id="h-shots" class="label">${t("引导拍照 %(n)s 张", { n: shots.length })}</h2>
      <span class="small quiet">${skipped ? t("已拍 %(n)s，略过 %(m)s", { n: taken, m: skipped }) : t("已拍 %(n)s", { n: taken })}</span></div>
      <div class="grid">${shots.map((shot) => tile(facts, shot, now))}</div></section>
    ${others(facts, now)}`;
}

function stage({ walk }, now) {
  if (!now) return html`<p class="note qing">${icon("check")}<span>${t("引导的照片都拍过或说明了。还可以多拍下面几张。")}</span></p>`;
  const last = shotPhotos(walk.view, now).at(-1);
  if (last) {
    return html`<figure class="stage"><a href=${`#/v/${walk.visit.id}/photo/${last.id}`}>${photoImage(walk.store, last, { size: "whole", alt: t("%(name)s的照片", { name: now.name }) })}</a>
      <figcaption>${photoWords(last, now.name)}${photoRing(walk.store, last)}</figcaption></figure>`;
  }
  const skip = walk.view.skips?.photo?.[now.id];
  return html`<figure class="stage empty-stage"><div ${holding(silhouette(now.art, now.mirrored))}></div>
    <figcaption>${skip ? t("已略过：%(reason)s", { reason: skip.reason }) : html`<b>${now.name}</b> · ${now.hint}`}</figcaption></figure>`;
}

function tile({ walk, shell }, shot, now) {
  const last = shotPhotos(walk.view, shot).at(-1);
  const current = shot.id === now?.id;
  const pick = () => { shell.state.shot = shot.id; shell.state.notice = undefined; shell.redraw(); };
  if (!last) return emptyTile({ name: shot.name, skipped: Boolean(walk.view.skips?.photo?.[shot.id]), current, onOpen: pick });
  const open = () => (current ? shell.go(`#/v/${walk.visit.id}/photo/${last.id}`) : pick());
  return photoTile(walk.store, last, { name: shot.name, current, onOpen: open });
}

/** Offered after the thirteen, then photos of marks, items and belongings that were taken elsewhere. */
function others(facts, now) {
  const { walk } = facts;
  const guided = new Set([...facts.shots, ...extraShots()].flatMap((shot) => shotPhotos(walk.view, shot).map((photo) => photo.id)));
  const rest = walk.view.photos.filter((photo) => !guided.has(photo.id) && !photo.retracted && photo.subject_kind !== "handover");
  const gone = walk.view.photos.filter((photo) => photo.retracted);
  const view = (photo) => photoTile(walk.store, photo, { name: placeOf(walk, photo), onOpen: () => facts.shell.go(`#/v/${walk.visit.id}/photo/${photo.id}`) });
  return html`<section aria-labelledby="h-more"><h2 id="h-more" class="label">${t("还可以拍")}</h2><div class="grid">${extraShots().map((shot) => tile(facts, shot, now))}</div></section>
    ${rest.length ? html`<section aria-labelledby="h-rest"><h2 id="h-rest" class="label">${t("损伤与其他 %(n)s 张", { n: rest.length })}</h2><div class="grid">${rest.map(view)}</div></section>` : nothing}
    ${gone.length ? html`<details><summary class="small quiet">${t("已撤回 %(n)s 张", { n: gone.length })}</summary><div class="grid gone">${gone.map(view)}</div></details>` : nothing}`;
}

/** Where a photo belongs, in words. */
export function placeOf(walk, photo) {
  if (photo.subject_kind === "mark") {
    const mark = [...walk.view.marks, ...walk.known].find((one) => one.id === photo.subject_id);
    return mark ? markWords(walk.list, mark).region : t("损伤");
  }
  if (photo.subject_kind === "belonging") return walk.view.belongings.find((one) => one.id === photo.subject_id)?.text ?? t("随车物品");
  const shot = [...guidedShots(walk.visit.powertrain), ...extraShots()].find((one) => one.id === photo.subject_id);
  return shot?.name ?? walk.items?.find((item) => item.id === photo.subject_id)?.zh ?? (photo.subject_kind === "handover" ? t("交车") : t("其他"));
}

function foot(facts, now) {
  const { walk, shots } = facts;
  const at = `#/v/${walk.visit.id}`;
  const left = shots.filter((shot) => isOpen(walk, shot));
  if (!now) {
    const extra = () => { facts.shell.state.shot = "wheel_lf"; facts.shell.redraw(); };
    return html`<button type="button" class="btn" @click=${extra}>${t("再多拍")}</button>
      ${walk.view.lines.length ? html`<a class="btn main" href=${`${at}/sign`}>${t("请客户过目")}</a>` : html`<a class="btn main" href=${`${at}/order`}>${t("开单")}</a>`}`;
  }
  const again = shotPhotos(walk.view, now).length;
  return html`<button type="button" class="btn" @click=${() => more(facts, now, left)}>${isOpen(walk, now) ? t("略过") : t("其他")}</button>
    <button type="button" class="btn main" @click=${() => shoot(facts, now)}>${icon("camera")}${again ? t("再拍 %(name)s", { name: now.name }) : t("拍 %(name)s", { name: now.name })}</button>`;
}

/** One shot by the phone's own camera: the best lens it has. */
async function shoot(facts, shot) {
  const { walk, shell } = facts;
  shell.state.notice = undefined;
  const took = await takePhoto(shell, { visit: walk.visit.id, subject: shot.subject, hash: `#/v/${walk.visit.id}/shots` });
  return took ? after(facts) : shell.redraw();
}

/** One after the other, looking through the page itself, with the shape to fill over the picture. */
async function series(facts, shot, left) {
  const { walk, shell } = facts;
  await inSeries(shell, [shot, ...left.filter((one) => one.id !== shot.id)], {
    keep: (file, one) => keepPicture(shell, file, { visit: walk.visit.id, subject: one.subject }),
    skip: (one) => skipOne(facts, [one]),
  });
  return after(facts);
}

function after({ shell }) {
  shell.state.shot = undefined;
  return shell.redraw();
}

async function more(facts, shot, left) {
  const { walk, shell } = facts;
  const chosen = await shell.actions([
    ...(isOpen(walk, shot) ? [{ label: t("略过 %(name)s", { name: shot.name }), value: "one" }] : []),
    ...(left.length > 1 ? [{ label: t("略过剩下 %(n)s 张", { n: left.length }), value: "all", hint: t("一个原因用于全部") }] : []),
    { label: t("从相册选一张"), value: "album" },
  ], { title: shot.name });
  if (chosen === "one") await skipOne(facts, [shot]);
  if (chosen === "all") await skipOne(facts, left);
  if (chosen === "album") await takePhoto(shell, { visit: walk.visit.id, subject: shot.subject, album: true, hash: `#/v/${walk.visit.id}/shots` });
  if (chosen) await after(facts);
}

async function skipOne({ walk, shell }, shots) {
  const reason = await askReason(t("为什么略过？"), [t("客户赶时间"), t("光线太暗"), t("够不到")], { hint: t("单据上会写“未拍”和原因。") });
  if (!reason) return false;
  for (const shot of shots) if (!(await shell.attempt(() => skipPhoto({ visit: walk.visit.id, item: shot.id, reason })))) return false;
  return true;
}

/** No consent to photos: every shot is passed over with that reason (decisions.md 11). */
async function skipWithoutConsent({ walk, shots, shell }) {
  if (walk.view.consent?.photos !== false) return;
  for (const shot of shots.filter((one) => isOpen(walk, one))) {
    if (!(await shell.attempt(() => skipPhoto({ visit: walk.visit.id, item: shot.id, reason: t("客户不同意拍照") })))) return;
  }
  walk.view = (await loadWalk(walk.visit.id)).view;
}
