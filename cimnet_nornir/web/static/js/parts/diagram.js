// Mermaid diagrams: drawn when somebody opens them, and their text to copy.

import { get } from "../api.js";
import { h, redraw, toast } from "../dom.js";
import { icon } from "../icons.js";
import { mermaid } from "./vendor.js";

let number = 0;

/**
 * A part of the page that draws a diagram when it is opened.
 * @param {string} name
 * @param {string} path
 * @param {AbortSignal} signal
 */
export function diagram(name, path, signal) {
  const place = h("div", { class: "diagram", tabindex: "0", role: "region", "aria-label": name });
  const shown = { text: "" };
  const size = (event) => {
    const whole = place.classList.toggle("actual");
    event.currentTarget.setAttribute("aria-pressed", String(whole));
  };
  const draw = () => details.open && drawInto(place, name, path, shown, signal);
  const details = h(
    "details",
    { class: "panel diagram-panel", data: { key: `diagram-${name}` }, on: { toggle: draw } },
    h("summary", {}, h("h2", {}, name)),
    h(
      "div",
      { class: "actions start" },
      h(
        "button",
        { class: "button small", type: "button", on: { click: () => copy(shown.text) } },
        icon("copy"),
        "Copy as Mermaid",
      ),
      h(
        "button",
        { class: "button small", type: "button", "aria-pressed": "false", on: { click: size } },
        "Actual size",
      ),
    ),
    place,
  );
  addEventListener("cimnet-theme", draw, { signal });
  return { element: details, draw };
}

async function drawInto(place, name, path, shown, signal) {
  try {
    const text = await get(path, {}, signal);
    const library = await mermaid();
    const { svg } = await library.render(`diagram-${(number += 1)}`, text);
    if (signal.aborted) return;
    shown.text = text;
    const drawn = new DOMParser().parseFromString(svg, "text/html").querySelector("svg");
    drawn?.setAttribute("role", "img");
    drawn?.setAttribute("aria-label", name);
    place.replaceChildren(...(drawn ? [document.adoptNode(drawn)] : []));
  } catch (error) {
    if (!signal.aborted)
      redraw(place, h("p", { role: "alert" }, error instanceof Error ? error.message : String(error)));
  }
}

/** Put a text on the clipboard. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast("Copied");
  } catch {
    toast("The browser does not allow to copy here", "error");
  }
}
