// All devices in one table, with what was seen of them last.

import { get } from "../api.js";
import { debounced, h, redraw } from "../dom.js";
import { ago, count, percent, uptime } from "../format.js";
import { changes, empty, keepFresh, tick } from "../fresh.js";
import { HEALTH, healthBadge, PENDING, pendingBadge, severity } from "../health.js";
import { title } from "../parts/frame.js";
import { table } from "../parts/table.js";
import { href, setQuery } from "../router.js";

const COLUMNS = [
  {
    key: "name",
    text: "Name",
    value: (row) => row.name,
    cell: (row) =>
      h("a", { href: href(`/device/${encodeURIComponent(row.name)}`), data: { key: `device-${row.name}` } }, row.name),
  },
  {
    key: "health",
    text: "Health",
    // Of those that are alike, those where something waits come first.
    value: (row) => severity(row.health) - (row.pending ? 0.5 : 0),
    cell: (row) => h("span", { class: "badges" }, healthBadge(row.health), pendingBadge(row)),
  },
  {
    key: "role",
    text: "Role",
    value: (row) => row.role || row.kind,
    cell: (row) => row.role || row.kind,
    class: "wide",
  },
  { key: "site", text: "Site", value: (row) => row.site, cell: (row) => row.site || "–", class: "wide" },
  { key: "model", text: "Model", value: (row) => row.model, cell: (row) => row.model || "–", class: "wider" },
  {
    key: "management",
    text: "Address",
    value: (row) => row.management,
    cell: (row) => h("code", {}, row.management || "–"),
    class: "wide",
  },
  {
    key: "seen",
    text: "Last seen",
    value: (row) => row.seen,
    cell: (row) => h("span", { title: row.seen || "" }, ago(row.seen)),
  },
  {
    key: "uptime",
    text: "Uptime",
    value: (row) => row.facts?.uptime,
    cell: (row) => uptime(row.facts?.uptime),
    class: "number wider",
  },
  { key: "cpu", text: "CPU", value: (row) => row.facts?.cpu, cell: (row) => percent(row.facts?.cpu), class: "number" },
  {
    key: "memory",
    text: "Memory",
    value: (row) => memoryOf(row.facts),
    cell: (row) => percent(memoryOf(row.facts)),
    class: "number wide",
  },
  { key: "ports", text: "Ports up / down", value: (row) => row.ports_down, cell: portsOf, class: "number wide" },
  {
    key: "drift",
    text: "Drift",
    value: (row) => row.drift,
    cell: (row) => (row.drift ? count(row.drift, "line") : row.ignored ? `${row.ignored} ignored` : "–"),
    class: "number wide",
  },
];

/** How much of its memory a device uses, in percent; null where it does not tell. */
export function memoryOf(facts) {
  return facts?.memory_total && facts.memory_used !== null ? (100 * facts.memory_used) / facts.memory_total : null;
}

function portsOf(row) {
  if (row.ports_up === null) return "–";
  // Most that are down are desks where nobody is plugged in; the device's page tells links from them.
  return [row.ports_up, h("span", { class: "muted" }, ` / ${row.ports_down}`)];
}

/** @param {HTMLElement} root @param {import("../router.js").Route} route @param {AbortSignal} signal */
export async function show(root, route, signal) {
  title("Devices");
  const place = h("div", { class: "stack" });
  const view = {
    text: route.query.get("text") || "",
    health: route.query.get("health"),
    sort: { key: "name", down: false },
    devices: [],
  };
  const draw = () => drawTable(place, view);
  root.append(h("header", { class: "page-head" }, h("h1", {}, "Devices"), filters(view, draw)), place);
  const differs = changes(place);
  await keepFresh({
    place,
    signal,
    every: 1500,
    load: async (still) => {
      const { devices } = await get("/devices", {}, still);
      view.devices = devices;
      if (differs(devices, tick())) draw();
    },
  });
}

function filters(view, draw) {
  const typed = debounced((text) => {
    view.text = text;
    setQuery({ text });
    draw();
  }, 150);
  const picked = (event) => {
    view.health = event.target.value || null;
    setQuery({ health: view.health });
    draw();
  };
  const options = [["", "Any health"], ...HEALTH.map((each) => [each.health, each.health])];
  return h(
    "div",
    { class: "filter-row" },
    h("input", {
      type: "search",
      "aria-label": "Filter devices",
      placeholder: "Filter",
      value: view.text,
      on: { input: (event) => typed(event.target.value) },
    }),
    h(
      "select",
      { "aria-label": "Health", on: { change: picked } },
      options.map(([value, text]) =>
        h(
          "option",
          {
            value,
            selected: value === (view.health ?? ""),
          },
          text,
        ),
      ),
    ),
  );
}

function drawTable(place, view) {
  if (!view.devices.length) {
    return redraw(
      place,
      empty(
        "There is no network yet",
        "Declare one, and its devices show here at once.",
        "cimnet declare inventory/network.yaml",
      ),
    );
  }
  const text = view.text.toLowerCase();
  const rows = view.devices.filter(
    (row) =>
      (!view.health || row.health === view.health) &&
      [row.name, row.role, row.kind, row.site, row.model, row.management, row.pending && PENDING].join(" ").toLowerCase().includes(text),
  );
  redraw(
    place,
    nobodyLooked(view.devices) &&
      h(
        "p",
        { class: "hint-line" },
        "Nobody has asked the devices yet: ",
        h("code", {}, "cimnet status --collect"),
        " does.",
      ),
    table({
      caption: "Devices",
      key: "devices",
      columns: COLUMNS,
      rows,
      sort: view.sort,
      resort: (sort) => {
        view.sort = sort;
        drawTable(place, view);
      },
    }),
    h(
      "p",
      { class: "list-count" },
      count(rows.length, "device"),
      rows.length < view.devices.length && ` of ${view.devices.length}`,
    ),
  );
}

function nobodyLooked(devices) {
  return devices.every((row) => row.seen === null);
}
