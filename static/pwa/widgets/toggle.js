// Several of several, where "none" says that there is nothing else.

/** What a tap on one box makes of the chosen ones. */
export function toggled(chosen, value) {
  if (value === "none") return ["none"];
  const others = chosen.filter((one) => one !== "none" && one !== value);
  return chosen.includes(value) ? others : [...others, value];
}
