// The line that says that the page shows the past, since when, and how to come back.

import { h } from "../dom.js";
import { time } from "../format.js";
import { icon } from "../icons.js";
import { showMoment } from "../router.js";
import { on, state } from "../state.js";

export function drawPast() {
  const place = /** @type {HTMLElement} */ (document.getElementById("past"));
  const draw = () => {
    place.hidden = state.at === null;
    document.documentElement.classList.toggle("in-the-past", state.at !== null);
    if (state.at === null) return place.replaceChildren();
    const known = state.network?.position === state.at ? time(state.network.at) : "";
    place.replaceChildren(
      icon("clock"),
      h(
        "p",
        {},
        h("strong", {}, "As of event ", state.at),
        known && ` · ${known}`,
        h("span", { class: "wide" }, " · what you see is how the network was then"),
      ),
      h("button", { class: "button small", type: "button", on: { click: () => showMoment(null) } }, "Back to now"),
    );
  };
  on("moment", draw);
  on("network", draw);
  on("route", draw);
}
