// How bad an answer is, by the item's limits and the lists' own marks: fail, attention, ok or na.

const WORST = ["fail", "attention", "ok"];

/** The item of a served checklist and the values of an answer; undefined when nothing says how bad it is. placard: the
 * car's own value, scaled like the number. */
export function severityOf(item, { status, number, choice, choices }, { optionSets = {}, placard } = {}) {
  if (status) return status;
  if (number !== undefined && number !== null) return ofNumber(item.answer, number, placard);
  const chosen = choices ?? (choice === undefined ? [] : [choice]);
  const marks = (optionSets[item.answer.options] ?? []).filter((o) => chosen.includes(o.value)).map((o) => o.severity);
  return WORST.find((s) => marks.includes(s));
}

function ofNumber(limits, number, placard) {
  for (const severity of ["fail", "attention"]) {
    const [low, high, away] = ["lt", "gt", "dev"].map((kind) => limits[`${severity}_${kind}`]);
    if (low !== undefined && number < low) return severity;
    if (high !== undefined && number > high) return severity;
    if (away !== undefined && placard !== undefined && Math.abs(number - placard) > away) return severity;
  }
  const judged = Object.keys(limits).some((key) => /_(lt|gt)$/.test(key) || (/_dev$/.test(key) && placard !== undefined));
  return judged ? "ok" : undefined;
}
