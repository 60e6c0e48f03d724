// The signature inside a seal (CMS SignedData): one signer, over SHA-256 of the signed ranges, and its certificates.

import { same } from './bytes.js'
import { certificate, element, inside, isOid, issued, OID, verifyDer, whole } from './der.js'

const SET = 0x31
const SIGNED_ATTRIBUTES = 0xa0
const UNSIGNED_ATTRIBUTES = 0xa1

/** digest: of the signed ranges. → {intact, valid, roots: certificates that end the chain, plain}. Throws RangeError, TypeError. */
export async function look(der, digest) {
  const signed = open(der)
  const signer = inside(signed.signers)
  if (signer.length !== 1) throw new RangeError('signers')
  const [version, identity, algorithm, attributes, method, signature, ...rest] = inside(signer[0])
  if (attributes?.tag !== SIGNED_ATTRIBUTES || !isOid(inside(algorithm)[0], OID.sha256) || !isOid(inside(method)[0], OID.ecdsaSha256)) {
    throw new RangeError('algorithm')
  }
  const certificates = await Promise.all(inside(signed.certificates).map(({ all }) => certificate(all)))
  const [issuer, serial] = inside(identity)
  const mine = certificates.find((one) => same(one.issuer, issuer.all) && same(one.serial, serial.all))
  if (!mine) throw new RangeError('no certificate of the signer')
  const told = attribute(attributes, OID.digest)
  const asSet = Uint8Array.from(attributes.all)
  asSet[0] = SET // what is signed is the set, not the marked field
  return {
    intact: told?.tag === 4 && same(told.body, digest) && isOid(attribute(attributes, OID.contentType), OID.data),
    valid: signature.tag === 4 && await verifyDer(mine.key, signature.body, asSet),
    signer: mine, certificates, stamped: rest.some(({ tag }) => tag === UNSIGNED_ATTRIBUTES),
    plain: version.body.length === 1 && version.body[0] === 1 && signed.plain,
  }
}

/** The chain from the signer to a root that vouches for itself, or null. Certificates that are not on it have no business here. */
export async function chain({ signer, certificates }, extra) {
  const all = [...certificates, ...extra.filter((one) => !certificates.some((c) => same(c.der, one.der)))]
  const path = [signer]
  while (!(await issued(path.at(-1), path.at(-1)))) {
    const vouchers = []
    for (const one of all) if (!path.includes(one) && await issued(one, path.at(-1))) vouchers.push(one)
    if (vouchers.length !== 1 || path.length > 4) return null
    path.push(vouchers[0])
  }
  return certificates.every((one) => path.includes(one)) ? path : null
}

function open(der) {
  const [kind, content] = inside(whole(der))
  if (!isOid(kind, OID.signedData) || content.tag !== 0xa0) throw new RangeError('kind')
  const [version, digests, wrapped, certificates, signers] = inside(element(content.body))
  if (certificates?.tag !== 0xa0 || signers?.tag !== SET) throw new RangeError('parts')
  const algorithms = inside(digests).map((one) => inside(one)[0])
  const plain = version.body.length === 1 && version.body[0] === 1 && algorithms.length === 1 && isOid(algorithms[0], OID.sha256)
    && inside(wrapped).length === 1 && isOid(inside(wrapped)[0], OID.data)
  return { certificates, signers, plain }
}

function attribute(attributes, oid) {
  const found = inside(attributes).map(inside).filter(([kind]) => isOid(kind, oid))
  return found.length === 1 && inside(found[0][1]).length === 1 ? inside(found[0][1])[0] : null
}
