// The pictures on the map: what a thing is in the middle, and how it is as a sign in the corner.

import { healthOf } from "../health.js";

const DRAWINGS = {
  router:
    "M12 4v6M9.5 6.5 12 4l2.5 2.500M12 20v-6M9.5 17.5 12 20l2.5-2.500M20 12h-6M16.5 9.5 14 12l2.5 2.500M4 12h6M7.5 9.5 10 12l-2.5 2.5",
  switch: "M4 8.500h14M15 5.500l3 3-3 3M20 15.500H6M9 12.500l-3 3 3 3",
  routing: "M5 7h12M14.5 4.5 17 7l-2.5 2.500M19 17H7M9.5 14.5 7 17l2.5 2.500M12 9.500v5M9.5 12h5",
  host: "M5 4h14v7H5zM5 13h14v7H5zM8 7.500h.01M8 16.500h.01M12 7.500h4M12 16.500h4",
  container: "M4 8l8-4 8 4v8l-8 4-8-4zM4 8l8 4 8-4M12 12v8",
  vm: "M4 5h16v11H4zM9 20h6M12 16v4",
  network: "M12 5v5M6 19v-4h12v4M12 10v5M9.5 5h5",
};
const kept = new Map();

/** @param {string} text */
function uri(text) {
  return `data:image/svg+xml;utf8,${encodeURIComponent(text)}`;
}

function once(key, make) {
  if (!kept.has(key)) kept.set(key, make());
  return kept.get(key);
}

/** What a node is, in line art of a colour. */
export function kindImage(node, colour) {
  const name = drawingOf(node);
  return once(`${name} ${colour}`, () =>
    uri(
      `<svg xmlns="http://www.w3.org/2000/svg" width="48" height="48" viewBox="0 0 24 24"><path d="${DRAWINGS[name]}" fill="none" stroke="${colour}" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round"/></svg>`,
    ),
  );
}

function drawingOf(node) {
  if (node.kind === "device") return node.device === "switch" && node.routing ? "routing" : node.device;
  if (node.kind === "container" || node.kind === "vm") return node.kind;
  return "network";
}

/** How a device is: its sign on a disc of its colour. */
export function healthImage(health, colours) {
  const { name, sign } = healthOf(health);
  const colour = colours[name];
  return once(`${name} ${colour} ${colours.surface}`, () =>
    uri(
      `<svg xmlns="http://www.w3.org/2000/svg" width="36" height="36" viewBox="0 0 18 18"><circle cx="9" cy="9" r="8" fill="${colour}" stroke="${colours.surface}" stroke-width="1.5"/><g fill="none" stroke="${colours.surface}" stroke-width="1.9" stroke-linecap="round" stroke-linejoin="round"><path d="${SIGNS[sign]}"/></g></svg>`,
    ),
  );
}

const SIGNS = {
  "✓": "M5.5 9.300l2.3 2.3 4.7-4.9",
  "▶": "M7 5.800v6.400l5-3.200z",
  "≠": "M5.5 7.400h7M5.5 10.600h7M10.8 5 7.2 13",
  "✕": "M6.2 6.200l5.6 5.600M11.8 6.200l-5.6 5.6",
  "?": "M6.8 7.200a2.2 2.2 0 1 1 3.3 1.900c-.7.4-1.1.8-1.1 1.400M9 12.800v.01",
  "!": "M9 5v4.800M9 12.700v.01",
  "–": "M6 9h6",
};
