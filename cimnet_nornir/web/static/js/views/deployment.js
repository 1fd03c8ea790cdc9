// One deployment, device by device, as it goes on.

import { get } from "../api.js";
import { announce, h, redraw } from "../dom.js";
import { count, duration, short, time } from "../format.js";
import { changes, keepFresh } from "../fresh.js";
import { outcomeBadge, outcomeTone } from "../health.js";
import { icon } from "../icons.js";
import { diagram } from "../parts/diagram.js";
import { facts } from "../parts/facts.js";
import { title } from "../parts/frame.js";
import { href } from "../router.js";
import { outcomeBar, outcomeWords, stateBadge, took } from "./deployments.js";

/** @param {HTMLElement} root @param {import("../router.js").Route} route @param {AbortSignal} signal */
export async function show(root, route, signal) {
  const [id] = route.words;
  title(`Deployment ${short(id)}`);
  const path = `/deployments/${encodeURIComponent(id)}`;
  const place = h("div", {});
  const chart = diagram("Sequence diagram", `${path}/mermaid`, signal);
  root.append(
    h("p", { class: "crumbs" }, h("a", { href: href("/deployments") }, icon("back"), "Deployments")),
    place,
    chart.element,
  );
  const differs = changes(place);
  let said = "";
  await keepFresh({
    place,
    signal,
    every: 400,
    load: async (still) => {
      const page = pageOf(await get(path, {}, still));
      if (!differs(page)) return;
      redraw(place, summary(page), devices(page));
      chart.draw();
      const words = page.finished ? `Finished: ${outcomeWords(page)}` : outcomeWords(page);
      if (words !== said) announce((said = words));
    },
  });
}

function pageOf({ deployment, request, devices }) {
  return { ...deployment, request, count: deployment.devices, devices };
}

function summary(row) {
  return h(
    "section",
    { class: "panel", "aria-label": "Deployment" },
    h("header", { class: "heading" }, h("h1", {}, "Deployment ", h("code", {}, short(row.id))), stateBadge(row)),
    row.reason && h("p", { class: "why" }, row.reason),
    outcomeBar({ ...row, devices: row.count }),
    h("p", { class: "muted" }, `${outcomeWords(row)} of ${count(row.count, "device")}`),
    facts([
      ["Started", time(row.started)],
      ["Finished", row.finished ? time(row.finished) : row.state === "running" ? "not yet" : "never: cimnet recover"],
      ["Took", took(row)],
      ["By", row.actor],
      ["Method", row.method + (row.transaction ? ", all or nothing" : "")],
      ["Decision", row.decision],
      ["Plan", row.plan && h("code", {}, short(row.plan))],
      ["Environment", row.environment],
      [
        "Request",
        row.request && h("a", { href: href(`/event/${row.request}`), data: { key: "request" } }, "what asked for it"),
      ],
    ]),
  );
}

function devices(page) {
  return h(
    "section",
    { class: "panel", "aria-label": "Devices" },
    h("h2", {}, "Devices"),
    h(
      "ul",
      { class: "pushes" },
      page.devices.map((push) =>
        h("li", { class: `push tone-${outcomeTone(push.outcome)}` }, pushHead(push), carried(push)),
      ),
    ),
  );
}

function pushHead(push) {
  const known = push.seconds !== null && push.seconds !== undefined;
  return h(
    "div",
    { class: "push-head" },
    h(
      "a",
      { class: "name", href: href(`/device/${encodeURIComponent(push.name)}`), data: { key: `push-${push.device}` } },
      push.name,
    ),
    outcomeBadge(push.outcome),
    h(
      "span",
      { class: "muted" },
      [push.lines ? count(push.lines, "line") : "", known ? duration(push.seconds) : ""].filter(Boolean).join(" · "),
    ),
    push.outcome === "running" && h("progress", { "aria-label": `${push.name} is being pushed to` }),
    push.reason && h("p", { class: "reason" }, push.reason),
  );
}

function carried(push) {
  if (!push.carries.length) return null;
  return h(
    "details",
    { data: { key: `lines-${push.device}` } },
    h("summary", {}, "Lines it was sent"),
    h(
      "pre",
      {
        class: "code diff",
        tabindex: "0",
        "aria-label": `Lines sent to ${push.name}`,
        data: { key: `text-${push.device}` },
      },
      push.carries.map((line) =>
        h(
          "span",
          { class: ["line", line.adds ? "added" : "removed"] },
          `${line.adds ? "+" : "-"} ${line.line}`,
          line.events.length > 0 &&
            h(
              "a",
              {
                class: "because",
                href: href(`/event/${line.events.at(-1)}`),
                "aria-label": `Why ${line.line}`,
                title: "The event behind it",
              },
              "why",
            ),
          "\n",
        ),
      ),
    ),
  );
}
