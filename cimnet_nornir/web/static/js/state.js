// What the whole page knows: the moment that is shown, the network, who is logged in, and whether news arrive.

/**
 * `at` is the event number that is shown, null for now. `network` is the answer of /network, `session` that of
 * /session. `live` is "live", "connecting" or "reconnecting".
 */
export const state = {
  /** @type {number | null} */ at: null,
  /** @type {any} */ network: null,
  /** @type {any} */ session: null,
  live: "connecting",
  head: 0,
};

const bus = new EventTarget();

/**
 * Listen to "events" (new ones arrived), "status" (devices were asked how they are), "job", "live", "moment" (another
 * `at`), "network", "session", or "login" (somebody has to log in).
 * @param {string} name
 * @param {(detail: any) => void} listener
 * @param {AbortSignal} [signal]
 */
export function on(name, listener, signal) {
  bus.addEventListener(name, (event) => listener(/** @type {CustomEvent} */ (event).detail), { signal });
}

/** @param {string} name @param {any} [detail] */
export function emit(name, detail) {
  bus.dispatchEvent(new CustomEvent(name, { detail }));
}

/** Whether whoever uses the page may start plans and deployments. */
export function mayChange() {
  return Boolean(state.session && state.session.may === "change") && state.at === null;
}
