// Which view an address stands for. Every view has an address of its own, and the moment that is shown is part of it.

import { emit, state } from "./state.js";

const VIEWS = [
  [/^\/(?:topology)?$/, "topology"],
  [/^\/devices$/, "devices"],
  [/^\/device\/([^/]+)(?:\/([a-z]+))?$/, "device"],
  [/^\/deployments$/, "deployments"],
  [/^\/deployment\/([^/]+)$/, "deployment"],
  [/^\/events$/, "events"],
  [/^\/event\/([^/]+)$/, "event"],
  [/^\/plans$/, "plans"],
  [/^\/plan\/([^/]+)$/, "plan"],
];

// The API calls them so: /devices/acc1 leads to /device/acc1. The page has no more parts but for a device.
const OF_THE_API = /^\/(device|deployment|event|plan)s(\/[^/]+)(\/[a-z]+)?\/?$/;

/** @typedef {{view: string, words: string[], query: URLSearchParams}} Route */

/** @type {AbortController | null} */
let shown = null;
/** @type {(route: Route, signal: AbortSignal) => void} */
let show = () => {};

// What is asked for before the first view is shown is asked as of its moment, too.
state.at = momentOf(location.search);

/** @returns {Route} */
export function route() {
  for (const [pattern, view] of VIEWS) {
    const found = pattern.exec(location.pathname);
    if (found) {
      const words = found
        .slice(1)
        .filter((word) => word !== undefined)
        .map(decodeURIComponent);
      return { view, words, query: new URLSearchParams(location.search) };
    }
  }
  return { view: "nowhere", words: [], query: new URLSearchParams(location.search) };
}

/** Show the view of the address, and from then on each that the person goes to. */
export function start(render) {
  show = render;
  addEventListener("popstate", () => arrive());
  document.addEventListener("click", followLink);
  draw();
}

function momentOf(search) {
  const text = new URLSearchParams(search).get("at");
  return text && /^\d{1,18}$/.test(text) ? Number(text) : null;
}

/** The address of a page at the moment that is shown. `path` may have a query. */
export function href(path) {
  if (state.at === null) return path;
  return `${path}${path.includes("?") ? "&" : "?"}at=${state.at}`;
}

/** Go to a page. */
export function go(path) {
  history.pushState(null, "", path);
  arrive();
}

/** Change parameters of the address without leaving the view. An empty value takes the parameter away. */
export function setQuery(values) {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(values)) {
    if (value === null || value === undefined || value === "") query.delete(name);
    else query.set(name, String(value));
  }
  history.replaceState(null, "", location.pathname + (query.size ? `?${query}` : ""));
}

/** Show another moment: an event number, or null for now. */
export function showMoment(at) {
  if (at === state.at) return;
  setQuery({ at });
  state.at = at;
  emit("moment", at);
}

function arrive() {
  const at = momentOf(location.search);
  const moved = at !== state.at;
  state.at = at;
  draw();
  if (moved) emit("moment", at);
}

function draw() {
  useOwnAddress();
  shown?.abort();
  shown = new AbortController();
  show(route(), shown.signal);
}

function useOwnAddress() {
  const [, view, name, part] = OF_THE_API.exec(location.pathname) || [];
  if (view) history.replaceState(null, "", `/${view}${name}${(view === "device" && part) || ""}${location.search}`);
}

function followLink(event) {
  const link = event.target instanceof Element ? event.target.closest("a[href^='/']") : null;
  const elsewhere =
    event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
  if (!(link instanceof HTMLAnchorElement) || elsewhere || link.target) return;
  event.preventDefault();
  go(link.getAttribute("href"));
}
