// Marks of the arrival at handover: then and now side by side, one tap for 与接车时一样 and on to the next.

import { html, nothing } from "lit-html";
import { compareMark } from "../commands/handover.js";
import { visitView } from "../commands/view.js";
import { t } from "../lib/words.js";
import { readPhoto } from "../store/photos.js";
import { takeWithGhost } from "../widgets/ghost.js";
import { icon } from "../widgets/icon.js";
import { photoImage } from "../widgets/photo_view.js";
import { twin } from "../widgets/twin.js";
import { keepPicture } from "./capture.js";

const SHOOT = Symbol("shoot");

/** The mark that is being looked at: its words, its pictures. */
export function markStage({ view, store, marks }, mark, shell) {
  const now = photosNow(view, mark).at(-1);
  const then = view.photos.find((photo) => photo.id === mark.photos[0]?.photo);
  const at = (photo) => new Date(photo.taken_at).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
  const shot = (photo, alt) => photoImage(store, photo, { size: "whole", alt });
  return html`<div class="between"><h2 class="title">${mark.region_text} ${mark.kind_text}</h2>
      <span class="small quiet">${mark.size_text} · ${t("损伤 %(n)s / %(all)s", { n: marks.indexOf(mark) + 1, all: marks.length })}</span></div>
    <div class="mark-stage">${then && now ? twin({ before: shot(then, t("接车时，%(at)s 拍", { at: at(then) })), now: shot(now, t("现在，%(at)s 拍", { at: at(now) })), labels: [t("接车 %(at)s", { at: at(then) }), t("现在 %(at)s", { at: at(now) })] })
      : then ? html`<figure class="mark-then">${shot(then, t("接车时，%(at)s 拍", { at: at(then) }))}<figcaption>${t("接车 %(at)s", { at: at(then) })}</figcaption></figure>`
      : html`<p class="mark-none"><b>${mark.symbol}</b>${t("接车时没有拍这处，请对着单据看。")}</p>`}
      <button class="btn icon mark-again" type="button" aria-label=${now ? t("重拍现在这张") : t("对着接车照片拍一张")} @click=${() => shoot({ view, store }, mark, then, shell)}>${icon("camera")}</button></div>
    ${mark.note ? html`<p class="small quiet">${mark.note}</p>` : nothing}`;
}

export function marksList({ marks }, current, shell) {
  const open = (mark) => () => { shell.state.mark = mark.mark; shell.redraw(); };
  return html`<section><div class="between"><h2 class="section-title">${t("接车时的损伤")}</h2><span class="small quiet">${marks.filter((mark) => mark.check).length} / ${marks.length}</span></div>
    <div class="card rows">${marks.map((mark) => html`<button class="row tap" type="button" aria-current=${mark === current ? "true" : nothing} @click=${open(mark)}>
      ${mark.check ? icon(mark.check.now === "same" ? "check" : "look", mark.check.now === "same" ? "is-ok" : "is-look") : html`<i class="mark-letter old" aria-hidden="true">${mark.symbol}</i>`}
      <span class="grow">${mark.region_text} ${mark.kind_text}</span>
      <span class="small ${mark.check?.now === "same" ? "is-ok" : mark.check ? "is-look" : "quiet"}">${mark.check ? (mark.check.now === "same" ? t("一样") : t("不一样")) : t("还没看")}</span></button>`)}</div></section>`;
}

export function compareFoot(facts, mark, shell) {
  const same = () => keep(facts, mark, { same: true }, shell);
  return html`<button class="btn line" type="button" @click=${() => different(facts, mark, shell)}>${t("不一样")}</button>
    <button class="btn main" type="button" @click=${same}>${icon("check")}${t("与接车时一样")}</button>`;
}

async function keep({ visit, view }, mark, { same, note }, shell) {
  const photos = photosNow(view, mark).map((photo) => photo.id);
  const done = await shell.attempt(() => compareMark({ visit: visit.id, mark: mark.mark, same, note, ...(photos.length && { photos }) }));
  if (!done) return;
  shell.state.mark = undefined;
  shell.announce(same ? t("一样，下一处") : t("已记下不一样"));
  await shell.redraw();
}

async function different(facts, mark, shell) {
  const { view } = facts;
  const taken = photosNow(view, mark).length;
  const then = view.photos.find((photo) => photo.id === mark.photos[0]?.photo);
  const note = await shell.sheet((close) => {
    const say = (event) => { event.preventDefault(); close(new FormData(event.target).get("note").trim() || t("与接车时不一样")); };
    return html`<form class="stack" @submit=${say}><button class="btn line" type="button" @click=${() => close(SHOOT)}>${icon("camera")}${taken ? t("已拍，再拍一张") : t("先拍下现在的样子")}</button>
      <input class="input" name="note" maxlength="300" autocomplete="off" aria-label=${t("哪里不一样")} placeholder=${t("例如：比接车时长了约 2 cm")}>
      <button class="btn main">${t("记下不一样")}</button></form>`;
  }, { label: `${mark.region_text} ${mark.kind_text}` });
  if (note === SHOOT) {
    await shoot(facts, mark, then, shell);
    await different({ ...facts, view: await visitView(view.visit.id) }, mark, shell);
  } else if (note) {
    await keep(facts, mark, { same: false, note }, shell);
  }
}

/** The picture of now is taken through the picture of then. */
async function shoot({ view, store }, mark, then, shell) {
  const bytes = then && (await readPhoto(store, then.id));
  const ghost = bytes && URL.createObjectURL(new Blob([bytes], { type: then.mime }));
  try {
    const file = await takeWithGhost({ ghost, title: `${mark.region_text} ${mark.kind_text}` });
    if (file) await keepPicture(shell, file, { visit: view.visit.id, subject: { kind: "handover", id: mark.mark } });
  } finally {
    if (ghost) URL.revokeObjectURL(ghost);
  }
  await shell.redraw();
}

function photosNow(view, mark) {
  return view.photos.filter((photo) => photo.subject_kind === "handover" && photo.subject_id === mark.mark && !photo.retracted);
}
