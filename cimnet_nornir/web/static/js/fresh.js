// Views that stay true: drawn anew when another moment is shown, and when news concern what they show now.

import { ApiError } from "./api.js";
import { h, redraw, throttled } from "./dom.js";
import { emit, on, state } from "./state.js";

const LOOK_AGAIN = 30000;
const TROUBLE = { 401: "Who are you?", 403: "You may not see this", 404: "There is no such thing" };

/** Changes now and then: what says how long ago something was is drawn again. */
export function tick() {
  return Math.floor(Date.now() / LOOK_AGAIN);
}

/**
 * Run `load` now, whenever another moment is shown, and at most once in `every` milliseconds while events arrive that
 * `concerns` picks. What fails is told in `place`. The signal that `load` gets tells that its answer is not wanted any
 * more.
 * @param {{place: Element, signal: AbortSignal, load: (signal: AbortSignal) => Promise<void>, every?: number,
 *   concerns?: (event: any) => boolean}} view
 * @returns {Promise<() => void>} a function that asks for another run
 */
export async function keepFresh({ place, signal, load, every = 1000, concerns = () => true }) {
  const run = oneAtATime(place, signal, load);
  const soon = throttled(() => run(), every, signal);
  on("moment", () => run({ anew: true }), signal);
  on("session", () => run({ anew: true }), signal);
  on(
    "events",
    (events) => {
      if (state.at === null && events.some(concerns)) soon();
    },
    signal,
  );
  on("status", () => state.at === null && soon(), signal);
  on("live", (live) => live === "live" && state.at === null && soon(), signal);
  // Another process may ask the devices, and nobody tells of that.
  const timer = setInterval(() => !document.hidden && state.at === null && soon(), LOOK_AGAIN);
  signal.addEventListener("abort", () => clearInterval(timer));
  await run();
  return soon;
}

// A run that is under way is given up where another moment is wanted; for news it is let finish, and one more follows.
function oneAtATime(place, signal, load) {
  /** @type {AbortController | null} */
  let current = null;
  let again = false;
  const run = async ({ anew = false } = {}) => {
    if (current && !anew) {
      again = true;
      return;
    }
    current?.abort();
    const mine = (current = new AbortController());
    await attempt(place, AbortSignal.any([signal, mine.signal]), load, () => run({ anew: true }));
    if (current !== mine) return;
    current = null;
    if (again && !signal.aborted) {
      again = false;
      await run();
    }
  };
  return run;
}

async function attempt(place, signal, load, again) {
  place.setAttribute("aria-busy", "true");
  try {
    await load(signal);
  } catch (error) {
    if (!signal.aborted) redraw(place, trouble(error, again));
  }
  if (!signal.aborted) place.removeAttribute("aria-busy");
}

/** What went wrong, with a way to try again. */
export function trouble(error, again) {
  if (!(error instanceof ApiError)) console.error(error);
  const message = error instanceof Error ? error.message : String(error);
  return h(
    "div",
    { class: "empty", role: "alert" },
    h("h2", {}, TROUBLE[error.status] ?? "This could not be shown"),
    h("p", {}, message),
    error.status === 401
      ? h("button", { class: "button primary", type: "button", on: { click: () => emit("login") } }, "Log in")
      : h("button", { class: "button", type: "button", on: { click: again } }, "Try again"),
  );
}

/** What stands where nothing is yet, with the command that brings something. */
export function empty(title, text, command) {
  return h(
    "div",
    { class: "empty" },
    h("h2", {}, title),
    h("p", {}, text),
    command && h("pre", {}, h("code", {}, command)),
  );
}

/**
 * Whether new data differs from what was drawn before: a view that is the same is left alone. Where trouble is told
 * in the place, it always does.
 * @param {Element} place
 */
export function changes(place) {
  let before = "";
  return (...data) => {
    const now = JSON.stringify(data);
    const differs = now !== before || place.querySelector("[role=alert]") !== null;
    before = now;
    return differs;
  };
}
