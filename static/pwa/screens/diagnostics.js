// What a helper on the telephone asks for: numbers and the last entries of the phone's diary. No customer's data.

import { html, nothing } from "lit-html";
import { here } from "../commands/here.js";
import { APP } from "../lib/version.js";
import { offsetMs } from "../lib/clock.js";
import { t } from "../lib/words.js";
import { diary } from "../store/log.js";
import { getMetas } from "../store/meta.js";
import { holding } from "../widgets/drawing.js";

const LAST = 20;

/** A folded section; the text is read only when somebody opens it. */
export function diagnostics(shell) {
  const open = (event) => {
    shell.state.diagnosed = event.target.open;
    shell.redraw();
  };
  return html`<details class="card waiting" ?open=${shell.state.diagnosed} @toggle=${(event) => event.target.open !== Boolean(shell.state.diagnosed) && open(event)}>
    <summary class="row"><span class="grow">${t("诊断信息")}</span><span class="small quiet">${APP}</span></summary>
    ${shell.state.diagnosed ? html`<div class="pad stack"><pre class="raw" ${holding(report())}></pre>
      <button type="button" class="btn small line" @click=${(event) => copy(event.target.previousElementSibling.textContent, shell)}>${t("复制")}</button></div>` : nothing}</details>`;
}

async function report() {
  const store = here();
  const [metas, log] = await Promise.all([getMetas(store, ["device", "next_seq", "acked_seq", "epoch", "cursor", "pulled", "last_at", "restored_acts", "key_id", "root_sha256"]), diary(store)]);
  const { heads = [], head_fault } = await getMetas(store, ["heads", "head_fault"]);
  const { usage, quota } = (await navigator.storage?.estimate?.()) ?? {};
  const facts = { app: APP, database: store.name, ...metas, heads: heads.slice(-3).map(({ index, hash }) => `${index}:${hash.slice(0, 8)}`), head_fault: head_fault && JSON.stringify(head_fault), clock_offset_ms: offsetMs(), usage, quota, agent: navigator.userAgent };
  const entries = log.slice(-LAST).map(({ at, what, ...rest }) => `${new Date(at).toISOString()} ${what} ${Object.keys(rest).length ? JSON.stringify(rest) : ""}`);
  return [...Object.entries(facts).map(([key, value]) => `${key}: ${value ?? ""}`), "", ...entries].join("\n");
}

async function copy(text, shell) {
  const done = await navigator.clipboard?.writeText(text).then(() => true, () => false);
  shell.toast(done ? t("已复制") : t("复制不了，请截屏"));
}
