import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { amount, decimal, docToBlocks, plateShown } from "../../static/pwa/lib/blocks.js";

const golden = JSON.parse(readFileSync(new URL("../domain/golden/documents.json", import.meta.url), "utf8"));

for (const { name, doc, blocks } of golden) {
  test(`${name} is drawn as it always was`, () => assert.deepEqual(docToBlocks(doc), blocks));
}

test("sums line up and numbers have no more digits than they need", () => {
  assert.deepEqual([0, 5, 141900, 123456789].map(amount), ["0.00", "0.05", "1,419.00", "1,234,567.89"]);
  assert.deepEqual([[150, 2], [100, 2], [5, 2], [1000, 3], [500, 3]].map(([n, p]) => decimal(n, p)), ["1.5", "1", "0.05", "1", "0.5"]);
  assert.deepEqual(["浙Z8K520", "浙ZDA0571", "123456使", ""].map(plateShown), ["浙Z·8K520", "浙Z·DA0571", "123456使", ""]);
});
