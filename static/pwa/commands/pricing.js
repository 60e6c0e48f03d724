// What an order comes to. The twin of webapp/domain/pricing.py: pure sums in fen, tax included.

import { timesMilli } from "../lib/money.js";

/** Sums the lines that stand. discount_fen is what really comes off: never more than the customer's own share. */
export function totals(lines, discountFen = 0) {
  const sum = { labour_fen: 0, parts_fen: 0, discount_fen: 0, total_fen: 0, by_payer: {} };
  for (const line of lines) {
    if (line.removed) continue;
    const amount = lineFen(line);
    sum[line.kind === "job" ? "labour_fen" : "parts_fen"] += amount;
    sum.by_payer[line.payer] = (sum.by_payer[line.payer] ?? 0) + amount;
  }
  sum.discount_fen = Math.min(discountFen, sum.by_payer.customer ?? 0);
  if (sum.discount_fen) sum.by_payer.customer -= sum.discount_fen;
  sum.total_fen = sum.labour_fen + sum.parts_fen - sum.discount_fen;
  return sum;
}

/** A job's price is of the line; a part's is of one unit. */
export function lineFen(line) {
  return line.kind === "job" ? line.price_fen : timesMilli(line.price_fen, line.quantity_milli ?? 0);
}
