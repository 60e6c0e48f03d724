// The second half of an arrival: who brings which car, and what they agree to. What is known is shown, not asked again.

import { html, nothing } from "lit-html";
import { receive } from "../commands/arrive.js";
import { yuan } from "../lib/money.js";
import { t } from "../lib/words.js";
import { clock } from "../widgets/chip.js";
import { icon } from "../widgets/icon.js";
import { plate, plateKind, plateText, plateWarning } from "../widgets/plate.js";
import { checkVin, tidyVin } from "../widgets/vin.js";

/** The state of the form for a known, booked or new car. */
export function formFor({ vehicle, booking, plate: typed = "", vin = "", unplated = false, powertrain = "fuel" }) {
  return {
    step: "form", vehicle, booking, unplated: unplated || (vehicle && !vehicle.plate), editing: !vehicle, faults: {},
    form: {
      plate: vehicle?.plate ?? typed, vin: vehicle?.vin ?? vin, model: vehicle?.model ?? "", powertrain: vehicle?.powertrain ?? powertrain,
      customer_name: vehicle?.customer_name ?? "", mobile: vehicle?.mobile ?? "", sender: "owner", sender_name: "",
    },
    words: booking?.customer_words ?? "",
    choices: { photos: true, signature: true, marketing: false },
  };
}

export function drawForm(shell, lists) {
  const { state } = shell;
  const notice = lists.legal_texts.find((text) => text.id === "privacy_notice");
  return {
    title: state.form.plate ? plate(state.form.plate) : t("未上牌的车"),
    back: undefined,
    template: state.editing ? html`${fields(shell)}${sender(shell)}${words(shell)}${consents(shell, notice)}`
      : html`${known(shell, lists)}${consents(shell, notice)}${sender(shell)}${words(shell)}`,
    foot: html`<button type="button" class="btn" @click=${() => again(shell)}>${t("换车牌")}</button>
      <button type="button" class="btn main" @click=${() => take(shell, lists, notice)}><span>${t("客户已同意，")}<span class="nowrap">${t("接 %(car)s", { car: state.form.plate ? plateText(state.form.plate) : t("这辆车") })}</span></span></button>`,
  };
}

function known(shell, lists) {
  const { vehicle, booking } = shell.state;
  const unsafe = (vehicle.declined ?? []).filter((item) => item.safety);
  return html`<section class="card pad stack"><div class="between"><p><b>${vehicle.customer_name}</b> <span class="quiet">${[vehicle.model, vehicle.colour].filter(Boolean).join(" · ")}</span></p>
      <button type="button" class="btn small line" @click=${() => edit(shell)}>${t("资料有变")}</button></div>
    <dl class="facts"><dt>${t("手机")}</dt><dd>${vehicle.mobile}</dd>
      ${vehicle.odometer_km ? html`<dt>${t("上次")}</dt><dd>${[vehicle.last_visit_on, vehicle.vin && t("车架号尾 %(tail)s", { tail: vehicle.vin.slice(-6) }), `${vehicle.odometer_km.toLocaleString("en-US")} km`].filter(Boolean).join(" · ")}</dd>` : nothing}
      ${booking ? html`<dt>${t("预约")}</dt><dd>${clock(booking.slot_start_at)} ${bookedText(booking, lists)}</dd>` : nothing}
      ${vehicle.wishes ? html`<dt>${t("习惯")}</dt><dd>${vehicle.wishes}</dd>` : nothing}</dl>
    ${unsafe.length ? html`<p class="note">${icon("shield")}<span>${t("上次未做安全项：")}<b>${unsafe.map((item) => item.text).join("、")}</b></span></p>` : nothing}
    ${vehicle.open_recall ? html`<p class="note">${icon("look")}<span>${t("有未完成的召回：")}<b>${vehicle.open_recall}</b></span></p>` : nothing}</section>`;
}

/** What is booked and what it comes to at the catalogue's prices. */
function bookedText(booking, { labour_operations, parts }) {
  const jobs = (booking.jobs ?? []).map((code) => labour_operations.find((job) => job.code === code)).filter(Boolean);
  const goods = (booking.parts ?? []).map((line) => (parts.find((part) => part.code === line.part)?.price_fen ?? 0) * line.quantity_milli / 1000);
  const total = jobs.reduce((sum, job) => sum + job.price_fen, 0) + goods.reduce((sum, fen) => sum + fen, 0);
  return [jobs.map((job) => job.text).join("、"), total && t("约 %(sum)s", { sum: yuan(Math.round(total)) })].filter(Boolean).join(" · ");
}

function fields(shell) {
  const { state } = shell;
  const { form } = state;
  const warning = plateWarning(form.plate, form.powertrain);
  return html`<section class="card rows">
    ${state.unplated ? field(shell, "plate", t("临时号牌（没有就空着）"), { maxlength: 12, capitals: true }) : nothing}
    ${field(shell, "customer_name", t("客户姓名或单位"), { maxlength: 60, complete: "name" })}
    ${field(shell, "mobile", t("手机"), { type: "tel", maxlength: 20 })}
    ${field(shell, "model", t("车型（可不填）"), { maxlength: 60 })}
    ${field(shell, "vin", state.unplated ? t("车架号（未上牌必填）") : t("车架号（可不填）"), { maxlength: 20, capitals: true, look: "vin", hint: vinHint(form.vin) })}
    <fieldset class="field"><legend class="label">${t("动力")}</legend>${seg(shell, "powertrain", [["fuel", t("燃油")], ["bev", t("纯电")], ["phev", t("插混")]])}
      ${warning ? html`<p class="small is-look">${warning}</p>` : nothing}</fieldset></section>`;
}

function field(shell, name, label, { type = "text", maxlength, capitals, look = "", complete = "off", hint = "" } = {}) {
  const { form, faults } = shell.state;
  const type_ = (event) => {
    form[name] = capitals ? event.target.value.toUpperCase() : event.target.value;
    if (faults[name] || name === "vin") {
      delete faults[name];
      shell.redraw();
    }
  };
  return html`<label class="field"><span class="label">${label}</span><input id="f-${name}" class=${look} type=${type} maxlength=${maxlength} autocomplete=${complete}
      autocapitalize=${capitals ? "characters" : "off"} .value=${form[name] ?? ""} aria-invalid=${faults[name] ? "true" : "false"} aria-describedby="x-${name}" @input=${type_}>
    <span id="x-${name}">${faults[name] ? html`<span class="fault" role="alert">${faults[name]}</span>` : hint ? html`<span class="hint">${hint}</span>` : nothing}</span></label>`;
}

function vinHint(vin) {
  const tidy = tidyVin(vin);
  if (!tidy) return "";
  if (tidy.length < 17) return t("还差 %(n)s 位", { n: 17 - tidy.length });
  const { ok, text, warning } = checkVin(tidy);
  return ok ? (warning ?? t("校验位相符")) : text;
}

function sender(shell) {
  const { form } = shell.state;
  return html`<section class="card rows"><fieldset class="field"><legend class="label">${t("谁送来的")}</legend>
      ${seg(shell, "sender", [["owner", t("车主")], ["family", t("家人")], ["driver", t("司机")], ["company", t("单位")], ["other", t("其他")]])}</fieldset>
    ${form.sender === "owner" ? nothing : field(shell, "sender_name", t("送修人姓名"), { maxlength: 40 })}</section>`;
}

function seg(shell, name, choices) {
  const { form } = shell.state;
  const pick = (value) => {
    form[name] = value;
    shell.redraw();
  };
  return html`<span class="pick">${choices.map(([value, label]) => html`<label><input type="radio" name=${name} value=${value} .checked=${form[name] === value} @change=${() => pick(value)}><span>${label}</span></label>`)}</span>`;
}

function words(shell) {
  const { state } = shell;
  return html`<label class="card field"><span class="label">${t("客户怎么说（照原话）")}</span>
    <textarea maxlength="1000" rows="2" .value=${state.words} placeholder=${t("例：六万公里保养，左前有异响")} @input=${(event) => { state.words = event.target.value; }}></textarea></label>`;
}

/** Three separate choices, as the law asks; told to the customer's face and set by their answer. */
function consents(shell, notice) {
  const { choices } = shell.state;
  const turn = (name) => (event) => { choices[name] = event.target.checked; };
  const row = (name, label, hint) => html`<label class="switch"><span>${label}<br><span class="tiny">${hint}</span></span>
    <input type="checkbox" role="switch" .checked=${choices[name]} @change=${turn(name)}></label>`;
  return html`<section aria-labelledby="h-consent"><h2 id="h-consent" class="section-title">${t("请念给客户听，按其回答选")}</h2>
    <div class="card consent"><details><summary class="row small"><span class="grow">${t("个人信息处理告知（%(version)s）", { version: notice?.version ?? "" })}</span>${icon("next")}</summary>
        <p class="legal row">${notice?.text}</p></details>
      ${row("photos", t("同意拍车辆照片"), t("不同意：不拍，记为客户不同意"))}
      ${row("signature", t("同意在手机上签字"), t("不同意：改签纸质单据"))}
      ${row("marketing", t("愿意收到保养提醒和活动消息"), t("随时可以退订"))}</div></section>`;
}

function edit(shell) {
  shell.state.editing = true;
  return shell.redraw();
}

function again(shell) {
  Object.assign(shell.state, { step: "plate", text: shell.state.form.plate || (shell.state.home ?? ""), provinces: false });
  return shell.redraw();
}

/** Opens the visit. What is missing is said at its field; nothing typed is lost. */
async function take(shell, lists, notice) {
  const { state } = shell;
  if (state.taking) return;
  tidy(state);
  state.faults = faultsOf(state);
  const [wrong] = Object.keys(state.faults);
  if (wrong) {
    state.editing ||= wrong !== "sender_name";
    await shell.redraw();
    document.getElementById(`f-${wrong}`)?.focus();
    return;
  }
  state.taking = true;
  navigator.storage?.persist?.().catch(() => {});
  const { form, vehicle: car, booking, words: said, choices } = state;
  const mode = booking ? "booked" : "walk_in";
  const visit = await shell.attempt(() => receive({ car, booking, lists, form, words: said.trim(), mode, choices, notice_version: notice.version }));
  state.taking = false;
  if (visit) shell.go(`#/v/${visit}/walk`, { replace: true });
}

function tidy({ form }) {
  form.plate = form.plate.replace(/[\s·]/g, "");
  form.vin = tidyVin(form.vin);
  form.mobile = form.mobile.replace(/[\s-]/g, "").replace(/^\+?86(?=1\d{10}$)/, "");
  for (const name of ["customer_name", "model", "sender_name"]) form[name] = form[name].trim();
}

function faultsOf({ form, unplated }) {
  const faults = {};
  if (!unplated && !plateKind(form.plate)) faults.plate = t("这不是完整的车牌");
  if (!form.plate && !form.vin) faults.vin = t("未上牌的车请填写车架号");
  else if (form.vin && !checkVin(form.vin).ok) faults.vin = checkVin(form.vin).text;
  if (!form.customer_name || /^\d+$/.test(form.customer_name)) faults.customer_name = t("请填客户姓名或单位名称");
  if (!/^(1\d{10}|0\d{9,11}|[48]00\d{7})$/.test(form.mobile.replaceAll("-", ""))) faults.mobile = t("请填 11 位手机号，或带区号的座机");
  if (form.sender === "other" && !form.sender_name) faults.sender_name = t("请填送修人姓名");
  return faults;
}
