import assert from "node:assert/strict";
import { test } from "node:test";
import { inkMissing, rescaled, toStrokes } from "../../static/pwa/widgets/strokes.js";

const stroke = (points, ms) => Array.from({ length: points }, (_, n) => [n, n, Math.round((n * ms) / (points - 1)), 500]);

test("a name in one stroke counts from 20 points and 300 ms of ink (decision of the house)", () => {
  assert.equal(inkMissing([stroke(20, 300)]), "");
  assert.equal(inkMissing([stroke(19, 900)]), "points");
  assert.equal(inkMissing([stroke(40, 299)]), "time");
  assert.equal(inkMissing([]), "points");
});

test("pauses between strokes are not ink", () => {
  const late = stroke(10, 100).map(([x, y, ms, p]) => [x, y, ms + 5000, p]);

  assert.equal(inkMissing([stroke(10, 100), late]), "time");
});

test("strokes are whole numbers inside the pad", () => {
  const data = [{ points: [{ x: -3.4, y: 12.5, time: 1100, pressure: 0 }, { x: 900.2, y: 10.49, time: 1250.6, pressure: 0.7314 }] }, { points: [] }];

  assert.deepEqual(toStrokes(data, { width: 800, height: 240, openedMs: 1000 }), [[[0, 13, 100, 0], [800, 10, 251, 731]]]);
});

test("ink of many thousand points is thinned, its ends stay", () => {
  const points = Array.from({ length: 10_001 }, (_, n) => ({ x: n % 800, y: 1, time: n, pressure: 0.5 }));
  const [thin] = toStrokes([{ points }], { width: 800, height: 240, openedMs: 0 });

  assert.ok(thin.length <= 4001);
  assert.deepEqual([thin[0][2], thin.at(-1)[2]], [0, 10_000]);
});

test("a turned phone keeps the shape of the name", () => {
  const [{ points }] = rescaled([{ points: [{ x: 0, y: 0 }, { x: 800, y: 240 }] }], { width: 800, height: 240 }, { width: 400, height: 240 });

  assert.deepEqual(points, [{ x: 0, y: 60 }, { x: 400, y: 180 }]);
});
