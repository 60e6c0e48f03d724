import assert from "node:assert/strict";
import { test } from "node:test";
import { pathOf } from "../../static/pwa/widgets/qr.js";

test("dark squares become runs, row by row", () => {
  const rows = ["## #", "    ", "    ", "    "];
  assert.equal(pathOf({ size: 4, get: (x, y) => rows[y]?.[x] === "#" }), "M4 4h2v1h-2zM7 4h1v1h-1z");
});
