// The phone of the model in one file, so that a new process starts quickly: `node bundle.mjs OUT [FILE FROM TO]`. With the last
// three one safeguard is taken out of a copy of a module (a control, sabotage.py); the words must be there exactly once.

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const [out, file, from, to] = process.argv.slice(2);
const HERE = fileURLToPath(new URL(".", import.meta.url));
let struck = 0;

const sabotage = {
  name: "sabotage",
  setup({ onLoad }) {
    onLoad({ filter: /static\/pwa\/.*\.js$/ }, async ({ path }) => {
      if (!path.endsWith(file)) return undefined;
      const text = await readFile(path, "utf8");
      if (text.split(from).length !== 2) throw new Error(`${file} does not say once: ${from}`);
      struck++;
      return { contents: text.replace(from, () => to), loader: "js" };
    });
  },
};

await build({ entryPoints: [`${HERE}phone.mjs`], bundle: true, platform: "node", format: "esm", outfile: out, logLevel: "error",
  plugins: file ? [sabotage] : [] });
if (file && !struck) throw new Error(`${file} is not part of the phone`);
