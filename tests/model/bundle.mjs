// The phone of the model in one file, so that a new process starts quickly: `node bundle.mjs OUT [FILE FROM TO]…`. With each
// three a safeguard is taken out of a copy of a module (a control, sabotage.py); the words must be there exactly once.

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const [out, ...rest] = process.argv.slice(2);
const patches = Array.from({ length: rest.length / 3 }, (_, n) => rest.slice(n * 3, n * 3 + 3));
const HERE = fileURLToPath(new URL(".", import.meta.url));
let struck = 0;

const sabotage = {
  name: "sabotage",
  setup({ onLoad }) {
    onLoad({ filter: /\.m?js$/ }, async ({ path }) => {
      const [file, from, to] = patches.find(([end]) => path.endsWith(end)) ?? [];
      if (!file) return undefined;
      const text = await readFile(path, "utf8");
      if (text.split(from).length !== 2) throw new Error(`${file} does not say once: ${from}`);
      struck++;
      return { contents: text.replace(from, () => to), loader: "js" };
    });
  },
};

await build({ entryPoints: [`${HERE}phone.mjs`], bundle: true, platform: "node", format: "esm", outfile: out, logLevel: "error", plugins: [sabotage] });
if (struck !== patches.length) throw new Error(`${struck} of ${patches.length} patches found their module`);
