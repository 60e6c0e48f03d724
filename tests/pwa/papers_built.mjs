// Prints one document of each kind as the phone builds it, for the server's schemas to judge.
import { buildDoc } from "../../static/pwa/commands/papers.js";
import { canonical } from "../../static/pwa/lib/canon.js";
import { aView, catalogue, id, towel, walk } from "./papers_visit.mjs";

const user = { staff: "E005" };
const bare = aView({ vehicle: undefined, order: undefined, photos: [], belongings: [], concerns: [], marks: [], checks: {}, lines: aView().lines.slice(0, 1) });
for (const view of [aView(), bare]) {
  for (const [kind, template] of [["pre_inspection", walk], ["work_order"], ["refusal_statement"], ["handover", towel]]) {
    for (const signedBefore of [undefined, { id: id(7), revision: 1 }]) {
      const doc = buildDoc(kind, view, { catalogue, template, user, signedBefore });
      console.log(new TextDecoder().decode(canonical(doc)));
    }
  }
}
