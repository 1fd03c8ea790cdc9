// One device: how it is, its ports, its configuration, and what happened to it.

import { get } from "../api.js";
import { h, redraw } from "../dom.js";
import { ago, bytes, count, percent, time, uptime } from "../format.js";
import { changes, keepFresh, tick } from "../fresh.js";
import { healthBadge, pendingBadge, toneBadge } from "../health.js";
import { title } from "../parts/frame.js";
import { href } from "../router.js";
import { showConfiguration } from "./configuration.js";
import { memoryOf } from "./devices.js";
import { showEvents } from "./event_list.js";
import { brokenLinks, portTable, vlanTable } from "./ports.js";

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
    stateCards(page),
    portTable(page, view, again),
    h("div", { class: "columns" }, vlanTable(page), routing(page)),
  );
}

/** How it is, beside its name. */
export function drawBadge(place, status) {
  redraw(
    place,
    healthBadge(status.health),
    pendingBadge(status),
    status.lifecycle && toneBadge("unknown", status.lifecycle),
  );
}

/** What is said of drift beside its lines: what is ignored is no drift until its time is over. */
function driftWords(status) {
  const ignored = status.ignored ? `${status.ignored} ignored until ${time(status.ignored_until)}` : "";
  if (status.drift) return ["changed by others", ignored].filter(Boolean).join("; ");
  return ignored || "runs what was applied";
}

function stateCards({ status, ports }) {
  const { facts } = status;
  const memory = memoryOf(facts);
  return h(
    "section",
    { class: "stats", "aria-label": "State" },
    status.reason && h("p", { class: "reason" }, status.reason),
    stat("Last seen", ago(status.seen), status.seen ? time(status.seen) : "cimnet status --collect asks it"),
    stat("Uptime", uptime(facts?.uptime), facts?.version ? `version ${facts.version}` : ""),
    meter("CPU", facts?.cpu, facts && facts.cpu_minute !== null ? `${percent(facts.cpu_minute)} over a minute` : ""),
    meter("Memory", memory, memory === null ? "" : `${bytes(facts.memory_used)} of ${bytes(facts.memory_total)}`),
    stat("Ports", status.ports_up === null ? "–" : `${status.ports_up} up`, portWords(status, ports)),
    stat(
      "Drift",
      status.drift ? `${status.drift} lines` : "none",
      driftWords(status),
    ),
    stat(
      "Device",
      status.model || facts?.model || status.kind,
      [status.role, status.site, status.management].filter(Boolean).join(" · "),
    ),
    stat("Serial", facts?.serial || "–", facts?.vendor || status.platform),
  );
}

// A desk where nobody is plugged in is no trouble; a link that is down is.
function portWords(status, ports) {
  if (status.ports_down === null) return "";
  const links = brokenLinks(ports).size;
  const others = status.ports_down - links;
  return [
    links > 0 ? h("strong", { class: "bad" }, `${count(links, "link")} down`) : `${others} down`,
    links > 0 && others > 0 && `, ${count(others, "other")}`,
    status.port_errors > 0 && `, ${count(status.port_errors, "error")}`,
  ];
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
