// 车架号 VIN: shape, check digit, placeholders. The twin of webapp/domain/vin.py.

const VALUES = { A: 1, B: 2, C: 3, D: 4, E: 5, F: 6, G: 7, H: 8, J: 1, K: 2, L: 3, M: 4, N: 5, P: 7, R: 9, S: 2, T: 3, U: 4, V: 5,
  W: 6, X: 7, Y: 8, Z: 9 };
const WEIGHTS = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];

/** As stored: upper case, without blanks and hyphens. */
export function readVin(written) {
  return written.replace(/[\s-]/g, "").toUpperCase();
}

/** shape, placeholder, check_digit, year, serial, or null when nothing is wrong. */
export function vinProblem(vin) {
  if (!/^[A-HJ-NPR-Z0-9]{17}$/.test(vin)) return "shape";
  if (new Set(vin).size === 1) return "placeholder";
  if (checkDigit(vin) !== vin[8]) return "check_digit";
  if ("UZ0".includes(vin[9])) return "year";
  return /^[0-9]{4}$/.test(vin.slice(13)) ? null : "serial";
}

/** Whether the problem stops saving: a wrong check digit only for cars built in China; the rest is a warning. */
export function vinBlocks(vin, problem) {
  return problem === "shape" || problem === "placeholder" || (problem === "check_digit" && vin.startsWith("L"));
}

/** What position 9 must be, from the other sixteen. */
export function checkDigit(vin) {
  const rest = [...vin].reduce((sum, c, n) => sum + (VALUES[c] ?? Number(c)) * WEIGHTS[n], 0) % 11;
  return rest === 10 ? "X" : String(rest);
}
