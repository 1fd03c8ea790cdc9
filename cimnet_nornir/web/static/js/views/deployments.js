// All deployments, the newest first.

import { get } from "../api.js";
import { h, redraw } from "../dom.js";
import { count, duration, short } from "../format.js";
import { changes, empty, keepFresh } from "../fresh.js";
import { isNothingSent, outcomeTone, toneBadge } from "../health.js";
import { title } from "../parts/frame.js";
import { table, timeCell } from "../parts/table.js";
import { href } from "../router.js";

const PAGE = 50;
const COLUMNS = [
  {
    key: "id",
    text: "Deployment",
    cell: (row) =>
      h(
        "a",
        { href: href(`/deployment/${row.id}`), data: { key: `deployment-${row.id}` } },
        h("code", {}, short(row.id)),
      ),
  },
  { key: "started", text: "Started", cell: (row) => timeCell(row.started) },
  { key: "state", text: "State", cell: (row) => stateBadge(row) },
  {
    key: "counts",
    text: "Devices",
    cell: (row) => [outcomeBar(row), h("span", { class: "muted outcome-words" }, outcomeWords(row))],
  },
  { key: "actor", text: "By", cell: (row) => row.actor },
  { key: "reason", text: "Reason", cell: (row) => row.reason || "–", class: "prose" },
  { key: "took", text: "Took", cell: (row) => took(row), class: "number wide" },
  { key: "method", text: "Method", cell: (row) => [row.method, row.transaction && " · transaction"], class: "wide" },
];

/** @param {HTMLElement} root @param {import("../router.js").Route} route @param {AbortSignal} signal */
export async function show(root, route, signal) {
  title("Deployments");
  const place = h("div", {});
  root.append(h("header", { class: "page-head" }, h("h1", {}, "Deployments")), place);
  const differs = changes(place);
  await keepFresh({
    place,
    signal,
    every: 700,
    load: async (still) => {
      const { deployments } = await get("/deployments", { first: PAGE }, still);
      if (differs(deployments)) redraw(place, list(deployments));
    },
  });
}

function list(rows) {
  if (!rows.length)
    return empty(
      "Nothing was deployed yet",
      "A plan that is carried out shows here while it runs, and stays.",
      "cimnet apply",
    );
  return table({ caption: "Deployments", key: "deployments", columns: COLUMNS, rows });
}

/** Whether it runs, and how it ended. */
export function stateBadge(row) {
  if (row.state === "running") return toneBadge("deploying", "running", "▶");
  if (row.state === "broken off") return toneBadge("doubt", "broken off", "?");
  const bad = Object.keys(row.counts).filter((outcome) => outcomeTone(outcome) !== "ok");
  if (!bad.length) return toneBadge("ok", "done", "✓");
  if (bad.every(isNothingSent)) return toneBadge("drift", "nothing sent", "–");
  if (row.counts["in doubt"]) return toneBadge("doubt", "in doubt", "?");
  return row.counts.applied
    ? toneBadge("drift", "in part", "≠")
    : toneBadge("failed", row.decision === "take back" ? "taken back" : "failed", "✕");
}

/** "7 applied, 1 unreachable" */
export function outcomeWords(row) {
  return Object.entries(row.counts)
    .map(([outcome, number]) => `${number} ${outcome}`)
    .join(", ");
}

/** How many devices came to what, as one bar. */
export function outcomeBar(row) {
  const parts = Object.entries(row.counts);
  return h(
    "span",
    { class: "outcomes", role: "img", "aria-label": `${outcomeWords(row)} of ${count(row.devices, "device")}` },
    parts.map(([outcome, number]) =>
      h("i", { class: `tone-${outcomeTone(outcome)}`, style: { "flex-grow": String(number) } }),
    ),
  );
}

/** How long it took, or has taken until now. */
export function took(row) {
  const end = row.finished ? Date.parse(row.finished) : Date.now();
  return duration((end - Date.parse(row.started)) / 1000);
}
