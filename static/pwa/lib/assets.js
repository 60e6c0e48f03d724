// Addresses of drawings, icons and words by their path under static/pwa. The build writes the table; in Node there is none.

const table = typeof __ASSETS__ === 'undefined' ? {} : __ASSETS__

/** `asset('cars/car-suv.svg')`: the address of a kept file, under its hashed name when built. */
export function asset(name) {
  return table[name] ?? `/static/pwa/${name}`
}
