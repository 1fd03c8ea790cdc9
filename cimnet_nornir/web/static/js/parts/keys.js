// What can be done by single keys.

import { h } from "../dom.js";
import { go, href, showMoment } from "../router.js";
import { openDialog } from "./dialog.js";
import { step } from "./timeline.js";

const KEYS = [
  ["/", "Search", () => document.getElementById("search-text")?.focus()],
  ["1", "Topology", () => go(href("/"))],
  ["2", "Devices", () => go(href("/devices"))],
  ["3", "Deployments", () => go(href("/deployments"))],
  ["4", "Events", () => go(href("/events"))],
  ["5", "Plans", () => go(href("/plans"))],
  [",", "One request back in time", () => step(-1)],
  [".", "One request forward", () => step(1)],
  ["n", "Back to now", () => showMoment(null)],
  ["t", "Dark or light", () => window.cimnetTheme.toggle()],
  ["?", "These keys", openShortcuts],
];
const MAP_KEYS = [
  ["Arrow keys", "Move the map (when it has the focus)"],
  ["+ and −", "Zoom the map"],
  ["0", "Fit the map"],
  ["Escape", "Close what is open, let go of what is chosen"],
];

/** Listen to the keys, except while somebody types. */
export function useShortcuts() {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const found = KEYS.find(([key]) => key === event.key);
    if (!found || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    found[2]();
  });
}

function isTyping(target) {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable ||
    target.matches("textarea, select, input:not([type=range], [type=checkbox], [type=radio])")
  );
}

export function openShortcuts() {
  const rows = [...KEYS, ...MAP_KEYS].map(([key, text]) =>
    h("tr", {}, h("th", { scope: "row" }, h("kbd", {}, key)), h("td", {}, text)),
  );
  openDialog("Keys", [h("table", { class: "keys" }, h("tbody", {}, rows))]);
}
