// A manager ordered this phone to forget its user. It has just tried to hand in what waits; while that gets on it goes on, then it
// tells the server and deletes that person's database. Nobody else's is touched.

import { call } from "../lib/http.js";
import { getMetas } from "../store/meta.js";
import { dropStore } from "../store/open.js";
import { forgetPerson } from "../store/people.js";
import { recount, setState, syncState } from "./state.js";

let before = Infinity;

/** False while what waits can still be handed in; the database goes once nothing waits, or nothing moves any more. */
export async function obeyWipe(store) {
  await recount(store);
  const left = syncState().acts + syncState().photos;
  if (left && left < before) {
    before = left;
    return false;
  }
  const { token } = await getMetas(store, ["token"]);
  await call("POST", "/api/v1/devices/me/wiped", { token, json: { left } });
  await forgetPerson(store.user);
  await dropStore(store);
  before = Infinity;
  setState({ phase: "wiped", acts: 0, photos: 0, synced: false });
  return true;
}
