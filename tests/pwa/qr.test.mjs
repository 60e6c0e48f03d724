import assert from "node:assert/strict";
import { test } from "node:test";
import { pathOf } from "../../static/pwa/widgets/qr.js";

test("dark squares become runs, row by row", () => {
  assert.equal(pathOf([[true, true, false, true], [false, false, false, false]]), "M0 0h2v1h-2zM3 0h1v1h-1z");
});
