// Beside the map: how many devices are how, what is shown, and the devices as a list.

import { debounced, h, redraw } from "../dom.js";
import { byName, count } from "../format.js";
import { HEALTH, healthSign, PENDING, severity } from "../health.js";
import { icon } from "../icons.js";
import { fits, LAYERS } from "../graph/model.js";
import { kindWord } from "../parts/search.js";

/** How many devices are how; each figure is a filter. */
export function drawHealth(place, view, { change }) {
  const { devices } = view.model;
  const figures = HEALTH.map((each) => ({
    ...each,
    number: devices.filter((node) => node.health === each.health).length,
  })).filter((each) => each.number || each.health === view.health);
  redraw(
    place,
    h(
      "div",
      { class: "chips", role: "group", "aria-label": "Filter by health" },
      figures.map((each) =>
        h(
          "button",
          {
            type: "button",
            class: `chip tone-${each.name}`,
            "aria-pressed": String(view.health === each.health),
            title: each.says,
            data: { key: `health-${each.health}` },
            on: { click: () => change({ health: view.health === each.health ? null : each.health }) },
          },
          h("span", { class: "sign", "aria-hidden": "true" }, each.sign),
          h("strong", {}, each.number),
          each.health,
        ),
      ),
    ),
  );
}

/** What is shown. */
export function drawFilters(place, view, { change, fold }) {
  const typed = debounced((text) => change({ text }), 150);
  const text = h("input", {
    type: "search",
    id: "filter-text",
    placeholder: "Filter devices",
    "aria-label": "Filter devices",
    value: view.text,
    data: { key: "filter-text" },
    on: { input: (event) => typed(event.target.value) },
  });
  redraw(
    place,
    h("div", { class: "filter-row" }, text, siteSelect(view, change), vlanSelect(view, change)),
    h(
      "details",
      { class: "layers", data: { key: "layers" } },
      h("summary", {}, "Show on the map"),
      h(
        "div",
        { class: "checks", role: "group", "aria-label": "Show on the map" },
        LAYERS.map((each) => layerBox(each, view, change)),
        view.model.siteNames.length > 1 &&
          h(
            "button",
            {
              class: "button small",
              type: "button",
              data: { key: "fold-all" },
              on: { click: () => fold(null) },
            },
            view.folded.size ? "Open all sites" : "Fold all sites",
          ),
      ),
    ),
  );
  if (document.activeElement?.id === "filter-text") text.setSelectionRange(text.value.length, text.value.length);
}

function layerBox({ layer, text }, view, change) {
  const toggle = (event) => {
    const layers = new Set(view.layers);
    if (event.target.checked) layers.add(layer);
    else layers.delete(layer);
    change({ layers });
  };
  const box = h("input", { type: "checkbox", data: { key: `layer-${layer}` }, on: { change: toggle } });
  box.checked = view.layers.has(layer);
  return h("label", {}, box, text);
}

function siteSelect(view, change) {
  const names = view.model.siteNames;
  if (names.length < 2) return null;
  return select(
    "Site",
    "site",
    [["", "All sites"], ...names.map((name) => [`=${name}`, name || "no site"])],
    view.site === null ? "" : `=${view.site}`,
    (value) => change({ site: value ? value.slice(1) : null }),
  );
}

function vlanSelect(view, change) {
  const vlans = [...view.model.nodes.values()].filter((node) => node.kind === "vlan").sort((a, b) => a.vlan - b.vlan);
  if (!vlans.length) return null;
  return select(
    "VLAN",
    "vlan",
    [["", "All VLANs"], ...vlans.map((node) => [String(node.vlan), node.label])],
    String(view.vlan ?? ""),
    (value) => change({ vlan: Number(value) || null }),
  );
}

function select(label, key, options, value, chosen) {
  return h(
    "select",
    {
      "aria-label": label,
      id: `filter-${key}`,
      data: { key: `filter-${key}` },
      on: { change: (event) => chosen(event.target.value) },
    },
    options.map(([name, text]) => h("option", { value: name, selected: name === value }, text)),
  );
}

/** The devices that are looked for, site by site, those that need somebody first in mind by their sign. */
export function drawList(place, view, actions) {
  const found = view.model.devices.filter(
    (node) => fits(view, node) && (view.site === null || (node.site || "") === view.site),
  );
  const sites = Map.groupBy(found, (node) => node.site || "");
  const many = view.model.siteNames.length > 1;
  redraw(
    place,
    h(
      "p",
      { class: "list-count" },
      count(found.length, "device"),
      found.length < view.model.devices.length && ` of ${view.model.devices.length}`,
    ),
    [...sites.keys()]
      .sort(byName)
      .map((site) => (many ? group(site, sites.get(site), view, actions) : rows(sites.get(site), view, actions))),
  );
}

function group(site, nodes, view, actions) {
  const worst = nodes.reduce((found, node) => (severity(node.health) < severity(found) ? node.health : found), "ok");
  const folded = view.folded.has(site);
  const looked = view.text !== "" || view.health !== null;
  const open = (looked || !folded) && nodes.length <= 60;
  // Rows of a thousand devices are made when somebody looks at them.
  const inside = h("div", {}, open && rows(nodes, view, actions));
  const fill = (event) => event.target.open && !inside.childElementCount && inside.append(rows(nodes, view, actions));
  return h(
    "details",
    { class: "site", open, data: { key: `site-${site}-${looked}` }, on: { toggle: fill } },
    h(
      "summary",
      {},
      healthSign(worst),
      h("span", { class: "name" }, site || "no site"),
      h("span", { class: "muted" }, nodes.length),
    ),
    h(
      "button",
      { class: "link-button", type: "button", data: { key: `fold-${site}` }, on: { click: () => actions.fold(site) } },
      folded ? "Open on the map" : "Fold on the map",
    ),
    inside,
  );
}

function rows(nodes, view, actions) {
  return h(
    "ul",
    { class: "rows" },
    nodes.map((node) =>
      h(
        "li",
        { class: view.selected === node.id ? "current" : null },
        h(
          "button",
          {
            type: "button",
            class: "pick",
            "aria-pressed": String(view.selected === node.id),
            data: { key: `pick-${node.id}` },
            on: { click: () => actions.pick(node.id) },
          },
          healthSign(node.health),
          h("span", { class: "name" }, node.label),
          h("span", { class: "muted" }, node.pending ? PENDING : node.role || kindWord(node)),
        ),
        h(
          "a",
          {
            class: "to-page",
            href: actions.page(node.label),
            "aria-label": `Page of ${node.label}`,
            data: { key: `page-${node.id}` },
          },
          icon("forward"),
        ),
      ),
    ),
  );
}
