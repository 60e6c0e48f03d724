// Addresses of drawings and words by their path under static/pwa: the build gives all files of a kind one mark.

/** `asset('cars/car-suv.svg')`: the address under which the build has kept it. */
export function asset(name) {
  const [file, kind] = name.split('/').at(-1).split('.')
  return `/static/dist/${file}-${__MARKS__[kind]}.${kind}`
}
