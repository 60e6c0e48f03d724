import { base32, randomBytes } from "../lib/bytes.js";
import { sha256Hex } from "../lib/canon.js";
import { newId } from "../lib/ids.js";
import { command, here, send } from "./here.js";

/**
 * Makes the customer's link: the token is made here, stays in this phone's own notes and in the QR code; only its hash
 * travels. Resolves with {act, token}.
 */
export async function issueLink({ visit, link = newId(), scope = "view", expires_at }) {
  const token = base32(randomBytes(20));
  const token_sha256 = await sha256Hex(new TextEncoder().encode(token));
  await here().put("meta", token, `link:${link}`);
  const act = await send("status.issue_link", { link, token_sha256, scope, expires_at }, visit);
  return { act, token };
}

/** The token of a link that this phone made, or undefined: another phone made it, and nobody can know it any more. */
export function tokenOf(link) {
  return here().get("meta", `link:${link}`);
}
export const revokeLink = command("status.revoke_link");
