// Is this phone safe to work on without a network? Each answer says because of what, and what to do (offline.md 3.11).

import { t } from "../lib/words.js";
import { getMetas } from "../store/meta.js";
import { proveRoom } from "../store/photos.js";

/** [{state: done|look|stop, name, text, because}]. Writes 5 MB and takes them away. */
export async function safetyChecks(store) {
  const agent = navigator.userAgent;
  const wechat = /MicroMessenger/i.test(agent);
  const [signing, ...doubts] = await trust(store);
  return [...doubts, await room(store), worker(wechat), await persisted(), installed(), signing, ...(wechat ? [inWechat(agent)] : []), ...(await privateMode())];
}

async function room(store) {
  const full = await proveRoom(store).then(() => false, () => true);
  const name = t("手机空间");
  if (full) return { state: "stop", name, text: t("试写 5 MB 没有成功。请先清理手机空间。"), because: t("手机空间快满了") };
  return { state: "done", name, text: t("试写 5 MB 成功") };
}

async function persisted() {
  const kept = await navigator.storage?.persisted?.().catch(() => false);
  const name = t("数据保护");
  if (kept) return { state: "done", name, text: t("浏览器不会自行清除这里的记录") };
  return { state: "look", name, text: t("空间紧张时浏览器可能清除记录。把应用装到桌面后会受保护。"), because: t("浏览器还没有答应保护数据") };
}

function worker(wechat) {
  const name = t("断网打开");
  if (!("serviceWorker" in navigator)) {
    return { state: "look", name, text: wechat ? t("微信里不能断网打开。请用浏览器打开，或不要关掉这一页。") : t("这个浏览器不能断网打开。请不要关掉这一页。"), because: t("断网后关掉就打不开了") };
  }
  if (!navigator.serviceWorker.controller) return { state: "look", name, text: t("应用还没有存好。连着网再打开一次。"), because: t("应用还没有存到手机") };
  return { state: "done", name, text: t("应用已存到手机，没有网络也能打开") };
}

function installed() {
  const name = t("装到桌面");
  if (matchMedia("(display-mode: standalone)").matches || navigator.standalone) return { state: "done", name, text: t("已从桌面打开") };
  const safari = /iP(hone|ad)/.test(navigator.userAgent);
  const text = safari ? t("Safari 七天不用会清除记录。请点“分享”，再点“添加到主屏幕”，从桌面打开。") : t("请在浏览器菜单里点“添加到主屏幕”，从桌面打开。");
  return { state: "look", name, text, because: t("还没有装到桌面") };
}

/** Does this phone sign, and is the server's ledger as it remembers it? */
export async function trust(store) {
  const { key, key_id, head_fault } = await getMetas(store, ["key", "key_id", "head_fault"]);
  return [signs(key && key_id), ...(head_fault ? [ledger(head_fault)] : [])];
}

function signs(keyId) {
  const name = t("签名");
  if (keyId) return { state: "done", name, text: t("每条记录都由这部手机签名，密钥 %(key)s", { key: keyId }) };
  return { state: "look", name, text: t("这部手机的记录不带签名，服务器照收并注明。退出后重新登录一次，一般就会带上。"), because: t("记录不带这部手机的签名") };
}

/** It never goes away by itself: somebody has to ask why. */
function ledger({ what, index }) {
  if (what === "other_key") return { state: "look", name: t("账本"), because: t("服务器换了签名密钥"), text: t("服务器换了签名密钥。请问服务经理是不是重装过服务器。") };
  return { state: "look", name: t("账本"), because: t("服务器的账本与这部手机记得的不一致"),
    text: t("服务器的账本在第 %(n)s 条与这部手机记得的不一致。手机上的内容都在，请告诉服务经理。", { n: index }) };
}

function inWechat(agent) {
  return { state: "look", name: t("微信"), text: /iP(hone|ad)/.test(agent) ? t("请点右上角，用 Safari 打开。") : t("请点右上角，用浏览器打开，再装到桌面。"), because: t("现在是在微信里打开的") };
}

/** A private window forgets everything when it closes; its quota gives it away. */
async function privateMode() {
  const { quota } = (await navigator.storage?.estimate?.().catch(() => ({}))) ?? {};
  if (!quota || quota > 300_000_000) return [];
  return [{ state: "stop", name: t("无痕窗口"), text: t("关掉窗口记录就没了。请用普通窗口打开。"), because: t("这像是无痕窗口") }];
}
