// One event: its envelope, what it holds, and the chain of causes it stands in.

import { get } from "../api.js";
import { h, redraw } from "../dom.js";
import { count, short, time } from "../format.js";
import { changes, keepFresh } from "../fresh.js";
import { icon } from "../icons.js";
import { diagram } from "../parts/diagram.js";
import { facts } from "../parts/facts.js";
import { title } from "../parts/frame.js";
import { href, showMoment } from "../router.js";
import { toneOf } from "./event_list.js";

const MOST_SHOWN = 8;

/** @param {HTMLElement} root @param {import("../router.js").Route} route @param {AbortSignal} signal */
export async function show(root, route, signal) {
  const [id] = route.words;
  title(`Event ${short(id)}`);
  const place = h("div", {});
  root.append(
    h("h1", { class: "unseen" }, `Event ${short(id)}`),
    h("p", { class: "crumbs" }, h("a", { href: href("/events") }, icon("back"), "Events")),
    place,
  );
  await showEvent(place, id, signal);
}

/** @param {HTMLElement} place @param {string} id @param {AbortSignal} signal */
export async function showEvent(place, id, signal) {
  const path = `/events/${encodeURIComponent(id)}`;
  const chart = diagram("Chain of causes as a diagram", `${path}/mermaid`, signal);
  const differs = changes(place);
  await keepFresh({
    place,
    signal,
    every: 3000,
    load: async (still) => {
      const [event, trace] = await Promise.all([get(path, {}, still), get(`${path}/trace`, {}, still)]);
      if (differs(event, trace)) redraw(place, aboutEvent(event), chain(event, trace), chart.element);
    },
  });
}

function aboutEvent(event) {
  const words = event.words || event.type;
  return h(
    "section",
    { class: "panel event-page", "aria-label": "Event" },
    h("h2", { class: toneOf(event.type) }, words),
    event.reason && h("p", { class: "why" }, event.reason),
    facts([
      ["When", time(event.recorded_at)],
      ["Who", event.actor],
      ["Type", h("code", {}, event.type)],
      ["Number", event.position],
      ["About", h("code", {}, event.aggregate_id)],
      ["Id", h("code", {}, event.event_id)],
      [
        "Chain",
        h(
          "a",
          { href: href(`/events?correlation=${event.correlation_id}`), data: { key: "chain-link" } },
          h("code", {}, short(event.correlation_id)),
        ),
      ],
    ]),
    h(
      "details",
      { data: { key: "content" } },
      h("summary", {}, "What it holds"),
      h(
        "pre",
        { class: "code", tabindex: "0", "aria-label": "What the event holds", data: { key: "content-text" } },
        JSON.stringify(event.data, null, 2),
      ),
    ),
    h(
      "div",
      { class: "actions start" },
      h(
        "button",
        {
          class: "button small",
          type: "button",
          data: { key: "as-of" },
          on: { click: () => showMoment(event.position) },
        },
        icon("clock"),
        "The network as of this event",
      ),
    ),
  );
}

function chain(event, trace) {
  const bound = [
    ["Carried to devices by", trace.carried_by.map((each) => each.result || each.push)],
    ["Brought to devices", trace.carries],
    ["Takes back", trace.undoes],
    ["Taken back by", trace.undone_by],
  ];
  return h(
    "section",
    { class: "panel", "aria-label": "Chain of causes" },
    h("h2", {}, "Chain of causes"),
    h("ul", { class: "tree" }, node(trace.chain, event.event_id)),
    bound
      .filter(([, events]) => events.length)
      .map(([name, events]) => [
        h("h3", {}, name),
        h(
          "ul",
          { class: "tree flat" },
          folded(events, (each) => h("li", {}, link(each, event.event_id)), name),
        ),
      ]),
  );
}

function node(found, focus) {
  return h(
    "li",
    {},
    link(found, focus),
    found.caused.length > 0 &&
      h(
        "ul",
        {},
        folded(
          found.caused,
          (child) => node(child, focus),
          found.event_id,
          (child) => holds(child, focus),
        ),
      ),
  );
}

function holds(found, focus) {
  return found.event_id === focus || found.caused.some((child) => holds(child, focus));
}

// A request may have caused hundreds: the first ones are shown, and those on the way to the event that is asked about.
function folded(all, draw, key, must = () => false) {
  if (all.length <= MOST_SHOWN + 2) return all.map(draw);
  const shown = all.filter((each, index) => index < MOST_SHOWN || must(each));
  const rest = all.filter((each) => !shown.includes(each));
  return [
    shown.map(draw),
    h(
      "li",
      {},
      h(
        "details",
        { data: { key: `rest-${key}` } },
        h("summary", {}, `${count(rest.length, "more")}`.replace("mores", "more")),
        h("ul", { class: "rest" }, rest.map(draw)),
      ),
    ),
  ];
}

function link(found, focus) {
  const text = found.words || found.type;
  const about = [
    found.subject,
    found.type === "ChangeRequested" ? `${found.actor}, ${time(found.recorded_at).slice(0, 16)}` : "",
  ]
    .filter(Boolean)
    .join(" · ");
  const content = [h("span", { class: "words" }, text), h("span", { class: "muted" }, about)];
  if (found.event_id === focus)
    return h("span", { class: ["tree-event", "current", toneOf(found.type)], "aria-current": "true" }, content);
  return h(
    "a",
    {
      class: ["tree-event", toneOf(found.type)],
      href: href(`/event/${found.position}`),
      data: { key: `node-${found.event_id}` },
    },
    content,
  );
}
