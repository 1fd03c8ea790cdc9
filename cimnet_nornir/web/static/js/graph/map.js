// The map: Cytoscape over the elements of the model. What changes is changed in place; nothing jumps.

import { shortPort } from "../format.js";
import { cytoscape } from "../parts/vendor.js";
import { arrange } from "./layout.js";
import { isCable } from "./model.js";
import { readPlaces, writePlaces } from "./places.js";
import { coloursOf, styleOf } from "./style.js";

const LARGE = 400;
const PORTS_FROM_ZOOM = 1.35;
const PAN = 60;
/** On paper so many pixels are a name that can be read; names grow no more than so many times to stay as large. */
const READABLE = 11.5;
const MOST_LETTERS = 2.4;
const EDGE = 54;
const NARROW = 500;

/**
 * @param {HTMLElement} container
 * @param {{network: string, select: (id: string | null) => void, open: (data: any) => void,
 *   signal: AbortSignal}} options
 */
export async function createMap(container, options) {
  const make = await cytoscape();
  const cy = make({
    container,
    minZoom: 0.05,
    maxZoom: 4,
    boxSelectionEnabled: false,
    selectionType: "single",
    textureOnViewport: false,
    hideEdgesOnViewport: false,
    style: [],
  });
  const map = { cy, places: readPlaces(options.network), drawn: false, large: false, letters: 1, options, container };
  cy.on("select unselect", () => settled(map));
  cy.on("tap", (event) => event.target === cy && cy.elements(":selected").unselect());
  cy.on("dbltap", "node", (event) => options.open(event.target.data()));
  cy.on(
    "mouseover mouseout",
    "edge",
    (event) => event.target.toggleClass("hovered", event.type === "mouseover") && ports(map),
  );
  cy.on("mouseover", "node", () => {
    container.style.cursor = "pointer";
  });
  cy.on("mouseout", "node", () => {
    container.style.cursor = "";
  });
  cy.on("dragfree", "node", () => keep(map));
  cy.on("zoom", () => {
    letters(map);
    ports(map);
  });
  container.addEventListener("keydown", (event) => press(map, event));
  addEventListener("cimnet-theme", () => restyle(map), { signal: options.signal });
  const watch = new ResizeObserver(() => resized(map));
  watch.observe(container);
  options.signal.addEventListener("abort", () => {
    watch.disconnect();
    cy.destroy();
  });
  return map;
}

function restyle(map) {
  map.cy.style(styleOf(coloursOf(map.container), map));
}

// Names stay readable where all of a network has to go into a small window; of large ones they would hide one another.
function letters(map) {
  const wanted = map.large ? 1 : Math.min(MOST_LETTERS, Math.max(1, READABLE / 12 / map.cy.zoom()));
  const steps = Math.round(wanted * 5) / 5;
  if (steps === map.letters) return;
  map.letters = steps;
  restyle(map);
}

/**
 * Show these elements: what is new comes, what is gone goes, the rest takes its new data and stays where it is.
 * @param {any} map
 * @param {{nodes: Map<string, any>, edges: Map<string, any>}} elements
 */
export function update(map, { nodes, edges }) {
  const { cy } = map;
  const large = nodes.size > LARGE;
  if (large !== map.large || !map.drawn) {
    map.large = large;
    restyle(map);
  }
  const moved = replace(cy, nodes, edges);
  if (moved) {
    arrange(cy, map.places);
    keep(map);
  }
  if (!map.drawn && cy.elements().nonempty()) {
    map.drawn = true;
    fit(map);
  }
  ports(map);
}

// Whether anything came or went.
function replace(cy, nodes, edges) {
  let changed = false;
  cy.batch(() => {
    const gone = cy.elements().filter((each) => !isStill(each, nodes, edges));
    changed = gone.nonempty();
    gone.filter("edge").remove();
    gone.remove();
    const fresh = [...nodes.values()].filter((node) => take(cy, node));
    const parents = fresh.filter((node) => node.kind === "site");
    const others = fresh.filter((node) => node.kind !== "site");
    const links = [...edges.values()].map(withPorts).filter((edge) => take(cy, edge));
    changed ||= fresh.length + links.length > 0;
    cy.add([...parents, ...others].map((data) => ({ group: "nodes", data, selectable: true })));
    cy.add(links.map((data) => ({ group: "edges", data })));
  });
  return changed;
}

function isStill(element, nodes, edges) {
  const data = (element.isNode() ? nodes : edges).get(element.id());
  if (!data) return false;
  return (
    element.isEdge() ||
    ((data.parent ?? null) === (element.data("parent") ?? null) && data.folded === element.data("folded"))
  );
}

// Whether the element is new; one that is known takes what changed.
function take(cy, data) {
  const known = cy.getElementById(data.id);
  if (known.empty()) return true;
  for (const [name, value] of Object.entries(data)) {
    if (!["id", "parent", "source", "target"].includes(name) && known.data(name) !== value) known.data(name, value);
  }
  return false;
}

function withPorts(edge) {
  if (!isCable(edge) || edge.merged) return edge;
  const fromA = edge.source === `device:${edge.a}`;
  const [source, target] = fromA ? [edge.a_port, edge.b_port] : [edge.b_port, edge.a_port];
  return { ...edge, sourcePort: shortPort(source || ""), targetPort: shortPort(target || "") };
}

// Ports are written where there is room for them, and where somebody looks.
function ports(map) {
  const { cy } = map;
  const close = cy.zoom() >= PORTS_FROM_ZOOM && !map.large;
  cy.batch(() =>
    cy.edges("[sourcePort]").forEach((edge) => {
      edge.toggleClass(
        "ports",
        close || edge.selected() || edge.hasClass("hovered") || edge.connectedNodes(":selected").nonempty(),
      );
    }),
  );
}

function settled(map) {
  ports(map);
  const chosen = map.cy.elements(":selected").first();
  map.options.select(chosen.nonempty() ? chosen.id() : null);
}

function keep(map) {
  map.cy
    .nodes()
    .filter((node) => node.isChildless())
    .forEach((node) => {
      map.places.set(node.id(), { ...node.position() });
    });
  writePlaces(map.options.network, map.places);
}

/** Arrange everything anew. */
export function rearrange(map) {
  map.places.clear();
  arrange(map.cy, map.places);
  keep(map);
  fit(map);
}

/** Show everything. */
export function fit(map) {
  map.cy.fit(undefined, map.cy.width() < NARROW ? EDGE / 3 : EDGE);
  if (map.cy.zoom() > 1.3) {
    map.cy.zoom(1.3);
    map.cy.center();
  }
  map.fitted = sight(map.cy);
}

// What nobody moved since it was fitted is fitted to the new size, too.
function resized(map) {
  const untouched = map.fitted === sight(map.cy);
  map.cy.resize();
  if (untouched && map.cy.width() > 0) fit(map);
}

function sight(cy) {
  return `${cy.zoom()} ${cy.pan().x} ${cy.pan().y}`;
}

export function zoomBy(map, factor) {
  const { cy } = map;
  cy.zoom({ level: cy.zoom() * factor, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } });
}

/** Choose a node or an edge, and bring it into sight where `centre` is asked for. */
export function choose(map, id, { centre = false } = {}) {
  const { cy } = map;
  const found = id ? cy.getElementById(id) : cy.collection();
  cy.elements(":selected").not(found).unselect();
  if (found.empty()) return;
  found.select();
  if (!centre) return;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (isInSight(cy, found)) return;
  const zoom = Math.max(cy.zoom(), 0.9);
  if (still) cy.zoom(zoom).center(found);
  else cy.animate({ center: { eles: found }, zoom }, { duration: 250 });
}

function isInSight(cy, found) {
  const box = found.renderedBoundingBox();
  return cy.zoom() > 0.6 && box.x1 > 0 && box.y1 > 0 && box.x2 < cy.width() && box.y2 < cy.height();
}

/**
 * Let some stand out. `lit` are the ids that do, `kept` those that are not dimmed; null dims nothing.
 * @param {any} map
 * @param {{lit: Set<string>, kept: Set<string> | null}} lights
 */
export function light(map, { lit, kept }) {
  map.cy.batch(() =>
    map.cy.elements().forEach((each) => {
      const id = each.id();
      const isSite = each.data("kind") === "site" && !each.data("folded");
      each.toggleClass("lit", lit.has(id));
      each.toggleClass("dimmed", kept !== null && !isSite && !kept.has(id) && !lit.has(id));
    }),
  );
}

const MOVES = { ArrowLeft: [PAN, 0], ArrowRight: [-PAN, 0], ArrowUp: [0, PAN], ArrowDown: [0, -PAN] };
const KEYS = {
  "+": (map) => zoomBy(map, 1.25),
  "=": (map) => zoomBy(map, 1.25),
  "-": (map) => zoomBy(map, 0.8),
  0: fit,
};

function press(map, event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const move = MOVES[event.key];
  const act = KEYS[event.key];
  if (!move && !act && event.key !== "Escape") return;
  event.preventDefault();
  if (move) map.cy.panBy({ x: move[0], y: move[1] });
  else if (act) act(map);
  else map.cy.elements(":selected").unselect();
}
