// A server rebuilt from its backup gets from the phones what the backup does not have; `python -m bench rebuilt` does fifty.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { signIn } from "../../static/pwa/outbox/enrol.js";
import { renumber } from "../../static/pwa/store/acts.js";
import { syncState } from "../../static/pwa/outbox/state.js";
import { getMeta } from "../../static/pwa/store/meta.js";
import { photoState } from "../../static/pwa/store/photos.js";
import * as photo from "../../static/pwa/commands/photo.js";
import { another, aVisit, phoneOf, pictures, startServer } from "./rig.js";
import { fire, returns } from "./rebuild.js";

let server, small;

before(async () => { [server, [small]] = await Promise.all([startServer(), pictures()]); });
after(() => server?.stop());

test("two fires, and nothing that a phone had said to be saved is lost", async () => {
  for (const seed of [1, 2]) {
    const { lost, acts, photos } = await fire(server, small, seed);
    assert.deepEqual(lost, [], `seed ${seed}`);
    assert.ok(acts >= 8 && photos >= 4);
  }
  assert.ok(syncState().restored > 0, "and the phone says that it sent things again");
});

test("phones that send again only what they never had acknowledged would lose acts: the control", async () => {
  const forgetful = async (phone, staff) => {
    if (staff !== "E006") return returns(phone, staff);
    const answer = await fetch(`${server.url}/api/v1/devices`, { method: "POST", headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ store: "YF01", login: staff, password: "clockwise", device_name: "x" }) }).then((reply) => reply.json());
    await renumber(phone.store, answer.device, answer.token, undefined, { everything: false });
    await phone.round();
  };
  const lost = [];
  for (const seed of [1, 2]) lost.push(...(await fire(server, small, seed, forgetful)).lost);

  assert.ok(lost.some((line) => line.endsWith("absent")), "the test bites");
});

test("a photo makes room only when a backup has its bytes, however early its act was backed up", async () => {
  const phone = await phoneOf("E005", server.url);
  const visit = await aVisit(phone);
  const { args } = await photo.add({ visit, bytes: another(small), thumb: small, mime: "image/jpeg", width: 120, height: 120, subject: { kind: "zone", id: "ext_lf" } });
  await server.ask({ back_up: true });
  await phone.round();
  const { change_no, state } = await photoState(phone.store, args.photo);

  assert.equal(state, "confirmed");
  assert.ok(change_no > (await getMeta(phone.store, "watermark")), "the backup came before the bytes");
  await server.ask({ back_up: true });
  await phone.round();
  assert.ok(change_no <= (await getMeta(phone.store, "watermark")));
});

test("a rebuilt server is given back to the people who had it: the same sign-in, the same phone", async () => {
  const phone = await phoneOf("E005", server.url);
  await server.ask({ back_up: true });
  await server.ask({ rebuild: true });

  const device = await getMeta(phone.store, "device");
  await signIn({ store: "YF01", login: "E005", password: "clockwise", deviceName: "x" });

  assert.equal(await getMeta(phone.store, "device"), device);
});
