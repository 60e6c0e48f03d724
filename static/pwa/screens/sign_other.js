// The other ways a document ends: 有异议, 拒签, 不在场, 无法签字, 改签纸质. Each with what it needs: a witness, a photo, or nothing.

import { html, nothing } from "lit-html";
import { refuse } from "../commands/document.js";
import { t } from "../lib/words.js";
import { icon } from "../widgets/icon.js";
import { takePhoto } from "./capture.js";

const WAYS = {
  disputed: { words: () => t("对内容有异议"), hint: () => t("先改单据，改好再过目") },
  absent: { words: () => t("客户不在场"), hint: () => t("先留着，等客户来签或在手机上确认") },
  paper: { words: () => t("改签纸质单据"), hint: () => t("在台前打印，请客户手签") },
  unable: { words: () => t("客户无法签字"), hint: () => t("由见证人见证"), witness: true },
  refused: { words: () => t("客户拒绝签字"), hint: () => t("由见证人见证"), witness: true, danger: true },
};

/** Resolves with the kind when that document has ended this way, "back" when nothing was chosen or it stays open. */
export async function otherWays(view, doc, shell) {
  const { visit } = view;
  const choices = Object.entries(WAYS).map(([value, way]) => ({ value, label: way.words(), hint: hintOf(value, way, doc), danger: way.danger }));
  const reason = await shell.actions(choices, { title: t("不能现在签？") });
  if (!reason) return "back";
  const told = WAYS[reason].witness ? await askWitness(visit, reason, shell) : {};
  if (!told) return "back";
  const done = await shell.attempt(() => refuse({ visit: visit.id, kind: doc.kind, revision: doc.revision, reason, ...told }));
  if (!done) return "back";
  if (reason === "disputed") return settleDispute(visit, doc, shell);
  if (reason === "absent") {
    shell.go(`#/v/${visit.id}`, { replace: true });
    return "back";
  }
  return doc.kind;
}

function hintOf(reason, way, doc) {
  if (reason === "refused" && doc.kind === "work_order") return t("工单拒签，这次来店就取消");
  return way.hint();
}

async function askWitness(visit, reason, shell) {
  const photos = [];
  const named = await shell.sheet((close, update) => {
    const done = (event) => {
      event.preventDefault();
      const witness = new FormData(event.target).get("witness").trim();
      if (witness) close({ witness, ...(photos.length && { photos: [...photos] }) });
    };
    const shoot = async () => {
      const args = await takePhoto(shell, { visit: visit.id, subject: { kind: "other" }, hash: `#/v/${visit.id}/sign` });
      if (args) photos.push(args.photo);
      update();
    };
    return html`<form class="stack sign-witness" @submit=${done}><label class="label" for="witness">${t("见证人姓名")}</label>
      <input class="input" id="witness" name="witness" maxlength="40" required autocomplete="off">
      <p class="small quiet">${t("见证人不能是服务顾问本人。")}</p>
      <button class="btn line" type="button" @click=${shoot}>${icon("camera")}${photos.length ? t("已拍 %(n)s 张", { n: photos.length }) : t("拍下现场")}</button>
      <button class="btn main">${WAYS[reason].words()}</button></form>${nothing}`;
  }, { label: WAYS[reason].words() });
  return named;
}

/** What the customer sees otherwise is put right first; then the new revision is read again. */
async function settleDispute(visit, doc, shell) {
  const where = doc.kind === "work_order" || doc.kind === "refusal_statement" ? "order" : doc.kind === "handover" ? "handover" : "walk";
  const go = await shell.actions([
    { label: { order: t("去改工单"), walk: t("去补环检与损伤"), handover: t("回到验车") }[where], value: where },
    { label: t("客户自己写一句，记在原话里"), value: "belongings" },
  ], { title: t("改哪里？") });
  if (go) shell.go(`#/v/${visit.id}/${go}`);
  return "back";
}
