// The topology: the map, and beside it the same as a list, which is all that a keyboard or a phone needs.

import { get } from "../api.js";
import { announce, h, redraw, toast } from "../dom.js";
import { changes, empty, keepFresh, tick } from "../fresh.js";
import { choose, createMap, fit, light, rearrange, update, zoomBy } from "../graph/map.js";
import { elementsOf, fits, FOLD_FROM, layerOf, LAYERS, modelOf, partsAround, partsOfVlan } from "../graph/model.js";
import { HEALTH } from "../health.js";
import { icon } from "../icons.js";
import { copy } from "../parts/diagram.js";
import { title } from "../parts/frame.js";
import { go, href, setQuery } from "../router.js";
import { on, state } from "../state.js";
import { drawChosen } from "./topology_chosen.js";
import { drawFilters, drawHealth, drawList } from "./topology_side.js";

const NO_NETWORK = [
  "There is no network yet",
  "Declare one, and it shows here at once.",
  "cimnet declare inventory/network.yaml",
];
// These tell of pushes and the like: they change neither what there is nor what is heard of it.
const NOT_OF_THE_GRAPH =
  /^(Push|Deployment|Transaction|Drift|Plan|Approval|HostKey|ChangeRequested|Backup|Snapshot)|Configuration(Applied|Failed)$/;

/** @param {HTMLElement} root @param {import("../router.js").Route} route @param {AbortSignal} signal */
export async function show(root, route, signal) {
  title("Topology");
  const view = viewOf(route.query);
  const parts = frame(root, view);
  view.map = await createMap(parts.map, {
    network: state.network?.name || "",
    signal,
    select: (id) => chosen(view, parts, id),
    open: (data) => open(view, parts, data),
  });
  view.differs = changes(parts.trouble);
  on(
    "events",
    (events) => {
      view.stale ||= events.some((event) => !NOT_OF_THE_GRAPH.test(event.type));
    },
    signal,
  );
  on(
    "status",
    () => {
      view.stale = true;
    },
    signal,
  );
  on("choose", (node) => reveal(view, parts, node), signal);
  await keepFresh({ place: parts.trouble, signal, every: 1500, load: (still) => load(view, parts, still) });
  if (view.selected && view.model?.nodes.has(view.selected)) reveal(view, parts, view.model.nodes.get(view.selected));
}

function viewOf(query) {
  const shown = query.get("show");
  const initial = LAYERS.filter((each) => each.shown).map((each) => each.layer);
  return {
    model: null,
    map: null,
    differs: null,
    stale: true,
    opened: null,
    folded: new Set(),
    text: "",
    layers: new Set(shown === null ? initial : shown.split(",").filter(Boolean)),
    site: query.get("site"),
    vlan: Number(query.get("vlan")) || null,
    health: query.get("health"),
    selected: query.get("select"),
  };
}

function frame(root, view) {
  const parts = {
    map: h("div", {
      class: "map",
      id: "map",
      tabindex: "0",
      role: "application",
      "aria-label":
        "Map of the network. Arrow keys move it, plus and minus zoom, 0 fits it. The list of devices beside it has the same.",
    }),
    trouble: h("div", { class: "map-trouble" }),
    chosen: h("div", { class: "chosen" }),
    health: h("div", { class: "healths" }),
    filters: h("div", { class: "filters" }),
    list: h("div", { class: "device-list", data: { key: "list" } }),
  };
  const tools = [
    ["plus", "Zoom in", () => zoomBy(view.map, 1.3)],
    ["minus", "Zoom out", () => zoomBy(view.map, 0.77)],
    ["fit", "Fit (0)", () => fit(view.map)],
    ["arrange", "Arrange anew", () => rearrange(view.map)],
    ["copy", "Copy as Mermaid", () => copyMermaid(view)],
  ];
  root.append(
    h("h1", { class: "unseen" }, "Topology"),
    phoneTabs(root),
    h(
      "section",
      { class: "map-area", "aria-label": "Map" },
      parts.map,
      h(
        "div",
        { class: "map-tools", role: "group", "aria-label": "Map" },
        tools.map(([name, label, click]) =>
          h(
            "button",
            {
              class: "tool",
              type: "button",
              "aria-label": label,
              title: label,
              on: { click },
            },
            icon(/** @type {any} */ (name)),
          ),
        ),
      ),
      legend(),
      parts.trouble,
    ),
    h("aside", { class: "side", "aria-label": "Devices" }, parts.health, parts.filters, parts.chosen, parts.list),
  );
  return parts;
}

async function copyMermaid(view) {
  try {
    await copy(await get("/mermaid/topology", { site: view.site, vlan: view.vlan }));
  } catch (error) {
    toast(error instanceof Error ? error.message : String(error), "error");
  }
}

function phoneTabs(root) {
  const buttons = ["List", "Map"].map((text, index) =>
    h(
      "button",
      {
        type: "button",
        "aria-pressed": String(index === 0),
        on: {
          click: () => {
            root.classList.toggle("map-first", index === 1);
            buttons.forEach((each, place) => each.setAttribute("aria-pressed", String(place === index)));
          },
        },
      },
      text,
    ),
  );
  return h("div", { class: "segments phone-only", role: "group", "aria-label": "Show" }, buttons);
}

function legend() {
  return h(
    "ul",
    { class: "legend", "aria-label": "Colours and signs" },
    HEALTH.map((each) =>
      h(
        "li",
        { title: each.says },
        h("span", { class: `dot tone-${each.name}`, "aria-hidden": "true" }, each.sign),
        each.health,
      ),
    ),
  );
}

async function load(view, parts, signal) {
  const [{ devices }, graph] = await Promise.all([get("/devices", {}, signal), graphOf(view, signal)]);
  const statuses = new Map(devices.map((each) => [`device:${each.device}`, each]));
  const nodes = graph.nodes.map((node) =>
    statuses.has(node.id) ? { ...node, ...standingOf(statuses.get(node.id)) } : node,
  );
  view.model = modelOf({ nodes, edges: graph.edges });
  if (view.opened === null) beginFolded(view);
  if (!devices.length) return redraw(parts.trouble, empty(...NO_NETWORK));
  if (view.differs(nodes, graph.edges, devices)) draw(view, parts);
  parts.trouble.replaceChildren();
}

function standingOf({ health, pending }) {
  return { health, pending };
}

// The graph is asked for again only where intent or what is heard changed; how devices are comes with /devices. That
// another process asked them, and heard of another cable, is told by nobody.
async function graphOf(view, signal) {
  if (view.graph && view.graphAt === state.at && view.asked === tick() && !view.stale) return view.graph;
  // What happens while it is asked for makes it old again.
  [view.graph, view.graphAt, view.asked, view.stale] = [null, state.at, tick(), false];
  view.graph = await get("/graph", {}, signal);
  return view.graph;
}

function beginFolded(view) {
  view.opened = new Set();
  const { devices, siteNames } = view.model;
  if (devices.length >= FOLD_FROM && siteNames.length > 1) view.folded = new Set(siteNames);
}

function draw(view, parts) {
  update(view.map, elementsOf(view.model, view));
  relight(view);
  drawSide(view, parts);
}

function drawSide(view, parts) {
  const actions = {
    change: (values) => change(view, parts, values),
    pick: (id) => reveal(view, parts, view.model.nodes.get(id)),
    fold: (site) => fold(view, parts, site),
    page: (name) => href(`/device/${encodeURIComponent(name)}`),
  };
  drawHealth(parts.health, view, actions);
  drawFilters(parts.filters, view, actions);
  drawChosen(parts.chosen, view, actions);
  drawList(parts.list, view, actions);
}

function change(view, parts, values) {
  Object.assign(view, values);
  const shown = [...view.layers];
  const usual = LAYERS.every((each) => each.shown === view.layers.has(each.layer));
  setQuery({ site: view.site, vlan: view.vlan, health: view.health, show: usual ? null : shown.join(",") });
  draw(view, parts);
}

function relight(view) {
  const { model } = view;
  let lit = new Set();
  let kept = null;
  if (view.vlan) [lit, kept] = [partsOfVlan(model, view.vlan), new Set()];
  if (view.health || view.text) kept = new Set(model.devices.filter((node) => fits(view, node)).map((node) => node.id));
  const chosenNode = view.selected && model.nodes.get(view.selected);
  if (!kept && chosenNode && chosenNode.kind !== "device") [lit, kept] = [partsAround(model, view.selected), new Set()];
  light(view.map, { lit, kept });
}

function chosen(view, parts, id) {
  if (view.selected === id) return;
  view.selected = id;
  setQuery({ select: id });
  relight(view);
  drawSide(view, parts);
  const node = id && view.model.nodes.get(id);
  if (node) announce(`${node.label} is chosen`);
}

// A thing is brought into sight, with its layer shown and its site open.
function reveal(view, parts, node) {
  if (!node) return;
  const site = view.model.siteOf(node.id);
  const hidden = !view.layers.has(layerOf(node)) || view.folded.has(site) || (view.site !== null && view.site !== site);
  view.layers.add(layerOf(node));
  view.folded.delete(site);
  if (view.site !== null && view.site !== site) view.site = null;
  if (hidden) change(view, parts, {});
  if (node.kind === "vlan") change(view, parts, { vlan: node.vlan });
  choose(view.map, node.id, { centre: true });
}

function fold(view, parts, site) {
  const sites = site === null ? view.model.siteNames : [site];
  const open = sites.some((each) => view.folded.has(each));
  for (const each of sites) {
    if (open) view.folded.delete(each);
    else view.folded.add(each);
  }
  draw(view, parts);
  if (site === null) fit(view.map);
  announce(open ? "Opened" : "Folded");
}

function open(view, parts, data) {
  if (data.kind === "site") fold(view, parts, data.site);
  else if (data.kind === "device") go(href(`/device/${encodeURIComponent(data.label)}`));
}
