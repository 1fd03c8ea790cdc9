// The ports of a device, what is meant and what is seen; and its VLANs.

import { h } from "../dom.js";
import { rate, shortPort, speed } from "../format.js";
import { cablingBadge, toneBadge } from "../health.js";
import { table } from "../parts/table.js";
import { href } from "../router.js";

const COLUMNS = [
  {
    key: "name",
    text: "Port",
    value: (row) => row.name,
    cell: (row) => h("code", { title: row.name }, shortPort(row.name)),
  },
  { key: "description", text: "Description", value: (row) => row.description, cell: (row) => row.description || "" },
  { key: "mode", text: "Mode", value: (row) => row.mode, cell: modeOf },
  {
    key: "addresses",
    text: "Addresses",
    cell: (row) => h("code", {}, (row.addresses || []).join(", ")),
    class: "wide",
    known: (row) => row.addresses.length > 0,
  },
  {
    key: "peer",
    text: "Declared peer",
    known: (row) => row.peer,
    value: (row) => row.peer?.device,
    cell: (row) => peerOf(row.peer),
  },
  {
    key: "heard",
    text: "Heard",
    known: (row) => row.heard,
    value: (row) => row.heard?.name,
    cell: (row) => (row.heard ? [row.heard.name, " ", h("code", {}, shortPort(row.heard.port))] : ""),
  },
  {
    key: "cabling",
    text: "Cabling",
    known: (row) => row.cabling !== "unknown",
    value: (row) => row.cabling,
    cell: (row) => cablingOf(row),
  },
  {
    key: "speed",
    text: "Speed",
    known: (row) => row.speed,
    value: (row) => row.speed,
    cell: (row) => speed(row.speed),
    class: "number wider",
  },
  {
    key: "in",
    text: "In",
    known: (row) => row.in_bps !== null,
    value: (row) => row.in_bps,
    cell: (row) => rate(row.in_bps),
    class: "number",
  },
  {
    key: "out",
    text: "Out",
    known: (row) => row.out_bps !== null,
    value: (row) => row.out_bps,
    cell: (row) => rate(row.out_bps),
    class: "number",
  },
  {
    key: "errors",
    text: "Errors",
    known: (row) => row.in_errors !== null,
    value: (row) => (row.in_errors ?? 0) + (row.out_errors ?? 0),
    cell: errorsOf,
    class: "number",
  },
];

/** @param {{ports: any[]}} page @param {{sort: any, all: boolean}} view @param {() => void} again */
export function portTable(page, view, again) {
  const used = page.ports.filter(isUsed);
  const broken = brokenLinks(page.ports);
  const rows = view.all ? page.ports : used;
  const box = h("input", {
    type: "checkbox",
    data: { key: "all-ports" },
    on: {
      change: (event) => {
        view.all = event.target.checked;
        again();
      },
    },
  });
  box.checked = view.all;
  const resort = (sort) => {
    view.sort = sort;
    again();
  };
  return h(
    "section",
    { class: "panel", "aria-label": "Ports" },
    h(
      "header",
      { class: "panel-head" },
      h("h2", {}, "Ports"),
      used.length < page.ports.length &&
        h("label", { class: "check" }, box, `${page.ports.length - used.length} unused ones, too`),
    ),
    table({ caption: "Ports", key: "ports", columns: columnsFor(rows, broken), rows, sort: view.sort, resort }),
  );
}

// What nobody has declared or seen of any port needs no column.
function columnsFor(rows, broken) {
  const [name, ...others] = COLUMNS.filter((column) => !column.known || rows.some(column.known));
  const state = {
    key: "up",
    text: "State",
    value: (row) => stateOrder(row, broken),
    cell: (row) => stateOf(row, broken),
  };
  return [name, state, ...others];
}

/**
 * The names of the ports that are down and should not be: a cable to somewhere is declared, or they bundle such ports.
 * @param {any[]} ports
 */
export function brokenLinks(ports) {
  const leading = ports.filter((port) => port.peer);
  const names = new Set(leading.flatMap((port) => [port.name, port.bundle]));
  const broken = ports.filter((port) => names.has(port.name) && port.enabled !== false && port.up === false);
  return new Set(broken.map((port) => port.name));
}

function isUsed(port) {
  return port.enabled !== false || port.peer || port.heard || port.cabling === "missing" || port.cabling === "wrong";
}

function stateOrder(row, broken) {
  if (row.up === null || row.up === undefined) return 4;
  if (row.enabled === false) return 3;
  return broken.has(row.name) ? 0 : row.up ? 1 : 2;
}

function stateOf(row, broken) {
  if (row.enabled === false) return toneBadge("unknown", "shut down", "–");
  if (row.up === null || row.up === undefined) return h("span", { class: "muted" }, "not seen");
  if (row.up) return toneBadge("ok", "up", "✓");
  return broken.has(row.name)
    ? toneBadge("failed", "down", "!", "A cable to somewhere is declared here.")
    : toneBadge("unknown", "down", "–", "No cable to anywhere is declared here.");
}

function modeOf(row) {
  if (!row.mode && !row.vlans) return "";
  return [row.mode, row.vlans && h("span", { class: "muted" }, ` ${row.vlans}`)];
}

function peerOf(peer) {
  if (!peer) return "";
  return [
    h(
      "a",
      { href: href(`/device/${encodeURIComponent(peer.device)}`), data: { key: `peer-${peer.device}-${peer.port}` } },
      peer.device,
    ),
    " ",
    h("code", {}, shortPort(peer.port)),
  ];
}

function cablingOf(row) {
  if (!row.cabling || (row.cabling === "unknown" && !row.peer)) return "";
  return cablingBadge(row.cabling, row.cabling_reason);
}

function errorsOf(row) {
  const { in_errors: inside, out_errors: outside } = row;
  if (inside === null || inside === undefined) return "–";
  const sum = inside + (outside ?? 0);
  return sum ? h("strong", { class: "bad", title: `${inside} in, ${outside} out` }, sum) : 0;
}

/** The VLANs of a device with the ports that carry them. */
export function vlanTable(page) {
  if (!page.vlans.length) return null;
  const ports = (names) => h("code", {}, names.map(shortPort).join(", "));
  return h(
    "section",
    { class: "panel", "aria-label": "VLANs" },
    h("h2", {}, "VLANs"),
    table({
      caption: "VLANs",
      key: "vlans",
      rows: page.vlans,
      columns: [
        {
          key: "vlan",
          text: "VLAN",
          cell: (row) => h("a", { href: href(`/?vlan=${row.vlan}`), data: { key: `vlan-${row.vlan}` } }, row.vlan),
        },
        { key: "name", text: "Name", cell: (row) => row.name || "–" },
        { key: "untagged", text: "Untagged", cell: (row) => ports(row.untagged) },
        { key: "tagged", text: "Tagged", cell: (row) => ports(row.tagged) },
      ],
    }),
  );
}
