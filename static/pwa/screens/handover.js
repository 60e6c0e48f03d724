// 白毛巾验车: the advisor goes round the car with the customer. Each mark of the arrival is looked at again, things are given
// back, the next service is told, and the customer signs (HO-04 … HO-10).

import { html, nothing } from "lit-html";
import * as acts from "../commands/handover.js";
import { arrivalMarks, settledBy, unsignedRefusals } from "../commands/papers.js";
import { named, t } from "../lib/words.js";
import { icon } from "../widgets/icon.js";
import { plate } from "../widgets/plate.js";
import { vars } from "../widgets/vars.js";
import { defectSheet, releaseCard, startCard } from "./handover_ends.js";
import { compareFoot, markStage, marksList } from "./handover_marks.js";
import { bulkOf, bulkWords, loadRun, runItem } from "./run_items.js";

const OUTSIDE = "exterior";
const THINGS = "interior";

export async function draw(params, shell) {
  const facts = await loadRun(params.visit, "handover", "white_towel_handover");
  if (!facts.visit) return { title: t("白毛巾验车"), template: html`<p class="card empty">${t("这辆车的资料还没有到这部手机。联网后再打开。")}</p>` };
  const { visit, view, list } = facts;
  const page = { title: plate(visit.plate), back: `#/v/${visit.id}` };
  if (visit.state === "ready") return { ...page, ...startCard(facts, acts, shell) };
  if (["settling", "released"].includes(visit.state)) return { ...page, ...releaseCard(facts, shell) };
  if (visit.state !== "handover") return { ...page, template: html`<p class="card empty">${t("维修完成后才能请客户验车。")}</p>`, foot: html`<a class="btn" href=${page.back}>${t("回到这辆车")}</a>` };
  facts.marks = arrivalMarks(view, list).map((mark) => ({ ...mark, check: view.checks.handover?.[mark.mark] }));
  facts.things = view.belongings.filter((thing) => !thing.retracted && thing.kept_in_car);
  const zone = facts.zones.find((one) => one.id === params.zone) ?? facts.zones.find((one) => todo(facts, one)) ?? facts.zones.at(-1);
  const mark = zone.id === OUTSIDE ? (facts.marks.find((one) => one.mark === shell.state.mark) ?? facts.marks.find((one) => !one.check)) : undefined;
  return { ...page, template: template(facts, zone, mark, shell), foot: mark ? compareFoot(facts, mark, shell) : foot(facts, zone, shell) };
}

function template(facts, zone, mark, shell) {
  const { visit, view } = facts;
  const hash = `#/v/${visit.id}/handover/${zone.id}`;
  const statements = unsignedRefusals(view);
  return html`${steps(facts, zone, shell)}
    ${statements.length ? html`<a class="note" href=${`#/v/${visit.id}/sign`}>${icon("shield")}<span><b>${t("有安全项客户不做，放行前要签拒修声明")}</b><br>${statements.map((one) => one.text).join("、")}</span></a>` : nothing}
    ${mark ? markStage(facts, mark, shell) : nothing}
    ${zone.id === OUTSIDE && facts.marks.length ? marksList(facts, mark, shell) : nothing}
    ${zone.id === THINGS && facts.things.length ? thingsCard(facts, shell) : nothing}
    <section><div class="between"><h2 class="section-title">${named(zone)}</h2><span class="small quiet">${zone.own.length - zone.open.length} / ${zone.own.length}</span></div>
      <div class="card rows">${zone.own.map((item) => runItem(facts, item, { acts, photo: "handover", hash }, shell))}</div></section>
    <button class="btn small line" type="button" @click=${() => defectSheet(facts, acts, shell)}>${t("客户发现问题，退回车间")}</button>`;
}

function steps(facts, zone, shell) {
  return html`<nav aria-label=${t("白毛巾验车，五步")}><ol class="steps">${facts.zones.map((one) => html`<li><button type="button" aria-current=${one.id === zone.id ? "step" : nothing}
    @click=${() => shell.go(`#/v/${facts.visit.id}/handover/${one.id}`, { replace: true })} ${vars({ "--p": share(facts, one) })}>${SHORT[one.id]?.() ?? named(one)}</button></li>`)}</ol></nav>`;
}

const SHORT = { meet: () => t("迎接说明"), exterior: () => t("外观"), interior: () => t("内饰"), parts: () => t("旧件证件"), advice: () => t("建议结算") };

function thingsCard({ visit, things }, shell) {
  const give = (thing) => async (event) => {
    const returned = event.target.checked;
    if (await shell.attempt(() => acts.returnBelonging({ visit: visit.id, belonging: thing.id, returned }))) await shell.redraw();
  };
  return html`<section><h2 class="section-title">${t("随车物品，当面点清")}</h2><div class="card rows">${things.map((thing) => html`<label class="switch"><span>${thing.text}
    ${thing.returned ? html`<br><span class="small is-ok">${t("已交还")}</span>` : nothing}</span><input type="checkbox" .checked=${thing.returned === true} @change=${give(thing)}></label>`)}</div></section>`;
}

/** Things of a zone that are still open: items, marks, belongings. */
function todo({ marks, things }, zone) {
  const more = zone.id === OUTSIDE ? marks.filter((mark) => !mark.check).length : zone.id === THINGS ? things.filter((thing) => thing.returned === undefined).length : 0;
  return zone.open.length + more;
}

function share(facts, zone) {
  const extra = zone.id === OUTSIDE ? facts.marks.length : zone.id === THINGS ? facts.things.length : 0;
  const all = zone.own.length + extra;
  return all ? Math.round(((all - todo(facts, zone)) / all) * 100) : 100;
}

function foot(facts, zone, shell) {
  const { visit, zones, view } = facts;
  const items = bulkOf(zone).map((item) => item.id);
  const next = zones.find((one) => one.id !== zone.id && zones.indexOf(one) > zones.indexOf(zone)) ?? zones.find((one) => one.id !== zone.id && todo(facts, one));
  const on = () => (next ? shell.go(`#/v/${visit.id}/handover/${next.id}`, { replace: true }) : shell.redraw());
  if (items.length) {
    const all = async () => {
      if (!(await shell.attempt(() => acts.answerZone({ visit: visit.id, zone: zone.id, status: "ok", items })))) return;
      shell.toast(t("%(n)s 项记为正常", { n: items.length }), { undo: () => shell.attempt(() => acts.clearAnswer({ visit: visit.id, items })).then(() => shell.redraw()) });
      if (zone.open.length === items.length) on();
      else await shell.redraw();
    };
    return html`<button class="btn main" type="button" @click=${all}>${icon("check")}${bulkWords(zone)}</button>`;
  }
  const left = zones.reduce((sum, one) => sum + todo(facts, one), 0);
  if (zone !== zones.at(-1) || left > zone.open.length) {
    return html`<button class="btn main" type="button" @click=${on}>${t("下一步：%(zone)s", { zone: SHORT[next?.id]?.() ?? named(next ?? zone) })}</button>`;
  }
  if (settledBy(view, "handover")) return html`<a class="btn main" href=${`#/v/${visit.id}`}>${t("回到这辆车")}</a>`;
  return html`${left ? html`<span class="small quiet foot-note">${t("还有 %(n)s 项没看，会写成“未查”", { n: left })}</span>` : nothing}
    <button class="btn main" type="button" @click=${() => shell.go(`#/v/${visit.id}/sign`)}>${t("请客户验收签字")}</button>`;
}
