// Reads documents, one JSON per line, and prints the SHA-256 of each one's blocks: the phone's half of the comparison.
import { readFileSync } from "node:fs";
import { docToBlocks } from "../../static/pwa/lib/blocks.js";
import { digest } from "../../static/pwa/lib/canon.js";

for (const line of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  console.log(await digest(docToBlocks(JSON.parse(line))));
}
