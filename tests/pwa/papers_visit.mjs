// A visit as the phone sees it, full of everything, and a small catalogue: for tests of papers.
export const HASH = "a".repeat(64);
export const id = (n) => `01900000-0000-7000-8000-${String(n).padStart(12, "0")}`;

const status = (iid, zone, zh, more = {}) => ({ id: iid, zone, zh, en: zh, answer: { type: "status" }, applies: ["fuel", "bev", "phev"], safety: false, ...more });

export const walk = {
  id: "walkaround_quick", version: 1, sha256: HASH, zh: "快检",
  zones: [{ id: "driver", order: 1, zh: "驾驶席", en: "Driver" }, { id: "ext_front", order: 2, zh: "车头", en: "Front" }],
  items: [
    { ...status("WA-DR-02", "driver", "里程表读数"), answer: { type: "number", unit: "km", decimals: 0 } },
    { ...status("WA-DR-03", "driver", "燃油表刻度"), answer: { type: "choice", options: "fuel_eighth" } },
    { ...status("WA-DR-04", "driver", "动力电池电量"), answer: { type: "number", unit: "%" }, applies: ["bev"] },
    status("WA-E2-01", "ext_front", "前保险杠"), status("WA-E2-02", "ext_front", "前舱盖"),
    { ...status("WA-E1-04", "ext_front", "花纹深度"), answer: { type: "number", unit: "mm", decimals: 1 } },
  ],
};
export const towel = { id: "white_towel_handover", version: 1, sha256: HASH, zones: [{ id: "meet", order: 1, zh: "迎接", en: "Meet" }], items: [status("WT-ME-01", "meet", "携白毛巾")] };

export const catalogue = {
  store: { id: "YF01", name: "云州云帆", time_zone: "Asia/Shanghai", service_phone: "16400000100", warranty_promise: [{ category: "minor_repair", km: 5000, days: 30 }] },
  option_sets: { fuel_eighth: [{ value: "3_8", zh: "3/8", en: "3/8" }], old_parts: [{ value: "take", zh: "客户带走", en: "Customer takes" }], category: [{ value: "minor_repair", zh: "小修", en: "Minor" }] },
  damage: { kinds: [{ code: "scratch", symbol: "S", zh: "划痕", en: "Scratch" }], sizes: [{ code: "medium", zh: "3–10 cm", en: "3 to 10 cm" }],
    regions: [{ id: "hood", zh: "前舱盖", en: "Bonnet", zone: "ext_front" }, { id: "door_rf", zh: "右前门", en: "Right door", zone: "ext_right" }] },
  labour_operations: [{ code: "L008", text: "前制动片更换", hours_centi: 100, price_fen: 12000, safety: true, repair_category: "minor_repair", default_parts: ["P007"] }],
  parts: [{ code: "P007", text: "前制动片", unit: "set", price_fen: 56000, part_class: "original", stock_milli: 6000 }],
  legal_texts: ["pre_inspection_terms", "work_order_terms", "refusal_statement", "handover_terms"].map((name) => ({ id: name, version: "2026-11", sha256: HASH, text: "条款\n※ 要点" })),
  staff: [{ id: "E005", name: "林顾问", roles: ["advisor"] }],
};

export function aView(changes = {}) {
  const said = (item, values) => ({ current: { item, ...values, current: true }, others: [] });
  return {
    visit: { id: id(1), state: "estimating", plate: "浙Z8K520", vin: "L00VB20C6NA204418", powertrain: "fuel", customer_name: "钱演示", mobile: "16400002002",
      sender: "family", sender_name: "钱二", arrived_at: "2026-11-23T01:30:00.000Z", notice_version: "2026-11-01", revisions: {}, signed: {}, checked_by: "何班长" },
    vehicle: { colour: "灰", model: "山岚 2.0T", service_km: 10000, service_months: 6, marks: [{ id: id(8), region: "door_rf", kind: "scratch", size: "medium", x: 5, y: 6, photos: [] }] },
    runs: { walkaround: { mode: "quick", customer_joined: "yes", template_sha256: HASH }, handover: { person: "钱二", template_sha256: HASH } },
    answers: {
      walkaround: { "WA-DR-02": said("WA-DR-02", { number: 61240 }), "WA-DR-03": said("WA-DR-03", { choice: "3_8" }),
        "WA-E2-01": said("WA-E2-01", { status: "ok", severity: "ok" }), "WA-E1-04": said("WA-E1-04", { number: 15, severity: "fail" }) },
      handover: {}, internal_delivery: {},
    },
    skips: { zone: {}, photo: { vin: { kind: "photo", subject: "vin", reason: "光线太暗" } } },
    checks: { walkaround: { [id(8)]: { now: "same", photos: [] } }, handover: { [id(8)]: { now: "same", photos: [] }, [id(2)]: { now: "not_same", note: "更长了", photos: [id(31)] } } },
    marks: [{ id: id(2), region: "hood", kind: "scratch", size: "medium", x: 100, y: 200, note: "浅", photos: [id(30)], retracted: false },
      { id: id(3), region: "hood", kind: "scratch", size: "medium", x: 1, y: 2, photos: [], retracted: true }],
    photos: [{ id: id(30), sha256: HASH, retracted: false, subject_kind: "mark", subject_id: id(2) }, { id: id(31), sha256: HASH, retracted: false, subject_kind: "handover" }],
    belongings: [{ id: id(4), text: "儿童座椅", kept_in_car: true, returned: true, return_note: "已装回" }],
    concerns: [{ id: id(5), text: "刹车异响", when: "早上", retracted: false }], defects: [],
    order: { ceiling_fen: 200000, discount_fen: 1000, discount_reason: "老客户", old_parts: "take", payment: "wechat", addon_agreement: "online", promised_at: "2026-11-23T06:00:00.000Z" },
    lines: [{ id: id(10), kind: "job", code: "L008", text: "前制动片更换", hours_centi: 100, price_fen: 12000, payer: "customer", safety: true, removed: false },
      { id: id(12), kind: "part", text: "抹布", quantity_milli: 500, price_fen: 333, payer: "store", part_class: "customer_supplied", removed: false },
      { id: id(13), kind: "part", code: "P007", text: "前制动片", quantity_milli: 1000, price_fen: 56000, payer: "customer", part_class: "original", removed: false }],
    declined: [{ id: id(20), text: "轮胎", reason: "下次再做", safety: true, declined_at: "2026-11-23T02:00:00.000Z" }],
    documents: [], refusals: [], links: [], pending: 0, refused: [], ...changes,
  };
}
