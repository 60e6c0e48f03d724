// Money is whole fen, tax included. The twin is webapp/foundation/money.py.

/** Price of a quantity in thousandths; half a fen goes up. */
export function timesMilli(unitFen, milli) {
  return Number((BigInt(unitFen) * BigInt(milli) + 500n) / 1000n);
}

/** `¥1,234.50`; whole yuan lose the zeros: `¥300`. */
export function yuan(fen) {
  const whole = Math.floor(Math.abs(fen) / 100).toString().replace(/\B(?=(\d{3})+$)/g, ",");
  const part = Math.abs(fen) % 100;
  return `${fen < 0 ? "-" : ""}¥${whole}${part ? `.${String(part).padStart(2, "0")}` : ""}`;
}

/** Yuan as people type them in fen, or null when it is no amount. */
export function fen(text) {
  const match = /^(\d{1,8})(?:\.(\d{1,2}))?$/.exec(String(text).trim().replaceAll(",", ""));
  return match ? Number(match[1]) * 100 + Number((match[2] ?? "").padEnd(2, "0")) : null;
}
