// The web API: answers are kept by their ETag, so that what did not change is not sent again.

import { state } from "./state.js";

const ROOT = "/api/v1";
const KEPT = 60;
/** @type {Map<string, {tag: string, data: any}>} */
const kept = new Map();

/** An answer that is no success: `message` is one line for people, `kind` the name of the error. */
export class ApiError extends Error {
  constructor(status, kind, message) {
    super(message);
    this.status = status;
    this.kind = kind;
  }
}

/**
 * What the API answers about the moment that is shown.
 * @param {string} path
 * @param {Record<string, any>} [query]
 * @param {AbortSignal} [signal]
 */
export async function get(path, query = {}, signal) {
  return fetched(address(path, { at: state.at, ...query }), signal);
}

/** The address of something, without the parameters that are empty. */
export function address(path, query = {}) {
  const words = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== "") words.set(name, String(value));
  }
  return ROOT + path + (words.size ? `?${words}` : "");
}

async function fetched(url, signal) {
  const known = kept.get(url);
  const headers = known ? { "If-None-Match": known.tag } : {};
  const answer = await reached(url, { headers, signal, cache: "no-store" });
  if (answer.status === 304 && known) return known.data;
  const data = await body(answer);
  if (!answer.ok) throw refusal(answer, data);
  const tag = answer.headers.get("ETag");
  if (tag) keep(url, { tag, data });
  return data;
}

function keep(url, answer) {
  kept.delete(url);
  kept.set(url, answer);
  if (kept.size > KEPT) kept.delete(/** @type {string} */ (kept.keys().next().value));
}

/** Forget all answers: somebody else is logged in. */
export function forget() {
  kept.clear();
}

async function reached(url, options) {
  try {
    return await fetch(url, options);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError(0, "Unreachable", "cimnet dashboard does not answer; is it still running?");
  }
}

async function body(answer) {
  const isJson = (answer.headers.get("Content-Type") || "").includes("json");
  const text = await answer.text();
  return isJson && text ? JSON.parse(text) : text;
}

function refusal(answer, data) {
  const error = (data && data.error) || {};
  const message = error.message || `the server answered ${answer.status} ${answer.statusText}`.trim();
  return new ApiError(answer.status, error.kind || "Refused", message);
}

/**
 * Ask for a change; the token of the session goes with it, so that no other page can ask in somebody's name.
 * @param {"POST" | "PUT" | "DELETE"} method
 * @param {string} path
 * @param {any} [content]
 */
export async function send(method, path, content) {
  const headers = { "Content-Type": "application/json" };
  if (state.session && state.session.csrf) headers["X-CSRF-Token"] = state.session.csrf;
  const text = content === undefined ? undefined : JSON.stringify(content);
  const answer = await reached(ROOT + path, { method, headers, body: text, cache: "no-store" });
  const data = await body(answer);
  if (!answer.ok) throw refusal(answer, data);
  return data;
}
