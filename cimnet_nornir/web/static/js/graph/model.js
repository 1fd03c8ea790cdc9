// The graph of the API as the map needs it: what is shown, in which site it stands, and what hangs together.

import { byName, inVlans } from "../format.js";
import { isFinding, severity } from "../health.js";

/** From this many devices on, sites are folded until somebody opens them. */
export const FOLD_FROM = 300;

/** What can be shown and left out, with what it stands for in the graph. */
export const LAYERS = [
  { layer: "router", text: "Routers", shown: true, has: (node) => node.kind === "device" && node.device === "router" },
  { layer: "switch", text: "Switches", shown: true, has: (node) => node.kind === "device" && node.device === "switch" },
  { layer: "host", text: "Hosts", shown: true, has: (node) => node.kind === "device" && node.device === "host" },
  { layer: "container", text: "Containers", shown: false, has: (node) => node.kind.startsWith("container") },
  { layer: "vm", text: "Virtual machines", shown: false, has: (node) => node.kind.startsWith("vm") },
  { layer: "subnet", text: "Subnets", shown: false, has: (node) => node.kind === "subnet" },
  { layer: "vlan", text: "VLANs", shown: false, has: (node) => node.kind === "vlan" },
];

/** The layer that a node belongs to. */
export function layerOf(node) {
  return LAYERS.find((each) => each.has(node))?.layer ?? "host";
}

/**
 * The graph with what is asked of it again and again.
 * @param {{nodes: any[], edges: any[]}} graph
 */
export function modelOf(graph) {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const sites = new Map(graph.nodes.map((node) => [node.id, node.kind === "device" ? node.site || "" : null]));
  for (const edge of graph.edges) adopt(sites, edge);
  const devices = graph.nodes.filter((node) => node.kind === "device").sort((a, b) => byName(a.label, b.label));
  const names = [...new Set(devices.map((node) => node.site || ""))].sort(byName);
  return { nodes, edges: graph.edges, siteOf: (id) => sites.get(id) || "", devices, siteNames: names };
}

// What runs on a host stands where the host stands.
function adopt(sites, edge) {
  if (edge.relation !== "runs on" && edge.relation !== "on host") return;
  for (const [one, other] of [
    [edge.source, edge.target],
    [edge.target, edge.source],
  ]) {
    if (sites.get(one) === null && sites.get(other) !== null) sites.set(one, sites.get(other));
  }
}

/**
 * The elements of the map.
 * @param {ReturnType<typeof modelOf>} model
 * @param {{layers: Set<string>, site: string | null, folded: Set<string>}} view
 * @returns {{nodes: Map<string, any>, edges: Map<string, any>}}
 */
export function elementsOf(model, view) {
  const nodes = new Map();
  const standsFor = new Map();
  const framed = model.siteNames.some(Boolean);
  for (const node of model.nodes.values()) {
    const site = model.siteOf(node.id);
    if (!view.layers.has(layerOf(node)) || (view.site !== null && site !== view.site)) continue;
    const free = node.kind === "vlan" || node.kind === "subnet";
    if (!free && framed) frame(nodes, site, view.folded.has(site), node);
    if (!free && view.folded.has(site)) {
      standsFor.set(node.id, siteId(site));
      continue;
    }
    nodes.set(node.id, {
      ...node,
      id: node.id,
      parent: free || !framed ? undefined : siteId(site),
      layer: layerOf(node),
    });
    standsFor.set(node.id, node.id);
  }
  return { nodes, edges: edgesOf(model, standsFor) };
}

export function siteId(site) {
  return `site:${site}`;
}

function frame(nodes, site, folded, node) {
  const id = siteId(site);
  const known = nodes.get(id) || {
    id,
    kind: "site",
    layer: "site",
    site,
    label: site || "no site",
    folded,
    count: 0,
    health: "ok",
  };
  if (node.kind === "device") {
    known.count += 1;
    if (severity(node.health) < severity(known.health)) known.health = node.health;
  }
  if (folded) known.label = `${site || "no site"}\n${known.count} devices`;
  nodes.set(id, known);
}

function edgesOf(model, standsFor) {
  const edges = new Map();
  for (const edge of model.edges) {
    const [source, target] = [standsFor.get(edge.source), standsFor.get(edge.target)];
    if (source === undefined || target === undefined || source === target) continue;
    const merged = source !== edge.source || target !== edge.target;
    if (merged) merge(edges, source, target, edge);
    else edges.set(edgeId(edge), { ...edge, id: edgeId(edge), count: 1 });
  }
  return edges;
}

function merge(edges, source, target, edge) {
  if (!isCable(edge)) return;
  const [one, other] = source < target ? [source, target] : [target, source];
  const id = `merged ${one} ${other}`;
  const known = edges.get(id) || {
    id,
    source: one,
    target: other,
    relation: "link",
    merged: true,
    count: 0,
    vlans: "",
  };
  if (edge.relation === "link") known.count += 1;
  if (isFinding(edge.cabling)) known.cabling = edge.cabling;
  known.vlans = [known.vlans, edge.vlans].filter(Boolean).join(",");
  known.label = known.count > 1 ? `${known.count} links` : "";
  edges.set(id, known);
}

/** Whether an edge is a cable: one that is declared, or one that is only heard. */
export function isCable(edge) {
  return edge.relation === "link" || edge.relation === "heard";
}

/** A name for an edge that stays the same while the edge does. */
export function edgeId(edge) {
  return [edge.relation, edge.source, edge.target, edge.a_port, edge.b_port, edge.interface, edge.address]
    .filter(Boolean)
    .join(" ");
}

/**
 * The ids of the nodes and edges that a VLAN goes over.
 * @param {ReturnType<typeof modelOf>} model
 * @param {number} vlan
 */
export function partsOfVlan(model, vlan) {
  const lit = new Set([`vlan:${vlan}`]);
  for (const edge of model.edges) {
    const ends = [edge.source, edge.target];
    const isAt = ends.includes(`vlan:${vlan}`);
    if (isAt || (edge.relation === "link" && inVlans(edge.vlans, vlan)))
      [...ends, edgeId(edge)].forEach((id) => lit.add(id));
  }
  return lit;
}

/** A node with all that is one edge away from it. */
export function partsAround(model, id) {
  const lit = new Set([id]);
  for (const edge of model.edges) {
    if (edge.source === id || edge.target === id)
      [edge.source, edge.target, edgeId(edge)].forEach((each) => lit.add(each));
  }
  return lit;
}

/** The cables of a device, declared or heard, as its own end sees them: port, and the port of the other end. */
export function linksOf(model, id) {
  return model.edges
    .filter((edge) => isCable(edge) && (edge.source === id || edge.target === id))
    .map((edge) => {
      const isA = `device:${edge.a}` === id;
      const other = model.nodes.get(edge.source === id ? edge.target : edge.source);
      return { edge, other, port: isA ? edge.a_port : edge.b_port, otherPort: isA ? edge.b_port : edge.a_port };
    })
    .sort((a, b) => byName(a.port, b.port));
}

/** Whether a device is one of those that are looked for. */
export function fits(view, node) {
  const hay = [node.label, node.management, node.model, node.role, node.site].join(" ").toLowerCase();
  return (!view.health || node.health === view.health) && hay.includes(view.text.toLowerCase());
}
