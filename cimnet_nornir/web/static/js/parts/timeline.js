// Time: a slider over the requests that changed the network; it takes the whole page to the past and back.

import { get } from "../api.js";
import { debounced, h, throttled } from "../dom.js";
import { time } from "../format.js";
import { icon } from "../icons.js";
import { showMoment } from "../router.js";
import { on, state } from "../state.js";

const POINTS = 200;
/** @type {{position: number, at: string, actor: string, words: string, type: string}[]} */
let points = [];
/** @type {HTMLInputElement} */
let slider;
/** @type {HTMLElement} */
let told;

export function drawTimeline() {
  const place = /** @type {HTMLElement} */ (document.getElementById("timeline"));
  slider = h("input", {
    type: "range",
    id: "moment",
    min: 0,
    max: 0,
    step: 1,
    "aria-label": "Moment that is shown",
    on: { input: () => tell(), change: moveSoon },
  });
  slider.addEventListener("input", moveSoon);
  told = h("output", { for: "moment", class: "told" }, "now");
  place.append(
    button("back", "One request back (,)", () => step(-1)),
    button("forward", "One request forward (.)", () => step(1)),
    slider,
    told,
    button("now", "Back to now (n)", () => showMoment(null)),
  );
  const soon = throttled(() => load().catch(() => {}), 3000);
  on("moment", placeHandle);
  on("events", soon);
  on("session", soon);
  soon();
}

function button(name, label, click) {
  return h("button", { class: "tool", type: "button", "aria-label": label, title: label, on: { click } }, icon(name));
}

async function load() {
  const answer = await get("/moments", { points: POINTS, at: null });
  points = answer.points;
  slider.disabled = points.length < 2;
  slider.max = String(Math.max(1, points.length - 1));
  placeHandle();
}

// A step of the slider is a request with all that it brought: up to the event before the next one. The last is now.
function momentAt(index) {
  return index < points.length - 1 ? points[Math.max(0, index) + 1].position - 1 : null;
}

function indexOf(at) {
  const later = points.findIndex((point) => point.position > at);
  return Math.max(0, (later < 0 ? points.length : later) - 1);
}

function placeHandle() {
  slider.value = state.at === null ? slider.max : String(indexOf(state.at));
  tell();
}

const moveSoon = debounced(() => showMoment(momentAt(Number(slider.value))), 120);

/** Go to the request before or after the moment that is shown. */
export function step(by) {
  if (!points.length) return;
  const from = state.at === null ? points.length - 1 : indexOf(state.at);
  showMoment(momentAt(Math.max(0, from + by)));
}

function tell() {
  const index = Number(slider.value);
  const isPast = index < points.length - 1 || state.at !== null;
  const point = points[index];
  const text = isPast && point ? `${time(point.at)} · ${point.actor}: ${point.words}` : "now";
  told.textContent = text;
  told.title = text;
  slider.setAttribute("aria-valuetext", text);
  slider.style.setProperty("--share", `${(100 * index) / Number(slider.max)}%`);
}
