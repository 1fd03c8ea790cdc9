// How the map looks, in the colours of the page.

import { HEALTH, healthOf } from "../health.js";
import { healthImage, kindImage } from "./images.js";

/** The colours that the style sheet gives to the page, in the theme that is on. */
export function coloursOf(element) {
  const style = getComputedStyle(element);
  const names = [
    "bg",
    "surface",
    "surface-2",
    "line",
    "line-strong",
    "text",
    "muted",
    "accent",
    ...HEALTH.map((each) => each.name),
  ];
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}

/**
 * The style of the map; `large` leaves out what costs time with many elements, `letters` is how many times as large as
 * usual they are.
 * @param {Record<string, string>} colours
 * @param {{large: boolean, letters: number}} options
 */
export function styleOf(colours, { large, letters }) {
  return [
    ...nodeStyles(colours, letters),
    ...siteStyles(colours, letters),
    ...edgeStyles(colours, large, letters),
    ...stateStyles(colours),
  ];
}

function nodeStyles(colours, letters) {
  const border = (node) => colours[healthOf(node.data("health")).name];
  return [
    {
      selector: "node",
      style: {
        label: "data(label)",
        color: colours.text,
        "font-family": "Inter, system-ui, sans-serif",
        "font-size": 12 * letters,
        "font-weight": 500,
        "text-valign": "bottom",
        "text-margin-y": 5,
        "text-wrap": "ellipsis",
        "text-max-width": 130,
        "min-zoomed-font-size": 7,
        "text-background-color": colours.bg,
        "text-background-opacity": 0.85,
        "text-background-padding": 2,
        "text-background-shape": "roundrectangle",
        width: 30,
        height: 30,
        shape: "round-rectangle",
        "background-color": colours.surface,
        "border-width": 1.5,
        "border-color": colours["line-strong"],
      },
    },
    {
      selector: "node[kind = 'device']",
      style: {
        width: 46,
        height: 46,
        "border-width": 2.5,
        "border-color": border,
        "background-image": (node) => [kindImage(node.data(), colours.text), healthImage(node.data("health"), colours)],
        "background-width": ["62%", "20px"],
        "background-height": ["62%", "20px"],
        "background-position-x": ["50%", "100%"],
        "background-position-y": ["50%", "0%"],
        "background-offset-x": [0, "9px"],
        "background-offset-y": [0, "-9px"],
        "background-image-containment": ["inside", "over"],
        "background-clip": ["node", "none"],
        "bounds-expansion": 10,
      },
    },
    { selector: "node[device = 'router']", style: { shape: "ellipse", width: 48, height: 48 } },
    { selector: "node[device = 'host']", style: { width: 40, height: 46 } },
    {
      selector:
        "node[kind = 'container'], node[kind = 'vm'], node[kind = 'container network'], node[kind = 'vm network']",
      style: {
        width: 28,
        height: 28,
        "font-size": 10,
        "font-weight": 400,
        color: colours.muted,
        "background-image": (node) => kindImage(node.data(), colours.muted),
        "background-width": "66%",
        "background-height": "66%",
      },
    },
    {
      selector: "node[kind = 'subnet'], node[kind = 'vlan']",
      style: {
        shape: "round-tag",
        width: (node) => 14 + 6 * node.data("label").length,
        height: 24,
        "font-size": 10,
        "font-weight": 400,
        "text-valign": "center",
        "text-margin-y": 0,
        "text-background-opacity": 0,
        color: colours.muted,
        "background-color": colours["surface-2"],
      },
    },
    { selector: "node[kind = 'vlan']", style: { shape: "round-rectangle" } },
  ];
}

function siteStyles(colours, letters) {
  return [
    {
      selector: "node[kind = 'site']",
      style: {
        shape: "round-rectangle",
        "background-color": colours["surface-2"],
        "background-opacity": 0.45,
        "border-width": 1,
        "border-style": "dashed",
        "border-color": colours["line-strong"],
        padding: 26,
        "text-valign": "top",
        "text-margin-y": -6,
        "font-size": 13 * letters,
        "font-weight": 600,
        color: colours.muted,
        "text-background-opacity": 0,
      },
    },
    {
      selector: "node[kind = 'site'][?folded]",
      style: {
        width: 96,
        height: 58,
        padding: 6,
        "background-opacity": 1,
        "background-color": colours.surface,
        "border-style": "double",
        "border-width": 5,
        "border-color": (node) => colours[healthOf(node.data("health")).name],
        "text-valign": "center",
        "text-margin-y": 0,
        "text-wrap": "wrap",
        "text-max-width": 110,
        color: colours.text,
        "font-size": 12,
      },
    },
  ];
}

function edgeStyles(colours, large, letters) {
  return [
    {
      selector: "edge",
      style: {
        width: 1.2,
        "line-color": colours["line-strong"],
        "curve-style": large ? "haystack" : "bezier",
        "line-style": "dashed",
        "line-dash-pattern": [4, 3],
        "font-size": 9,
        color: colours.muted,
        "min-zoomed-font-size": 6,
      },
    },
    {
      selector: "edge[relation = 'link']",
      style: { width: 2, "line-style": "solid", "line-color": colours.link || colours.muted },
    },
    {
      selector: "edge[relation = 'tunnel']",
      style: { width: 2, "line-style": "dotted", "line-color": colours.accent },
    },
    {
      selector: "edge[?merged]",
      style: {
        width: (edge) => Math.min(10, 1.5 + Math.sqrt(edge.data("count"))),
        label: "data(label)",
        "text-rotation": "autorotate",
        "text-background-color": colours.bg,
        "text-background-opacity": 0.9,
        "text-background-padding": 2,
      },
    },
    { selector: "edge[?a_bundle]", style: { width: 4 } },
    {
      selector: "edge.ports",
      style: {
        "source-label": "data(sourcePort)",
        "target-label": "data(targetPort)",
        "source-text-offset": 42,
        "target-text-offset": 42,
        "text-background-color": colours.bg,
        "text-background-opacity": 0.92,
        "text-background-padding": 2,
        "text-background-shape": "roundrectangle",
        color: colours.text,
        "z-index": 5,
      },
    },
    {
      // What is heard is not what is declared: told by the line's form as well, not by its colour alone.
      selector: "edge[cabling = 'missing'], edge[cabling = 'wrong'], edge[cabling = 'unexpected']",
      style: {
        width: 3,
        "line-style": "dashed",
        "line-color": colours.failed,
        label: "data(cabling)",
        color: colours.failed,
        "font-size": 10 * letters,
        "font-weight": 600,
        "text-background-color": colours.bg,
        "text-background-opacity": 0.9,
        "text-background-padding": 2,
      },
    },
  ];
}

function stateStyles(colours) {
  return [
    { selector: ".dimmed", style: { opacity: 0.22 } },
    { selector: "edge.lit", style: { "line-color": colours.accent, width: 4, "z-index": 3 } },
    {
      selector: "node.lit[kind = 'device'], node.lit[kind = 'vlan'], node.lit[kind = 'subnet']",
      style: {
        "underlay-color": colours.accent,
        "underlay-opacity": 0.16,
        "underlay-padding": 6,
        "underlay-shape": "round-rectangle",
      },
    },
    {
      selector: "node[health = 'deploying'][kind = 'device']",
      style: {
        "underlay-color": colours.deploying,
        "underlay-opacity": 0.28,
        "underlay-padding": 9,
        "underlay-shape": "ellipse",
      },
    },
    {
      selector: ":selected",
      style: {
        "overlay-color": colours.accent,
        "overlay-opacity": 0.16,
        "overlay-padding": 5,
        color: colours.text,
      },
    },
    { selector: "edge:selected", style: { "line-color": colours.accent, width: 4 } },
    { selector: ":active", style: { "overlay-opacity": 0.1, "overlay-color": colours.accent } },
  ];
}
