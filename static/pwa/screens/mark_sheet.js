// A mark that is there: seen, photographed again, compared, or taken back with a reason. Place and kind never change.

import { html, nothing } from "lit-html";
import { compareMark, retractDamage } from "../commands/walkaround.js";
import { newId } from "../lib/ids.js";
import { t } from "../lib/words.js";
import { clock } from "../widgets/answer.js";
import { icon } from "../widgets/icon.js";
import { photoImage } from "../widgets/photo_view.js";
import { askReason } from "../widgets/reason.js";
import { takePhoto } from "./capture.js";
import { markWords, photosOf } from "./walk_data.js";

/** A mark of this visit. Resolves with a draft when it is to be recorded anew. */
export async function markSheet(walk, shell, mark) {
  if (!mark) return undefined;
  const words = markWords(walk.list, mark);
  const chosen = await shell.sheet((close) => html`<div class="stack mark-form">
    <p>${words.kind} ${words.size}${mark.note ? html`<br><span class="quiet">${mark.note}</span>` : nothing}<br>
      <span class="small quiet">${walk.people[mark.recorded_by] ?? mark.recorded_by} · ${clock(mark.recorded_at)}</span></p>
    <div class="mark-photos">${pictures(walk, mark)}<button type="button" class="btn" aria-label=${t("再拍一张")} @click=${() => close("photo")}>${icon("camera")}</button></div>
    <div class="acts"><button type="button" class="btn warn" @click=${() => close("retract")}>${t("撤回…")}</button>
      <button type="button" class="btn main" @click=${() => close("change")}>${t("改一改")}</button></div></div>`, { label: words.region });
  if (chosen === "photo") await photographed(walk, shell, mark);
  if (chosen === "retract") await takeBack(walk, shell, mark);
  if (chosen === "change" && (await shell.attempt(() => retractDamage({ visit: walk.visit.id, mark: mark.id, reason: t("改为新的记录") })))) {
    return { region: mark.region, x: mark.x, y: mark.y, kind: mark.kind, size: mark.size, note: mark.note, mark: newId() };
  }
  return undefined;
}

/** A mark of the last visit: 一样, 变重, 没有了. */
export async function knownSheet(walk, shell, mark) {
  const words = markWords(walk.list, mark);
  const photos = [];
  const now = await shell.sheet((close, update) => {
    const take = async () => {
      const took = await takePhoto(shell, { visit: walk.visit.id, subject: { kind: "mark", id: mark.id }, hash: `#/v/${walk.visit.id}/damage` });
      if (took) photos.push(took.photo);
      update();
    };
    return html`<div class="stack mark-form"><p>${t("上次已有：%(kind)s %(size)s", words)}${mark.note ? html`<br><span class="quiet">${mark.note}</span>` : nothing}</p>
      <div class="mark-photos">${photos.map((id) => photoImage(walk.store, { id }, { alt: t("损伤照片") }))}<button type="button" class="btn" aria-label=${t("拍现在的样子")} @click=${take}>${icon("camera")}</button>
        <p class="small quiet">${t("变重了请拍一张")}</p></div>
      <div class="acts"><button type="button" class="btn" @click=${() => close("gone")}>${t("没有了")}</button><button type="button" class="btn" @click=${() => close("worse")}>${t("变重")}</button>
        <button type="button" class="btn main" @click=${() => close("same")}>${t("一样")}</button></div></div>`;
  }, { label: words.region });
  if (now) await shell.attempt(() => compareMark({ visit: walk.visit.id, mark: mark.id, now, photos }));
}

function pictures(walk, mark) {
  return photosOf(walk.view, "mark", mark.id).map((photo) => html`<a href=${`#/v/${walk.visit.id}/photo/${photo.id}`}>${photoImage(walk.store, photo, { alt: t("损伤照片 %(time)s", { time: clock(photo.taken_at) }) })}</a>`);
}

function photographed(walk, shell, mark) {
  return takePhoto(shell, { visit: walk.visit.id, subject: { kind: "mark", id: mark.id }, hash: `#/v/${walk.visit.id}/damage?mark=${mark.id}` });
}

async function takeBack(walk, shell, mark) {
  const reason = await askReason(t("为什么撤回？"), [t("记错部位"), t("不是损伤，擦掉了"), t("重复记录")], { hint: t("记录留着，标为已撤回。") });
  if (reason) await shell.attempt(() => retractDamage({ visit: walk.visit.id, mark: mark.id, reason }));
}
