// The plans that are kept: to look at, and with a token to make new ones.

import { get, send } from "../api.js";
import { h, redraw } from "../dom.js";
import { count, short } from "../format.js";
import { changes, empty, keepFresh } from "../fresh.js";
import { toneBadge } from "../health.js";
import { field, form, openDialog } from "../parts/dialog.js";
import { title } from "../parts/frame.js";
import { showJob } from "../parts/jobs.js";
import { table, timeCell } from "../parts/table.js";
import { go, href } from "../router.js";
import { mayChange, on, state } from "../state.js";

const COMMAND = "cimnet plan -o change.plan";
const COLUMNS = [
  {
    key: "digest",
    text: "Plan",
    cell: (row) =>
      h(
        "a",
        { href: href(`/plan/${short(row.digest)}`), data: { key: `plan-${row.digest}` } },
        h("code", {}, short(row.digest)),
      ),
  },
  { key: "created", text: "Made", cell: (row) => timeCell(row.created) },
  { key: "author", text: "By", cell: (row) => row.author },
  {
    key: "changes",
    text: "Changes",
    cell: (row) => (row.changes ? `${row.changes} of ${count(row.devices, "device")}` : "none"),
  },
  { key: "state", text: "State", cell: (row) => planBadge(row) },
  { key: "approvals", text: "Approved by", cell: (row) => approvalWords(row) },
];

/** @param {HTMLElement} root @param {import("../router.js").Route} route @param {AbortSignal} signal */
export async function show(root, route, signal) {
  title("Plans");
  const place = h("div", { class: "stack" });
  const job = h("div", {});
  const action = h("div", { class: "actions" });
  root.append(h("header", { class: "page-head" }, h("h1", {}, "Plans"), action), job, place);
  const drawAction = () =>
    redraw(
      action,
      mayChange() &&
        h(
          "button",
          {
            class: "button primary",
            type: "button",
            id: "new-plan",
            on: { click: () => askForPlan(job, signal) },
          },
          "Plan",
        ),
    );
  on("session", drawAction, signal);
  on("moment", drawAction, signal);
  drawAction();
  const differs = changes(place);
  await keepFresh({
    place,
    signal,
    every: 1500,
    load: async (still) => {
      const { plans } = await get("/plans", {}, still);
      if (differs(plans, mayChange(), state.session?.may)) redraw(place, list(plans));
    },
  });
}

function list(rows) {
  if (!rows.length) return empty("No plan is kept", `${whereToPlan()} At the command line a plan is a file:`, COMMAND);
  return [
    !mayChange() &&
      h("p", { class: "hint-line" }, whereToPlan(), " At the command line it is ", h("code", {}, COMMAND), "."),
    table({ caption: "Plans", key: "plans", columns: COLUMNS, rows }),
  ];
}

// Who may make a plan here, and what it takes for others.
function whereToPlan() {
  if (mayChange()) return "Make one here.";
  if (state.session?.may === "change") return "Back to now, a plan can be made here.";
  return `Log in${state.session?.actor ? " with a token that may change things" : ""}, and a plan can be made here.`;
}

/** How a plan stands. */
export function planBadge(plan) {
  if (plan.carried_out) return toneBadge("ok", "carried out", "✓");
  if (!plan.changes) return toneBadge("unknown", "nothing to do", "–");
  if (plan.stale) return toneBadge("drift", "intent moved on", "≠");
  return plan.approved ? toneBadge("ok", "approved", "✓") : toneBadge("unknown", "not approved", "…");
}

/** Who approved a plan, of how many that are wanted. */
export function approvalWords(plan) {
  const names = plan.approvals.filter((each) => each.valid).map((each) => each.signer);
  const wanted = Math.max(1, plan.required);
  return names.length ? `${names.join(", ")} (${names.length} of ${wanted})` : `nobody (0 of ${wanted})`;
}

function askForPlan(place, signal) {
  const limit = h("input", { type: "text", id: "plan-limit", placeholder: "all devices", spellcheck: "false" });
  const dialog = openDialog("Plan", [
    form(
      [
        h("p", {}, "Reads the devices and compares them with what is intended. Nothing is changed."),
        field("Devices", limit, "Names, patterns such as acc*, group:NAME, !not; commas between."),
      ],
      "Plan",
      async () => {
        const words = limit.value
          .split(",")
          .map((word) => word.trim())
          .filter(Boolean);
        const { job } = await send("POST", "/plans", { limit: words });
        planning(place, job, signal);
      },
      () => dialog,
    ),
  ]);
  limit.focus();
}

async function planning(place, id, signal) {
  const job = await showJob(place, "Planning", id, signal);
  if (job.state === "done" && job.result?.digest && !signal.aborted) go(`/plan/${short(job.result.digest)}`);
}
