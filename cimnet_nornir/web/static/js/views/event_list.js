// Events, the newest first, with filters; new ones come in at the top.

import { get } from "../api.js";
import { debounced, h, redraw } from "../dom.js";
import { shortTime, time } from "../format.js";
import { changes, empty, keepFresh } from "../fresh.js";
import { href, setQuery } from "../router.js";

const PAGE = 100;

/**
 * @param {HTMLElement} root
 * @param {{device?: string, query?: URLSearchParams, pick?: (event: any) => void}} options
 * @param {AbortSignal} signal
 */
export async function showEvents(root, options, signal) {
  const place = h("div", {});
  const view = { filter: filterOf(options), events: [], next: null, seen: 0, older: false };
  const refresh = { now: () => {} };
  const types = h("select", { "aria-label": "Type" });
  root.append(
    filters(view, options, types, () => refresh.now()),
    place,
  );
  const differs = changes(place);
  const draw = () => drawList(place, view, options, more);
  const more = async () => {
    const page = await get("/events", { ...view.filter, first: PAGE, after: view.next }, signal);
    view.events = [...view.events, ...page.events];
    view.next = page.next;
    draw();
  };
  const load = async (still) => {
    const page = await get("/events", { ...view.filter, first: PAGE }, still);
    const known = view.events.filter((event) => event.position < (page.events.at(-1)?.position ?? 0));
    const joins = view.older === view.filter && page.next !== null;
    [view.events, view.next] = joins
      ? [[...page.events, ...known], known.length ? view.next : page.next]
      : [page.events, page.next];
    view.older = view.filter;
    if (differs(page.events, view.filter)) draw();
    offerTypes(types, view);
    view.seen = Math.max(view.seen, page.events[0]?.position ?? 0);
  };
  refresh.now = await keepFresh({ place, signal, every: 700, load });
}

function filterOf({ device, query }) {
  const of = (name) => query?.get(name) || "";
  return { type: of("type"), device: device ?? of("device"), text: of("text"), correlation: of("correlation") };
}

function filters(view, { device }, types, refresh) {
  const change = (name, value) => {
    view.filter = { ...view.filter, [name]: value.trim() };
    if (device === undefined) setQuery({ [name]: value.trim() });
    refresh();
  };
  const typed = debounced((value) => change("text", value), 250);
  const field = (name, label, on, more = {}) =>
    h("input", {
      type: "search",
      "aria-label": label,
      placeholder: label,
      value: view.filter[name],
      spellcheck: "false",
      ...more,
      on,
    });
  types.addEventListener("change", () => change("type", types.value));
  offerTypes(types, view);
  // Half a name names nothing: these two wait for Enter.
  const whole = (name) => ({ change: (event) => change(name, event.target.value) });
  return h(
    "div",
    { class: "filter-row events-filter", role: "group", "aria-label": "Filter events" },
    field("text", "Text or person", { input: (event) => typed(event.target.value) }),
    types,
    device === undefined && field("device", "Device", whole("device")),
    device === undefined && field("correlation", "Chain (id)", whole("correlation"), { class: "wide" }),
  );
}

// The types that were seen so far, this one among them.
function offerTypes(place, view) {
  const before = view.types ?? new Set();
  view.types = new Set([...before, view.filter.type, ...view.events.map((event) => event.type)].filter(Boolean));
  if (before.size === view.types.size && place.childElementCount) return;
  redraw(
    place,
    [["", "All types"], ...[...view.types].sort().map((type) => [type, type])].map(([value, text]) =>
      h(
        "option",
        {
          value,
          selected: value === view.filter.type,
        },
        text,
      ),
    ),
  );
}

function drawList(place, view, options, more) {
  if (!view.events.length) {
    const filtered = Object.values(view.filter).some(Boolean);
    return redraw(
      place,
      filtered
        ? empty("Nothing fits", "No event has all of that.", null)
        : empty(
            "Nothing has happened yet",
            "The first event comes with the first declaration.",
            "cimnet declare inventory/network.yaml",
          ),
    );
  }
  redraw(
    place,
    h(
      "ol",
      { class: "events", "aria-label": "Events, the newest first", data: { key: "events" } },
      view.events.map((event) => item(event, view, options)),
    ),
    view.next !== null &&
      h(
        "p",
        { class: "centred" },
        h("button", { class: "button", type: "button", data: { key: "more" }, on: { click: more } }, "Older events"),
      ),
  );
}

function item(event, view, { pick, device }) {
  const fresh = view.seen > 0 && event.position > view.seen;
  return h(
    "li",
    { class: ["event", event.type === "ChangeRequested" && "request", fresh && "fresh", toneOf(event.type)] },
    h(
      "a",
      {
        href: href(`/event/${event.position}`),
        data: { key: `event-${event.position}` },
        on: pick ? { click: (click) => picked(click, event, pick) } : {},
      },
      h("time", { datetime: event.recorded_at, title: time(event.recorded_at) }, shortTime(event.recorded_at)),
      h("span", { class: "person" }, event.actor),
      device === undefined && h("span", { class: "subject" }, event.subject),
      h(
        "span",
        { class: "words" },
        event.words,
        event.reason && event.type === "ChangeRequested" && h("em", {}, ` ${event.reason}`),
      ),
      h("code", { class: "type" }, event.type),
      h("span", { class: "number" }, event.position),
    ),
  );
}

// Beside the list where there is room; else the event has a page of its own.
function picked(click, event, pick) {
  if (click.ctrlKey || click.metaKey || click.shiftKey || !matchMedia("(min-width: 1100px)").matches) return;
  click.preventDefault();
  pick(event);
}

/** The colour of an event by what it tells. */
export function toneOf(type) {
  if (/Failed$/.test(type)) return "tone-failed";
  if (/^Drift/.test(type)) return "tone-drift";
  if (/Applied$/.test(type)) return "tone-ok";
  if (/^(Push|Deployment|Transaction)/.test(type)) return "tone-deploying";
  return "tone-unknown";
}
