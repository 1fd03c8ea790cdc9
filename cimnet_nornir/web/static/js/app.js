// The page: its frame, and the view that its address names.

import { get } from "./api.js";
import { h, redraw, throttled } from "./dom.js";
import { empty, trouble } from "./fresh.js";
import { drawFrame } from "./parts/frame.js";
import { drawPast } from "./parts/past.js";
import { drawTimeline } from "./parts/timeline.js";
import { start } from "./router.js";
import { emit, on, state } from "./state.js";
import { follow } from "./stream.js";

const LOADERS = {
  topology: () => import("./views/topology.js"),
  devices: () => import("./views/devices.js"),
  device: () => import("./views/device.js"),
  deployments: () => import("./views/deployments.js"),
  deployment: () => import("./views/deployment.js"),
  events: () => import("./views/events.js"),
  event: () => import("./views/event.js"),
  plans: () => import("./views/plans.js"),
  plan: () => import("./views/plan.js"),
};

const main = /** @type {HTMLElement} */ (document.getElementById("main"));
let first = true;

/** @param {import("./router.js").Route} route @param {AbortSignal} signal */
async function show(route, signal) {
  emit("route", route);
  try {
    if (!(route.view in LOADERS)) return nowhere();
    const view = await LOADERS[route.view]();
    if (signal.aborted) return;
    const root = h("div", { class: `view view-${route.view}` });
    main.replaceChildren(root);
    if (!first) main.focus({ preventScroll: true });
    first = false;
    scrollTo(0, 0);
    await view.show(root, route, signal);
    if (!signal.aborted) root.dataset.ready = route.view;
  } catch (error) {
    if (!signal.aborted)
      redraw(
        main,
        trouble(error, () => location.reload()),
      );
  }
}

function nowhere() {
  document.title = "Not found · cimnet";
  redraw(
    main,
    empty("There is no such page", "The address leads nowhere.", null),
    h("p", { class: "centred" }, h("a", { href: "/" }, "To the topology")),
  );
}

async function loadNetwork() {
  const network = await get("/network");
  state.network = network;
  emit("network", network);
  return network;
}

async function loadSession() {
  state.session = await get("/session", { at: null });
  emit("session", state.session);
}

async function begin() {
  drawFrame();
  drawPast();
  drawTimeline();
  const soon = throttled(() => loadNetwork().catch(() => {}), 1000);
  on("events", soon);
  on("moment", soon);
  // Views say themselves what they cannot show.
  await Promise.allSettled([loadSession(), loadNetwork()]);
  start(show);
  state.head = Math.max(state.head, state.network?.now ?? 0);
  follow(state.head);
}

begin();
