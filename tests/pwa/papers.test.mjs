import assert from "node:assert/strict";
import { test } from "node:test";
import { buildDoc, nextService, revisionOf, sameContent, seal, settledBy, unsignedRefusals } from "../../static/pwa/commands/papers.js";
import { docToBlocks } from "../../static/pwa/lib/blocks.js";
import { aView, catalogue, id, towel, walk } from "./papers_visit.mjs";

const user = { staff: "E005" };
const sheet = (view, more) => buildDoc("pre_inspection", view, { catalogue, template: walk, user, ...more });
const order = (view, more) => buildDoc("work_order", view, { catalogue, user, ...more });

test("a sheet shows what was seen, and what nobody looked at as 未查", () => {
  const doc = sheet(aView());
  const row = (item) => doc.rows.find((one) => one.item === item);

  assert.deepEqual(doc.rows.map((one) => one.item), ["WA-DR-02", "WA-DR-03", "WA-E2-01", "WA-E2-02", "WA-E1-04"]);
  assert.deepEqual([row("WA-DR-02").answer, row("WA-E1-04").answer, row("WA-E1-04").status], ["61240 km", "1.5 mm", "fail"]);
  assert.deepEqual([row("WA-E2-01").status, row("WA-E2-02").status], ["ok", "unseen"]);
  assert.deepEqual([doc.vehicle.odometer_km, doc.vehicle.energy, doc.customer.mobile], [61240, "3/8", "164****2002"]);
  assert.deepEqual(doc.marks.map((mark) => [mark.mark, mark.known, mark.photos.length]), [[id(2), undefined, 1], [id(8), "same", 0]]);
});

test("parts stand behind the job they belong to, and labour and parts add up apart (WO-08, RC-14)", () => {
  const doc = order(aView());

  assert.deepEqual(doc.lines.map((line) => line.text), ["前制动片更换", "前制动片", "抹布"]);
  assert.deepEqual([doc.totals.labour_fen, doc.totals.parts_fen, doc.totals.discount_fen, doc.totals.total_fen], [12000, 56167, 1000, 67167]);
  assert.deepEqual(doc.totals.payers, [{ payer: "customer", amount_fen: 67000 }, { payer: "store", amount_fen: 167 }]);
  assert.deepEqual(doc.warranty, { km: 5000, days: 30 });
});

test("what is shown is read back from the bytes, and its code comes from their hash", async () => {
  const built = order(aView());
  const { doc, sha256, code } = await seal(built);

  assert.deepEqual(doc, built);
  assert.equal(code.replace(" ", "").toLowerCase(), sha256.slice(0, 8));
});

test("a changed visit is noticed, a second look at the same one is not", () => {
  const view = aView();
  const cheaper = aView({ lines: view.lines.slice(1) });

  assert.equal(sameContent(order(view), order(view)), true);
  assert.equal(sameContent(order(view), order(cheaper)), false);
});

test("a later revision says what differs from the signed one", () => {
  const first = order(aView());
  const later = aView({ visit: { ...aView().visit, revisions: { work_order: 2 }, signed: { work_order: 1 } }, lines: aView().lines.slice(0, 1) });
  const doc = order(later, { previous: first, signedBefore: { id: first.document, revision: 1 } });

  assert.equal(doc.revision, 2);
  assert.ok(doc.differs.lines.some((line) => line.includes("抹布")));
  assert.ok(doc.differs.lines.every((line) => !line.includes("钱演示")));
  assert.equal(docToBlocks(doc)[1].title, "与已签的第 1 版不同之处");
});

test("without the signed one on this phone it says so instead of guessing", () => {
  const doc = order(aView(), { signedBefore: { id: id(99), revision: 1 } });

  assert.equal(doc.differs.lines.length, 1);
});

test("a declined safety item asks for a statement until one signed later names it (G-REFUSE)", () => {
  const view = aView();
  const statement = { id: id(50), kind: "refusal_statement", revision: 1, signed_at: "2026-11-23T03:00:00.000Z" };
  const after = aView({ documents: [statement], visit: { ...view.visit, signed: { refusal_statement: 1 } } });

  assert.deepEqual([unsignedRefusals(view).length, revisionOf(view, "refusal_statement")], [1, 1]);
  assert.deepEqual([unsignedRefusals(after).length, revisionOf(after, "refusal_statement")], [0, 1]);
  const again = { ...after, declined: [...view.declined, { ...view.declined[0], id: id(21), declined_at: "2026-11-23T04:00:00.000Z" }] };
  assert.deepEqual([unsignedRefusals(again).map((one) => one.id), revisionOf(again, "refusal_statement")], [[id(21)], 2]);
});

test("absent and disputed leave a document open, refused and paper close it", () => {
  const refused = (reason) => settledBy(aView({ refusals: [{ kind: "work_order", revision: 1, reason }] }), "work_order");

  assert.deepEqual(["absent", "disputed", "refused", "paper", "unable"].map((reason) => Boolean(refused(reason))), [false, false, true, true, true]);
});

test("the handover sheet tells each mark's comparison and the next service", () => {
  const doc = buildDoc("handover", aView(), { catalogue, template: towel, user });

  assert.deepEqual(doc.marks.map((mark) => [mark.now, mark.photos.length]), [["not_same", 2], ["same", 0]]);
  assert.equal(doc.marks[0].note, "浅；更长了");
  assert.deepEqual(nextService(aView(), new Date(2026, 7, 31)), { km: 71240, on: "2027-02-28" });
  assert.equal(doc.old_parts, "客户带走");
});
