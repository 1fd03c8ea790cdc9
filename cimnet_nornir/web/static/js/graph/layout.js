// Where things stand on the map. Rows by role to begin with, then fcose; what somebody moved stays where it is.

import { byName } from "../format.js";

const ROW = 120;
const COLUMN = 96;
/** Up to this many nodes fcose keeps rows straight, up to FCOSE_TO it arranges freely; more stand in a grid. */
const ROWS_TO = 160;
const FCOSE_TO = 450;
const LONGEST_ROW = 14;
const ROLES = [
  [/core|border|edge|wan|provider/i, 0],
  [/dist|aggr|spine/i, 1],
  [/access|leaf|tor\b/i, 2],
  [/server|host/i, 3],
];
const KINDS = { subnet: 4, vlan: 4, "container network": 4, "vm network": 4, container: 5, vm: 5 };

/** How far from the middle of the network a node is: 0 for the core. */
export function tierOf(node) {
  if (node.kind === "site") return 0;
  if (node.kind !== "device") return KINDS[node.kind] ?? 4;
  const role = ROLES.find(([pattern]) => pattern.test(node.role || ""));
  if (role) return role[1];
  return node.device === "router" ? 0 : node.device === "host" ? 3 : node.routing ? 1 : 2;
}

/**
 * A place for every node: rows by role, site beside site, each row in the order of what it hangs on.
 * @param {any[]} nodes
 * @param {any[]} edges
 * @returns {Map<string, {x: number, y: number}>}
 */
export function rows(nodes, edges) {
  const places = new Map();
  const groups = Map.groupBy(nodes, (node) => node.parent ?? "");
  const tall = nodes.length > ROWS_TO;
  let left = 0;
  let top = 0;
  let deepest = 0;
  const across = Math.ceil(Math.sqrt(groups.size));
  [...groups.keys()].sort(byName).forEach((group, index) => {
    if (tall && index % across === 0 && index) [left, top, deepest] = [0, top + deepest + 2 * ROW, 0];
    const size = block(groups.get(group), edges, places, left, top);
    left += size.width + 1.5 * COLUMN;
    deepest = Math.max(deepest, size.height);
  });
  return places;
}

function block(nodes, edges, places, left, top) {
  const mine = new Map();
  const longest = Math.max(8, Math.ceil(Math.sqrt(nodes.length * 1.8)));
  const tiers = Map.groupBy(nodes, tierOf);
  const lines = [...tiers.keys()]
    .sort((a, b) => a - b)
    .flatMap((tier) =>
      cut(
        [...tiers.get(tier)].sort((a, b) => byName(a.label, b.label)),
        longest,
      ),
    );
  lines.forEach((line, row) =>
    spread(line, edges, mine).forEach((x, column) => mine.set(line[column].id, { x, y: row * ROW })),
  );
  const xs = [...mine.values()].map((place) => place.x);
  const [least, most] = [Math.min(...xs), Math.max(...xs)];
  for (const [id, { x, y }] of mine) places.set(id, { x: left + x - least, y: top + y });
  return { width: most - least, height: (lines.length - 1) * ROW };
}

function cut(nodes, size) {
  const lines = [];
  for (let start = 0; start < nodes.length; start += size) lines.push(nodes.slice(start, start + size));
  return lines;
}

// A line below what its nodes hang on, in that order, with room between; around the middle where nothing has a place.
function spread(line, edges, places) {
  const wanted = wantedPlaces(line, edges, places);
  const centre = (node) => wanted.get(node.id) ?? 0;
  line.sort((a, b) => Math.round(centre(a) - centre(b)) || byName(a.label, b.label));
  const xs = [];
  line.forEach((node, index) => xs.push(Math.max(centre(node), index ? xs[index - 1] + COLUMN : -Infinity)));
  const shift = line.reduce((sum, node, index) => sum + centre(node) - xs[index], 0) / line.length;
  return xs.map((x) => x + shift);
}

function wantedPlaces(line, edges, places) {
  const pulls = new Map(line.map((node) => [node.id, []]));
  for (const edge of edges) {
    if (places.has(edge.target)) pulls.get(edge.source)?.push(places.get(edge.target).x);
    if (places.has(edge.source)) pulls.get(edge.target)?.push(places.get(edge.source).x);
  }
  return new Map(
    [...pulls]
      .filter(([, found]) => found.length)
      .map(([id, found]) => [id, found.reduce((sum, x) => sum + x, 0) / found.length]),
  );
}

/**
 * Arrange what is on the map. `fixed` are the places that are known: they are kept.
 * @param {any} cy
 * @param {Map<string, {x: number, y: number}>} fixed
 */
export function arrange(cy, fixed) {
  const leaves = cy.nodes().filter((node) => node.isChildless());
  const nodes = leaves.map((node) => node.data());
  const begin = rows(
    nodes,
    cy.edges().map((edge) => edge.data()),
  );
  const missing = nodes.filter((node) => !fixed.has(node.id));
  leaves.positions((node) => fixed.get(node.id()) || near(node, fixed) || begin.get(node.id()));
  if (!missing.length || nodes.length > FCOSE_TO || nodes.length < 3) return;
  cy.layout(fcose(nodes, fixed)).run();
}

// Something new stands beside what it is connected with, where that has a place.
function near(node, fixed) {
  const known = node.neighborhood("node").filter((each) => fixed.has(each.id()));
  if (known.empty()) return null;
  const place = fixed.get(known[0].id());
  const turn = 2.4 * [...node.id()].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
  return { x: place.x + COLUMN * Math.cos(turn), y: place.y + ROW * Math.abs(Math.sin(turn)) };
}

function fcose(nodes, fixed) {
  const kept = nodes
    .filter((node) => fixed.has(node.id))
    .map((node) => ({ nodeId: node.id, position: { ...fixed.get(node.id) } }));
  const loose = nodes.filter((node) => !fixed.has(node.id));
  const straight = nodes.length <= ROWS_TO && loose.every((node) => !node.folded);
  return {
    name: "fcose",
    quality: nodes.length > 250 ? "default" : "proof",
    randomize: false,
    animate: false,
    fit: false,
    nodeSeparation: 90,
    idealEdgeLength: (edge) => (edge.data("merged") ? 230 : 140),
    edgeElasticity: () => 0.3,
    nodeRepulsion: (node) => (node.data("folded") ? 60000 : 12000),
    gravity: 0.3,
    gravityCompound: 1.2,
    numIter: nodes.length > 250 ? 600 : 2500,
    packComponents: false,
    nodeDimensionsIncludeLabels: true,
    ...(kept.length ? { fixedNodeConstraint: kept } : {}),
    ...(straight ? rowsKept(loose) : {}),
  };
}

// Each row of a site stays a row, below the one that it hangs on; long ones, and what is no device, stand as they like.
function rowsKept(nodes) {
  const devices = nodes.filter((node) => node.kind === "device");
  const groups = [...Map.groupBy(devices, (node) => node.parent ?? "").values()];
  const lines = groups.flatMap((group) => [...Map.groupBy(group, tierOf).values()]);
  const horizontal = lines
    .filter((line) => line.length > 1 && line.length <= LONGEST_ROW)
    .map((line) => line.map((node) => node.id));
  const relativePlacementConstraint = groups.flatMap(steps);
  return {
    ...(horizontal.length ? { alignmentConstraint: { horizontal } } : {}),
    ...(relativePlacementConstraint.length ? { relativePlacementConstraint } : {}),
  };
}

function steps(nodes) {
  const tiers = [...Map.groupBy(nodes, tierOf).entries()].sort(([a], [b]) => a - b).map(([, line]) => line[0].id);
  return tiers.slice(1).map((id, index) => ({ top: tiers[index], bottom: id, gap: ROW }));
}
