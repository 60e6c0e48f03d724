// The only door to the network. What is not ours (a captive portal's page, a redirect, a proxy's error) is no network.

import { learn } from "./clock.js";
import { locale } from "./words.js";

let base = "";

/** Nothing of ours was at the other end; nothing may be taken as done. */
export class NoNetwork extends Error {
  constructor(why) {
    super(why);
    this.name = "NoNetwork";
  }
}

/** Our server answered, and said no. */
export class ApiError extends Error {
  constructor(status, error, retryAfter) {
    super(error.text || error.code);
    Object.assign(this, { name: "ApiError", status, code: error.code, text: error.text, facts: error.facts ?? {}, retryAfter });
  }
}

/** Where the server is; "" (the page's own) unless a test says otherwise. */
export function setBase(url) {
  base = url;
}

/**
 * Calls the server and returns its answer. Throws NoNetwork, or ApiError {status, code, text, facts, retryAfter}.
 * json: body as an object; body: bytes as they are; timeout in milliseconds.
 */
export async function call(method, path, { token, json, body, headers = {}, signal, timeout = 30_000 } = {}) {
  const sentAt = Date.now();
  const response = await reach(method, path, { token, body: json ? JSON.stringify(json) : body, signal, timeout,
    headers: json ? { ...headers, "Content-Type": "application/json" } : headers });
  const answer = ours(response);
  if (answer.server_time) learn(answer.server_time, sentAt, Date.now());
  if (response.ok) return answer;
  throw refusal(response, answer);
}

/** The bytes of a picture. Throws NoNetwork, or ApiError. */
export async function fetchBytes(path, { token, signal, timeout = 60_000 } = {}) {
  const response = await reach("GET", path, { token, signal, timeout, headers: {} });
  if (response.ok && response.type.startsWith("image/")) return { bytes: response.bytes, mime: response.type };
  throw refusal(response, ours(response));
}

/** A file of the app itself, as text (words, a drawing); asked for as the page's preload does. Throws what fetch throws. */
export async function fetchText(path) {
  const response = await fetch(path, { redirect: "error" });
  if (!response.ok) throw new NoNetwork(`HTTP ${response.status}`);
  return response.text();
}

/** One exchange, the whole body read: an answer that breaks off half way is no answer. */
async function reach(method, path, { token, body, headers, signal, timeout }) {
  const stop = new AbortController();
  const abort = () => stop.abort();
  const timer = setTimeout(abort, timeout);
  signal?.addEventListener("abort", abort, { once: true });
  try {
    const response = await fetch(base + path, {
      method, body, cache: "no-store", redirect: "error", credentials: "omit", signal: stop.signal,
      headers: { Accept: "application/json", "Accept-Language": locale(), ...headers, ...(token && { Authorization: `Bearer ${token}` }) },
    });
    return { ok: response.ok, status: response.status, type: response.headers.get("content-type") ?? "",
      retryAfter: Number(response.headers.get("retry-after")) || undefined, bytes: await response.arrayBuffer() };
  } catch (why) {
    throw new NoNetwork(String(why?.message ?? why));
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}

function ours(response) {
  if (!response.type.startsWith("application/json")) throw new NoNetwork("not JSON");
  const answer = parse(response);
  if (answer?.sync !== "ok") throw new NoNetwork("not our server");
  return answer;
}

function parse(response) {
  try {
    return JSON.parse(new TextDecoder().decode(response.bytes));
  } catch (why) {
    throw new NoNetwork(String(why?.message ?? why));
  }
}

function refusal(response, answer) {
  return new ApiError(response.status, answer.error ?? { code: `http.${response.status}` }, response.retryAfter);
}
