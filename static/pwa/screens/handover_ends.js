// How a handover begins, how it is broken off, and how the car leaves.

import { html, nothing } from "lit-html";
import { unsignedRefusals } from "../commands/papers.js";
import { release } from "../commands/visit.js";
import { t } from "../lib/words.js";
import { icon } from "../widgets/icon.js";
import { takePhoto } from "./capture.js";
import { serviceText } from "./run_notes.js";

/** Who receives the car; then the walk with the white towel begins. */
export function startCard({ visit, view, newest }, acts, shell) {
  const begin = async (event) => {
    event.preventDefault();
    const person = new FormData(event.target).get("person").trim();
    if (person && (await shell.attempt(() => acts.start({ visit: visit.id, template_sha256: newest.sha256, person })))) shell.redraw();
  };
  const statements = unsignedRefusals(view);
  const defect = view.defects.at(-1);
  return {
    template: html`<h2 class="title">${t("白毛巾验车")}</h2>
      <p class="small quiet">${t("%(who)s 已检验", { who: visit.checked_by ?? "" })}${visit.ready_note ? ` · ${visit.ready_note}` : ""}</p>
      ${defect ? html`<p class="note">${icon("look")}<span><b>${t("上次验车客户提出")}</b><br>${defect.text}</span></p>` : nothing}
      ${statements.length ? html`<p class="note">${icon("shield")}<span><b>${t("放行前要签拒修声明")}</b><br>${statements.map((one) => one.text).join("、")}</span></p>` : nothing}
      <form class="card" id="handover-start" @submit=${begin}><div class="field"><label class="label" for="person">${t("谁来接车")}</label>
        <input class="input" id="person" name="person" maxlength="40" required autocomplete="off" .value=${visit.sender_name ?? visit.customer_name}></div></form>
      <p class="small quiet">${t("带上白毛巾和工单，从车头顺时针走，先外后内，最后说费用。")}</p>`,
    foot: newest ? html`<button class="btn main" form="handover-start">${t("开始验车")}</button>` : nothing,
  };
}

/** The customer finds something: words and a picture, and the car goes back to the workshop. */
export async function defectSheet({ visit }, acts, shell) {
  const photos = [];
  const text = await shell.sheet((close, update) => {
    const say = (event) => {
      event.preventDefault();
      const words = new FormData(event.target).get("text").trim();
      if (words) close(words);
    };
    const shoot = async () => {
      const args = await takePhoto(shell, { visit: visit.id, subject: { kind: "handover", id: "defect" }, hash: `#/v/${visit.id}/handover` });
      if (args) photos.push(args.photo);
      update();
    };
    return html`<form class="stack" @submit=${say}><label class="label" for="defect">${t("客户说了什么")}</label><textarea class="input" id="defect" name="text" maxlength="1000" required></textarea>
      <button class="btn line" type="button" @click=${shoot}>${icon("camera")}${photos.length ? t("已拍 %(n)s 张", { n: photos.length }) : t("拍下来")}</button>
      <p class="small quiet">${t("车回到车间返工，修好后重新验车。")}</p><button class="btn main">${t("退回车间")}</button></form>`;
  }, { label: t("客户发现问题") });
  const done = text && (await shell.attempt(() => acts.findDefect({ visit: visit.id, text, ...(photos.length && { photos }) })));
  if (done) shell.go(`#/v/${visit.id}`, { replace: true });
}

/** Settled elsewhere (the store's own till or DMS), then out of the gate. */
export function releaseCard({ visit, view }, shell) {
  if (visit.state === "released") {
    return {
      template: html`<div class="hand-back"><i class="i check" aria-hidden="true"></i><h2 class="title">${t("已交车，一路平安")}</h2><p>${serviceText(view) ?? nothing}</p></div>`,
      foot: html`<button class="btn main" type="button" @click=${() => shell.go("#/")}>${t("回到今天")}</button>`,
    };
  }
  const statements = unsignedRefusals(view);
  const leave = async (event) => {
    event.preventDefault();
    const form = Object.fromEntries([...new FormData(event.target)].map(([name, value]) => [name, value.trim()]));
    if (await shell.attempt(() => release({ visit: visit.id, ...form }))) shell.redraw();
  };
  return {
    template: html`<h2 class="title">${t("结清放行")}</h2>
      ${statements.length ? html`<p class="note">${icon("shield")}<span><b>${t("有安全项客户不做，放行前要签拒修声明")}</b><br>${statements.map((one) => one.text).join("、")}</span></p>` : nothing}
      <form class="card" id="release" @submit=${leave}><div class="field"><label class="label" for="settled">${t("在哪里结的账")}</label>
          <input class="input" id="settled" name="settled_elsewhere" maxlength="300" required autocomplete="off" placeholder=${t("例如：收银台已收讫，单号 0023")}></div>
        <div class="field"><label class="label" for="pass">${t("出门证号（可不填）")}</label><input class="input" id="pass" name="gate_pass" maxlength="40" autocomplete="off"></div></form>`,
    foot: statements.length ? html`<a class="btn main" href=${`#/v/${visit.id}/sign`}>${t("请客户签拒修声明")}</a>`
      : html`<button class="btn main" form="release">${t("放行，车已离店")}</button>`,
  };
}
