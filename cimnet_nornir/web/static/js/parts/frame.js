// The frame of the page: its pages, what is live, the theme, who is logged in, and the keys.

import { h, redraw } from "../dom.js";
import { icon } from "../icons.js";
import { href } from "../router.js";
import { on, state } from "../state.js";
import { openShortcuts, useShortcuts } from "./keys.js";
import { loginButton } from "./login.js";
import { drawSearch } from "./search.js";

const PAGES = [
  { view: "topology", path: "/", text: "Topology", also: [] },
  { view: "devices", path: "/devices", text: "Devices", also: ["device"] },
  { view: "deployments", path: "/deployments", text: "Deployments", also: ["deployment"] },
  { view: "events", path: "/events", text: "Events", also: ["event"] },
  { view: "plans", path: "/plans", text: "Plans", also: ["plan"] },
];
let view = "topology";

export function drawFrame() {
  drawSearch(/** @type {HTMLElement} */ (document.getElementById("search")));
  drawTools();
  useShortcuts();
  on("route", (route) => {
    view = route.view;
    drawPages();
  });
  on("moment", drawPages);
  on("network", drawName);
}

function drawPages() {
  const place = /** @type {HTMLElement} */ (document.getElementById("pages"));
  redraw(
    place,
    PAGES.map((page) =>
      h(
        "a",
        {
          href: href(page.path),
          "aria-current": page.view === view || page.also.includes(view) ? "page" : null,
          data: { key: `page-${page.view}` },
        },
        icon(/** @type {any} */ (page.view)),
        h("span", {}, page.text),
      ),
    ),
  );
}

function drawName(network) {
  const name = /** @type {HTMLElement} */ (document.getElementById("network-name"));
  const environment = /** @type {HTMLElement} */ (document.getElementById("environment"));
  name.textContent = network.name || "cimnet";
  environment.textContent = network.environment;
  environment.className = `environment ${network.environment === "real" ? "real" : "lab"}`;
  environment.title = network.environment === "real" ? "The real devices" : "Simulated devices";
  environment.hidden = false;
}

function drawTools() {
  const place = /** @type {HTMLElement} */ (document.getElementById("tools"));
  place.append(liveSign(), themeButton(), shortcutsButton(), loginButton());
}

function liveSign() {
  const word = h("span", {}, "connecting");
  const sign = h(
    "span",
    { class: "live", role: "status", data: { live: "connecting" } },
    h("i", { "aria-hidden": "true" }),
    word,
  );
  on("live", (live) => {
    sign.dataset.live = live;
    word.textContent = live;
  });
  return sign;
}

function themeButton() {
  const button = h("button", {
    class: "tool",
    type: "button",
    id: "theme",
    on: { click: () => window.cimnetTheme.toggle() },
  });
  const draw = () => {
    const dark = window.cimnetTheme.current() === "dark";
    const text = dark ? "Light" : "Dark";
    button.setAttribute("aria-label", `${text} colours`);
    button.title = `${text} colours (t)`;
    button.replaceChildren(icon(dark ? "sun" : "moon"));
  };
  addEventListener("cimnet-theme", draw);
  draw();
  return button;
}

function shortcutsButton() {
  return h(
    "button",
    {
      class: "tool keys-button",
      type: "button",
      "aria-label": "Keyboard shortcuts",
      title: "Keyboard shortcuts (?)",
      on: { click: openShortcuts },
    },
    icon("keyboard"),
  );
}

/** The title of the browser's tab. */
export function title(text) {
  document.title = `${text} · ${state.network?.name || "cimnet"}`;
}
