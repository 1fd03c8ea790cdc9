// Search with suggestions: devices, VLANs, subnets, containers and virtual machines, by name, address or kind.

import { get } from "../api.js";
import { h } from "../dom.js";
import { byName } from "../format.js";
import { icon } from "../icons.js";
import { go, href } from "../router.js";
import { emit } from "../state.js";

const MOST = 12;
const PREFERRED = ["device", "vlan", "subnet", "container", "vm", "container network", "vm network"];
/** @type {any[]} */
let nodes = [];
/** @type {any[]} */
let found = [];
let active = -1;
/** @type {HTMLInputElement} */
let input;
/** @type {HTMLUListElement} */
let list;

export function drawSearch(place) {
  list = h("ul", { id: "search-found", class: "suggestions", role: "listbox", "aria-label": "Found", hidden: true });
  input = h("input", {
    id: "search-text",
    type: "text",
    role: "combobox",
    "aria-expanded": "false",
    "aria-controls": "search-found",
    "aria-autocomplete": "list",
    "aria-label": "Search devices, VLANs, subnets, containers and machines",
    placeholder: "Search",
    autocomplete: "off",
    spellcheck: "false",
    enterkeyhint: "go",
    on: { focus: load, input: suggest, keydown: press, blur: () => setTimeout(close, 150) },
  });
  // The key means something only where there are keys; the style sheet tells.
  place.append(icon("search"), input, h("kbd", { "aria-hidden": "true" }, "/"), list);
}

async function load() {
  try {
    nodes = (await get("/graph")).nodes;
    if (input.value) suggest();
  } catch {
    nodes = [];
  }
}

function suggest() {
  found = matching(nodes, input.value).slice(0, MOST);
  active = found.length ? 0 : -1;
  draw();
}

/**
 * The nodes that fit what was typed, the best first.
 * @param {any[]} all
 * @param {string} text
 */
export function matching(all, text) {
  const words = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return [];
  return all
    .map((node) => ({ node, rank: rankOf(node, words) }))
    .filter((each) => each.rank >= 0)
    .sort((a, b) => a.rank - b.rank || byName(a.node.label, b.node.label))
    .map((each) => each.node);
}

function rankOf(node, words) {
  const kind = PREFERRED.indexOf(node.kind);
  if (kind < 0) return -1;
  const label = node.label.toLowerCase();
  const hay = [
    label,
    kindWord(node),
    node.management,
    node.model,
    node.role,
    node.site,
    node.address,
    node.image,
    node.name,
  ]
    .filter(Boolean)
    .join(" ")
    .toLowerCase();
  if (!words.every((word) => hay.includes(word))) return -1;
  const text = words.join(" ");
  const close =
    label === text || String(node.vlan ?? "") === text
      ? 0
      : label.startsWith(text)
        ? 10
        : label.includes(words[0])
          ? 20
          : 30;
  return close + kind;
}

/** What a node is, in one word. */
export function kindWord(node) {
  if (node.kind !== "device") return node.kind === "vlan" ? "VLAN" : node.kind === "vm" ? "virtual machine" : node.kind;
  return node.device === "switch" && node.routing ? "layer-3 switch" : node.device;
}

function draw() {
  list.replaceChildren(
    ...found.map((node, index) =>
      h(
        "li",
        {
          id: `found-${index}`,
          role: "option",
          "aria-selected": String(index === active),
          on: {
            mousedown: (event) => {
              event.preventDefault();
              choose(node);
            },
          },
        },
        h("span", { class: "label" }, node.label),
        h("span", { class: "kind" }, detailOf(node)),
      ),
    ),
  );
  if (!found.length && input.value.trim()) {
    list.replaceChildren(
      h(
        "li",
        { role: "option", class: "nothing", "aria-disabled": "true", "aria-selected": "false" },
        "Nothing is called so",
      ),
    );
  }
  const open = list.childElementCount > 0;
  list.hidden = !open;
  input.setAttribute("aria-expanded", String(open));
  if (active >= 0) input.setAttribute("aria-activedescendant", `found-${active}`);
  else input.removeAttribute("aria-activedescendant");
  if (active >= 0) list.children[active]?.scrollIntoView({ block: "nearest" });
}

function detailOf(node) {
  return [kindWord(node), node.site, node.management || node.address].filter(Boolean).join(" · ");
}

function press(event) {
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const by = event.key === "ArrowDown" ? 1 : -1;
    if (found.length) active = (active + by + found.length) % found.length;
    draw();
  } else if (event.key === "Enter" && found[active]) {
    event.preventDefault();
    choose(found[active]);
  } else if (event.key === "Escape") {
    input.value = "";
    close();
    input.blur();
  }
}

function close() {
  found = [];
  active = -1;
  list.replaceChildren();
  list.hidden = true;
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
}

// On the map a thing is shown where it is; from elsewhere a device's own page is what is wanted.
function choose(node) {
  input.value = "";
  close();
  input.blur();
  const onMap = document.querySelector(".view-topology") !== null;
  if (onMap) emit("choose", node);
  else if (node.kind === "device") go(href(`/device/${encodeURIComponent(node.label)}`));
  else go(href(`/?select=${encodeURIComponent(node.id)}`));
}
