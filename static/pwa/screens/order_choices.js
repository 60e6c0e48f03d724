// What the customer wishes: old parts, wash, road test, payment, how extra work is agreed, and a ceiling (RC-16, RC-17). Answers
// of the walk (WA-CF-02 … 04) stand here already; what nobody asked yet stands on the usual, and the customer signs it.

import { html, nothing } from "lit-html";
import { ADDON_WAYS, PAYMENTS } from "../commands/papers.js";
import * as workOrder from "../commands/work_order.js";
import { fen, yuan } from "../lib/money.js";
import { named, t } from "../lib/words.js";
import { openOnce } from "./order_data.js";

const ASKED = { old_parts: "WA-CF-02", wash: "WA-CF-03", road_test: "WA-CF-04" };
const USUAL = { old_parts: "take", wash: "accept", road_test: "agree", payment: "wechat" };

/** What the four choices come to: said on the order, else answered on the walk, else the usual. */
export function effectiveChoices({ view }) {
  const answers = view.answers.walkaround ?? {};
  return Object.fromEntries(Object.entries(USUAL).map(([key, usual]) =>
    [key, view.order?.[key] ?? answers[ASKED[key]]?.current?.choice ?? usual]));
}

export function choicesCard(order, shell) {
  const { view, list } = order;
  const now = effectiveChoices(order);
  const set = (name) => (list.option_sets[name] ?? []).map((one) => [one.value, named(one)]);
  const words = (table) => Object.entries(table).map(([value, say]) => [value, say()]);
  const choose = (key) => async (value) => {
    if (await shell.attempt(() => openOnce(view.visit.id).then(() => workOrder.choose({ visit: view.visit.id, [key]: value })))) await shell.redraw();
  };
  const open = (args) => shell.attempt(() => workOrder.open({ visit: view.visit.id, ...args })).then((done) => done && shell.redraw());
  const ceiling = view.order?.ceiling_fen;
  return html`<section class="card order-ask" aria-label=${t("客户的选择")}>
    ${ask(t("旧件"), "old_parts", set("old_parts"), now.old_parts, choose("old_parts"))}
    ${ask(t("免费洗车"), "wash", set("wash"), now.wash, choose("wash"))}
    ${ask(t("必要时路试"), "road_test", set("consent"), now.road_test, choose("road_test"))}
    ${ask(t("付款方式"), "payment", words(PAYMENTS), now.payment, choose("payment"))}
    ${ask(t("增项怎么征得同意"), "addon", words(ADDON_WAYS), view.order?.addon_agreement ?? "", (value) => open({ addon_agreement: value }))}
    ${view.order?.addon_agreement ? nothing : html`<p class="tiny">${t("没有选时，一律先打电话征得同意，再补签。")}</p>`}
    <div class="between"><span>${t("授权上限")}</span><button class="btn small" type="button" @click=${() => askCeiling(shell, open)}>${ceiling ? yuan(ceiling) : t("没有")}</button></div></section>`;
}

function ask(title, name, options, chosen, onChoose) {
  const few = options.length <= 3 && options.every(([, words]) => words.length <= 5);
  return html`<fieldset class=${few ? "" : "long"}><legend>${title}</legend><div class=${few ? "seg" : "pick"}>${options.map(([value, words]) => html`<label>
    <input type="radio" name=${name} value=${value} .checked=${chosen === value} @change=${() => onChoose(value)}><span>${words}</span></label>`)}</div></fieldset>`;
}

async function askCeiling(shell, open) {
  const given = await shell.sheet((close) => {
    const keep = (event) => {
      event.preventDefault();
      const amount = fen(new FormData(event.target).get("amount"));
      if (amount !== null) close(amount);
    };
    return html`<form class="stack" @submit=${keep}><p class="small quiet">${t("总额不超过这个数的增项，仍会先告诉客户。")}</p>
      <label class="label" for="ceiling">${t("最多多少元")}</label><input class="input" id="ceiling" name="amount" inputmode="decimal" required pattern="[0-9,]{1,9}(\\.[0-9]{1,2})?">
      <button class="btn main">${t("写进工单")}</button></form>`;
  }, { label: t("授权上限") });
  if (given !== undefined) await open({ ceiling_fen: given });
}
