// The stream of events; the one that is picked is told beside it.

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { title } from "../parts/frame.js";
import { setQuery } from "../router.js";
import { showEvent } from "./event.js";
import { showEvents } from "./event_list.js";

/** @param {HTMLElement} root @param {import("../router.js").Route} route @param {AbortSignal} signal */
export async function show(root, route, signal) {
  title("Events");
  const list = h("div", { class: "events-list" });
  const beside = h("aside", { class: "beside", "aria-label": "Event", hidden: true });
  root.append(h("header", { class: "page-head" }, h("h1", {}, "Events")), h("div", { class: "split" }, list, beside));
  /** @type {AbortController | null} */
  let shown = null;
  const close = () => {
    shown?.abort();
    beside.hidden = true;
    beside.replaceChildren();
    setQuery({ event: null });
  };
  const pick = (position) => {
    shown?.abort();
    shown = new AbortController();
    const place = h("div", {});
    beside.replaceChildren(
      h(
        "button",
        { class: "tool close", type: "button", "aria-label": "Close the event", on: { click: close } },
        icon("close"),
      ),
      place,
    );
    beside.hidden = false;
    setQuery({ event: position });
    showEvent(place, String(position), AbortSignal.any([signal, shown.signal]));
  };
  const begin = route.query.get("event");
  if (begin) pick(begin);
  await showEvents(list, { query: route.query, pick: (event) => pick(event.position) }, signal);
}
