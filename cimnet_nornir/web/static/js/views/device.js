// One device: how it is, its ports, its configuration, and what happened to it.

import { get } from "../api.js";
import { h, redraw } from "../dom.js";
import { ago, bytes, duration, percent, time } from "../format.js";
import { changes, keepFresh, tick } from "../fresh.js";
import { healthBadge, toneBadge } from "../health.js";
import { title } from "../parts/frame.js";
import { href } from "../router.js";
import { showConfiguration } from "./configuration.js";
import { memoryOf } from "./devices.js";
import { showEvents } from "./event_list.js";
import { portTable, vlanTable } from "./ports.js";

const TABS = [
  ["", "State and ports"],
  ["configuration", "Configuration"],
  ["history", "History"],
];

/** @param {HTMLElement} root @param {import("../router.js").Route} route @param {AbortSignal} signal */
export async function show(root, route, signal) {
  const [name, tab = ""] = route.words;
  title(name);
  const badge = h("span", { class: "badges" });
  const place = h("div", { class: "device-tab" });
  root.append(
    h(
      "header",
      { class: "page-head" },
      h("div", { class: "heading" }, h("h1", {}, name), badge),
      tabs(name, tab, signal),
    ),
    place,
  );
  if (tab === "configuration") return showConfiguration(place, name, badge, signal);
  if (tab === "history") return showEvents(place, { device: name }, signal);
  return showState(place, name, badge, signal);
}

function tabs(name, current, signal) {
  const base = `/device/${encodeURIComponent(name)}`;
  return h(
    "nav",
    { class: "tabs", "aria-label": `Parts of ${name}` },
    TABS.map(([tab, text]) =>
      h(
        "a",
        {
          href: href(tab ? `${base}/${tab}` : base),
          "aria-current": tab === current ? "page" : null,
          data: { key: `tab-${tab}` },
        },
        text,
      ),
    ),
  );
}

async function showState(place, name, badge, signal) {
  const differs = changes(place);
  const view = { sort: null, all: false };
  await keepFresh({
    place,
    signal,
    every: 1000,
    load: async (still) => {
      const page = await get(`/devices/${encodeURIComponent(name)}`, {}, still);
      if (differs(page, tick())) draw(place, badge, page, view);
    },
  });
}

function draw(place, badge, page, view) {
  drawBadge(badge, page.status);
  const again = () => draw(place, badge, page, view);
  redraw(
    place,
    stateCards(page.status),
    portTable(page, view, again),
    h("div", { class: "columns" }, vlanTable(page), routing(page)),
  );
}

/** How it is, beside its name. */
export function drawBadge(place, status) {
  redraw(
    place,
    healthBadge(status.health),
    status.pending && toneBadge("deploying", "change pending", "…"),
    status.lifecycle && toneBadge("unknown", status.lifecycle),
  );
}

function stateCards(status) {
  const { facts } = status;
  const memory = memoryOf(facts);
  return h(
    "section",
    { class: "stats", "aria-label": "State" },
    status.reason && h("p", { class: "reason" }, status.reason),
    stat("Last seen", ago(status.seen), status.seen ? time(status.seen) : "cimnet status --collect asks it"),
    stat("Uptime", duration(facts?.uptime), facts?.version ? `version ${facts.version}` : ""),
    meter("CPU", facts?.cpu, facts && facts.cpu_minute !== null ? `${percent(facts.cpu_minute)} over a minute` : ""),
    meter("Memory", memory, memory === null ? "" : `${bytes(facts.memory_used)} of ${bytes(facts.memory_total)}`),
    stat("Ports", status.ports_up === null ? "–" : `${status.ports_up} up`, portWords(status)),
    stat(
      "Drift",
      status.drift ? `${status.drift} lines` : "none",
      status.drift ? "changed by others" : "runs what was applied",
    ),
    stat(
      "Device",
      status.model || facts?.model || status.kind,
      [status.role, status.site, status.management].filter(Boolean).join(" · "),
    ),
    stat("Serial", facts?.serial || "–", facts?.vendor || status.platform),
  );
}

function portWords(status) {
  if (status.ports_down === null) return "";
  return [`${status.ports_down} down`, status.port_errors ? `${status.port_errors} errors` : ""]
    .filter(Boolean)
    .join(", ");
}

function stat(name, value, more) {
  return h(
    "div",
    { class: "stat" },
    h("h2", {}, name),
    h("p", { class: ["value", String(value).length > 11 && "long"] }, value),
    more && h("p", { class: "muted" }, more),
  );
}

function meter(name, value, more) {
  const known = value !== null && value !== undefined;
  return h(
    "div",
    { class: "stat" },
    h("h2", {}, name),
    h("p", { class: "value" }, percent(value)),
    known &&
      h("span", {
        class: ["bar", value > 85 && "high"],
        "aria-hidden": "true",
        style: { "--part": `${Math.min(100, value)}%` },
      }),
    more && h("p", { class: "muted" }, more),
  );
}

function routing(page) {
  if (!page.routing.length) return null;
  return h(
    "section",
    { class: "panel" },
    h("h2", {}, "Routing"),
    h(
      "ul",
      { class: "plain" },
      page.routing.map((line) => h("li", {}, line)),
    ),
  );
}
