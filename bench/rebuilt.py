"""Fifty fires: the server is lost between two backups, rebuilt from the last one, and phones come back to it (T12).

The phones are the lane's own modules in Node, as in tests/pwa/rebuild.js.
"""

import json
import subprocess
import sys
from pathlib import Path

from bench.table import show

FIRES = 50
ROOT = Path(__file__).parent.parent
SCRIPT = """
import { fire } from "./tests/pwa/rebuild.js";
import { pictures, startServer } from "./tests/pwa/rig.js";
const [server, [small]] = await Promise.all([startServer(), pictures()]);
for (let seed = 1; seed <= %d; seed++) console.log(JSON.stringify(await fire(server, small, seed)));
await server.stop();
process.exit(0);
"""


def run() -> None:
    told = []
    words = ["node", "--input-type=module", "-e", SCRIPT % FIRES]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as node:
        assert node.stdout
        for line in node.stdout:
            told.append(json.loads(line))
            print(f"\r{len(told)}/{FIRES}", end="", file=sys.stderr)
    acts, photos, signed = (sum(t[name] for t in told) for name in ("acts", "photos", "documents"))
    lost = [what for t in told for what in t["lost"]]
    show(f"Server lost and rebuilt from its backup, {len(told)} times", [
        ("acts, photos said to be saved", f"{acts}, {photos}", "", None),
        ("documents signed by customers", f"{signed}", "", None),
        ("lost", f"{len(lost)} {lost[:3] if lost else ''}", "0", len(told) == FIRES and not lost)])
