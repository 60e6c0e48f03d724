// What the phone decides by itself, against the server's own rules in Python.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { STATES, STEPS, stepFor } from "../../static/pwa/commands/journey.js";
import { totals } from "../../static/pwa/commands/pricing.js";
import { judge } from "../../static/pwa/commands/reduce/conflict.js";
import { severityOf } from "../../static/pwa/commands/severity.js";
import { python } from "./rig.js";

const cases = JSON.parse(readFileSync(new URL("../domain/conflict_cases.json", import.meta.url), "utf8"));

for (const { name, kind, existing, incoming, answer, placard, expect } of cases) {
  test(`two answers: ${name}`, () => assert.deepEqual(judge(kind, existing, incoming, answer, placard), expect));
}

test("control: the table of cases tells right from wrong", () => {
  const stays = (existing) => ({ current: "existing", disputed: Boolean(existing.disputed), verdict: "applied" });
  assert.ok(cases.filter(({ existing, expect }) => JSON.stringify(stays(existing)) !== JSON.stringify(expect)).length > 20);
});

test("the journey has the server's states and steps", async () => {
  const [states, steps] = await python(`import json
from webapp.domain.journey import STATES, STEPS
print(json.dumps([list(STATES), [[s.event, list(s.before), s.after] for s in STEPS]]))`);

  assert.deepEqual(STATES, states);
  assert.deepEqual(STEPS, steps);
  assert.deepEqual([stepFor("arrived", "walkaround.start"), stepFor("ready", "walkaround.start")], ["inspecting", undefined]);
});

test("every number and choice of every list is as severe here as on the server", async () => {
  const [lists, sets] = await python(`import json
from webapp.domain.catalogue import checklists, option_sets
print(json.dumps([checklists(), option_sets()]))`);
  const asked = lists.flatMap(({ items }) => items).flatMap((item) => valuesFor(item, sets).flatMap((values) =>
    [undefined, 220].map((placard) => ({ item, values, placard }))));
  const theirs = await python(`import json, sys
from webapp.domain.answering import Given, weigh
from webapp.domain.catalogue import option_sets
def severity(a):
    values = {k: tuple(v) if isinstance(v, list) else v for k, v in a["values"].items()}
    return weigh(a["item"], Given(**values), a["item"]["applies"][0], option_sets(), a.get("placard")).severity
print(json.dumps([severity(a) for a in json.load(sys.stdin)]))`, asked);

  const ours = asked.map(({ item, values, placard }) => severityOf(item, values, { optionSets: sets, placard }) ?? null);

  assert.deepEqual(ours, theirs);
  assert.ok(asked.length > 1500);
  for (const severity of ["fail", "attention", "ok", "na", null]) assert.ok(theirs.includes(severity), `control: ${severity} occurs`);
});

test("orders are summed as on the server", async () => {
  const random = seeded(5);
  const orders = Array.from({ length: 300 }, () => ({ discount: Math.floor(random() * 30_000), lines: Array.from({ length: 6 }, () => ({
    kind: random() < 0.5 ? "job" : "part", price_fen: Math.floor(random() * 99_999), quantity_milli: Math.floor(random() * 9_999),
    payer: ["customer", "warranty", "insurer", "store"][Math.floor(random() * 4)], removed: random() < 0.2 })) }));
  const theirs = await python(`import json, sys
from types import SimpleNamespace
from webapp.domain.pricing import totals
print(json.dumps([totals([SimpleNamespace(**l) for l in o["lines"]], o["discount"])._asdict() for o in json.load(sys.stdin)]))`, orders);

  assert.deepEqual(orders.map(({ lines, discount }) => totals(lines, discount)), theirs);
});

function valuesFor({ answer: a }, sets) {
  const na = { status: "na", reason: "未装" };
  if (a.type === "status") return ["ok", "attention", "fail"].map((status) => ({ status })).concat(na);
  if (a.type === "text") return [na];
  if (a.type === "choice") {
    const values = sets[a.options].map(({ value }) => value);
    if (!a.multiple) return values.map((choice) => ({ choice })).concat(na);
    const several = values.filter((value) => value !== "none");
    return [...values.map((value) => ({ choices: [value] })), { choices: several.slice(0, 3) }, na];
  }
  const edges = [a.min, a.max, 220, ...["attention_lt", "fail_lt", "attention_gt", "fail_gt"].map((key) => a[key])].filter(Number.isInteger);
  const around = edges.flatMap((n) => [n - 1, n, n + 1]).concat([170, 171, 199, 200, 201, 239, 240, 241, 269, 270, 271]);
  return [...new Set(around)].filter((n) => n >= a.min && n <= a.max).map((number) => ({ number })).concat(na);
}

function seeded(seed) {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
