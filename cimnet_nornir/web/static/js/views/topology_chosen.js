// What is chosen on the map: what it is, how it is, and what it is connected with.

import { h, redraw } from "../dom.js";
import { inVlans, shortPort } from "../format.js";
import { cablingBadge, healthBadge, isFinding, pendingBadge } from "../health.js";
import { icon } from "../icons.js";
import { edgeId, isCable, linksOf } from "../graph/model.js";
import { facts } from "../parts/facts.js";
import { kindWord } from "../parts/search.js";

/** @param {Element} place */
export function drawChosen(place, view, actions) {
  const { model, selected } = view;
  const node = selected && model.nodes.get(selected);
  if (node) return redraw(place, card(node.label, kindWord(node), aboutNode(node, view, actions)));
  const edge = selected && model.edges.find((each) => edgeId(each) === selected);
  if (edge && isCable(edge))
    return redraw(
      place,
      card(edge.relation === "link" ? "Link" : "Heard, not declared", speedOf(edge), aboutLink(edge, model, actions)),
    );
  return redraw(place);
}

function card(name, kind, content) {
  return h(
    "section",
    { class: "card", "aria-label": `Chosen: ${name}` },
    h("header", {}, h("h2", {}, name), h("span", { class: "muted" }, kind)),
    content,
  );
}

function speedOf(edge) {
  return edge.speed ? `${edge.speed >= 1000 ? `${edge.speed / 1000} Gbit/s` : `${edge.speed} Mbit/s`}` : "";
}

function aboutNode(node, view, actions) {
  if (node.kind !== "device") return [facts(otherFacts(node)), related(node, view, actions)];
  return [
    h("p", { class: "badges" }, healthBadge(node.health), pendingBadge(node)),
    facts([
      ["Address", node.management],
      ["Model", node.model],
      ["Role", node.role],
      ["Site", node.site],
    ]),
    links(node, view, actions),
    h(
      "a",
      { class: "button primary", href: actions.page(node.label), data: { key: "chosen-page" } },
      "Open its page",
      icon("forward"),
    ),
  ];
}

function otherFacts(node) {
  return [
    ["Address", node.address],
    ["MAC", node.mac],
    ["Image", node.image],
    ["Driver", node.driver],
    ["Gateway", node.gateway],
    ["Type", node.type],
    ["Continuous", node.kind === "vlan" ? (node.continuous ? "yes" : "no, it has islands") : ""],
  ];
}

function links(node, view, { pick }) {
  const found = linksOf(view.model, node.id);
  if (!found.length) return null;
  return h(
    "ul",
    { class: "links", "aria-label": "Links" },
    found.map(({ edge, other, port, otherPort }) =>
      h(
        "li",
        {
          class: view.vlan && inVlans(edge.vlans, view.vlan) ? "lit" : null,
        },
        h("code", {}, shortPort(port)),
        h("span", { class: "muted", "aria-label": "to" }, "→"),
        h(
          "button",
          {
            class: "link-button",
            type: "button",
            data: { key: `link-${edgeId(edge)}` },
            on: { click: () => pick(other.id) },
          },
          other.label,
        ),
        h("code", {}, shortPort(otherPort)),
        isFinding(edge.cabling) && cablingBadge(edge.cabling),
      ),
    ),
  );
}

// What a VLAN, a subnet, a container or a machine is bound to: the devices first.
function related(node, { model }, { pick }) {
  const ids = new Set(
    model.edges
      .filter((edge) => edge.source === node.id || edge.target === node.id)
      .map((edge) => (edge.source === node.id ? edge.target : edge.source)),
  );
  const others = [...ids].map((id) => model.nodes.get(id)).filter(Boolean);
  if (!others.length) return null;
  return h(
    "p",
    { class: "related" },
    others.map((other) =>
      h(
        "button",
        {
          class: "link-button",
          type: "button",
          title: kindWord(other),
          data: { key: `related-${other.id}` },
          on: { click: () => pick(other.id) },
        },
        other.label,
      ),
    ),
  );
}

function aboutLink(edge, model, { pick }) {
  const end = (name, port) =>
    h(
      "li",
      {},
      h(
        "button",
        {
          class: "link-button",
          type: "button",
          data: { key: `end-${name}` },
          on: { click: () => pick(`device:${name}`) },
        },
        model.nodes.get(`device:${name}`)?.label ?? name,
      ),
      h("code", {}, port),
    );
  return [
    h("ul", { class: "links" }, end(edge.a, edge.a_port), end(edge.b, edge.b_port)),
    facts([
      ["VLANs", edge.vlans],
      ["Bundle", [edge.a_bundle, edge.b_bundle].filter(Boolean).join(", ")],
      ["Cabling", edge.cabling && cablingBadge(edge.cabling)],
    ]),
  ];
}
