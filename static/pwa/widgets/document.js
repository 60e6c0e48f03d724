// A document as it is read on the phone: drawn from its block list and nothing else. Words inside are the document's own.

import { html, nothing } from "lit-html";
import { t } from "../lib/words.js";
import { icon } from "./icon.js";
import { photoImage } from "./photo_view.js";

/**
 * The document. facts: {store (for pictures), code, ticks (Set of marks the customer looked at), onTick(mark, seen)};
 * without onTick there is nothing to tick.
 */
export function documentView(blocks, facts) {
  return html`<article class="card doc">${blocks.map((block) => BLOCKS[block.kind]?.(block, facts) ?? nothing)}</article>`;
}

/** Marks that ask for a look, one by one. */
export function marksToTick(blocks) {
  return blocks.filter((block) => block.kind === "marks").flatMap((block) => block.rows.map((row) => row.mark));
}

const BLOCKS = {
  title: (block, { code }) => html`<header class="doc-title"><h2>${block.text}</h2>
    <p class="tiny">${[...block.sub, code && t("校验码 %(code)s", { code })].filter(Boolean).join(" · ")}</p></header>`,
  fields: (block) => html`<dl class="doc-fields">${block.rows.map((row) => html`<dt>${row.label}</dt>
    <dd class=${row.strong ? "strong" : ""}>${row.text}</dd>`)}</dl>`,
  note: (block) => html`<p class="doc-note">${block.text}</p>`,
  rows: (block) => html`<section class="doc-rows"><h3>${block.title}</h3><ul>${block.rows.map(row)}
    ${["fine", "unseen"].map((key) => (block[key] ? summary(key, block[key]) : nothing))}</ul></section>`,
  lines: (block) => html`<section class="doc-lines"><h3>${block.title}</h3><ul>${block.rows.map((line) => html`<li class="is-${line.kind}">
    <span>${line.text}${line.tags.map((tag) => html` <i class="tag">${tag}</i>`)}${line.detail ? html`<small>${line.detail}</small>` : nothing}</span>
    <b>${line.amount}</b></li>`)}</ul></section>`,
  totals: (block) => html`<dl class="doc-totals">${block.rows.map((line) => html`<div class=${line.strong ? "strong" : ""}>
    <dt>${line.label}</dt><dd>${line.text}</dd></div>`)}</dl>`,
  marks: (block, facts) => html`<section class="doc-marks"><h3>${block.title}</h3>
    ${block.empty ? html`<p class="small">${block.empty}</p>` : html`<div class="doc-thumbs">${block.rows.map((mark) => thumb(mark, facts))}</div>`}</section>`,
  photos: (block, { store }) => html`<details class="doc-photos"><summary>${block.title}</summary>
    <div class="doc-thumbs small">${block.photos.map((photo) => photoImage(store, { id: photo.photo }, { alt: photo.text ?? "" }))}</div></details>`,
  terms: (block) => html`<section class="doc-terms"><h3>${block.title}</h3>
    ${block.text.split("\n").map((line) => html`<p class=${line.startsWith("※") ? "weighty" : ""}>${line.replace(/^※ ?/, "")}</p>`)}
    <p class="tiny">${block.version} · ${block.sha256.slice(0, 8)}</p></section>`,
};

function row(line) {
  const bad = ["attention", "fail"].includes(line.status);
  return html`<li class="is-${line.status}"><span>${bad ? icon("look") : nothing}${line.text}</span>${line.answer ? html`<b>${line.answer}</b>` : nothing}
    ${line.note ? html`<small>${line.note}</small>` : nothing}</li>`;
}

function summary(key, { label, items }) {
  return html`<li class="is-${key}"><p><b>${label}</b> ${items.join(" · ")}</p></li>`;
}

function thumb(mark, { store, ticks, onTick }) {
  const words = html`<span><b>${mark.text}</b>${mark.size}${mark.result ? html`<i class="is-${mark.tone}">${mark.result}</i>` : nothing}
    ${mark.note ? html`<small>${mark.note}</small>` : nothing}</span>`;
  const picture = mark.photos.length
    ? photoImage(store, { id: mark.photos[0].photo }, { alt: "" })
    : html`<span class="no-photo" aria-hidden="true">${mark.symbol}</span>`;
  if (!onTick) return html`<div class="doc-thumb">${picture}${words}</div>`;
  return html`<label class="doc-thumb">${picture}<input type="checkbox" data-mark=${mark.mark} .checked=${ticks.has(mark.mark)}
    @change=${(event) => onTick(mark.mark, event.target.checked)}>${words}</label>`;
}
