import { canonical, sha256Hex } from "../lib/canon.js";
import { newId } from "../lib/ids.js";
import { command, send } from "./here.js";

/**
 * Keeps a signed document: its canonical bytes, the signature record and the act in one transaction. doc is the object
 * that was shown (parsed from its own bytes); signature as protocol.md writes it. Resolves with the act.
 */
export async function sign({ visit, document = newId(), kind, revision, doc, signature }) {
  const bytes = canonical(doc);
  const doc_sha256 = await sha256Hex(bytes);
  const photos = (doc.photos ?? []).map(({ photo }) => photo);
  const evidence = { doc_sha256, document, kind, revision, bytes: bytes.slice().buffer, signature, photos };
  return send("document.sign", { document, kind, revision, doc, doc_sha256, signature }, visit, { evidence });
}
export const refuse = command("document.refuse");
export const voidDocument = command("document.void");
