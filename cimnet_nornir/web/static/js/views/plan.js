// One plan: what each device would be sent, who approved it, and, where it is approved, carrying it out.

import { get, send } from "../api.js";
import { h, redraw } from "../dom.js";
import { count, short, time } from "../format.js";
import { changes, keepFresh } from "../fresh.js";
import { toneBadge } from "../health.js";
import { icon } from "../icons.js";
import { field, form, openDialog } from "../parts/dialog.js";
import { diffCount, diffView } from "../parts/diff.js";
import { facts } from "../parts/facts.js";
import { title } from "../parts/frame.js";
import { showJob } from "../parts/jobs.js";
import { go, href } from "../router.js";
import { mayChange, on, state } from "../state.js";
import { approvalWords, planBadge } from "./plans.js";

/** @param {HTMLElement} root @param {import("../router.js").Route} route @param {AbortSignal} signal */
export async function show(root, route, signal) {
  const [digest] = route.words;
  title(`Plan ${short(digest)}`);
  const place = h("div", {});
  const job = h("div", {});
  root.append(h("p", { class: "crumbs" }, h("a", { href: href("/plans") }, icon("back"), "Plans")), job, place);
  const differs = changes(place);
  await keepFresh({
    place,
    signal,
    every: 1500,
    load: async (still) => {
      const page = await get(`/plans/${encodeURIComponent(digest)}`, {}, still);
      if (differs(page, mayChange()))
        redraw(
          place,
          summary(page, () => askToApply(page, job, signal)),
          devices(page.plan),
        );
    },
  });
}

function summary({ state: standing, plan }, apply) {
  return h(
    "section",
    { class: "panel", "aria-label": "Plan" },
    h("header", { class: "heading" }, h("h1", {}, "Plan ", h("code", {}, short(plan.digest))), planBadge(standing)),
    facts([
      ["Made", time(plan.created)],
      ["By", plan.author],
      ["Environment", plan.environment],
      ["As of event", plan.position],
      ["Changes", standing.changes ? `${standing.changes} of ${count(standing.devices, "device")}` : "none"],
      ["Approved by", approvalWords(standing)],
      [
        "Carried out",
        standing.carried_out &&
          h(
            "a",
            { href: href(`/deployment/${standing.carried_out}`), data: { key: "carried-out" } },
            `deployment ${short(standing.carried_out)}`,
          ),
      ],
    ]),
    approvals(standing),
    next(standing, plan, apply),
  );
}

function approvals({ approvals: given }) {
  if (!given.length) return null;
  return h(
    "ul",
    { class: "plain approvals", "aria-label": "Approvals" },
    given.map((each) =>
      h(
        "li",
        {},
        each.valid ? toneBadge("ok", each.signer, "✓") : toneBadge("failed", each.signer, "✕"),
        h("span", { class: "muted" }, [time(each.at), each.problem, each.note].filter(Boolean).join(" · ")),
      ),
    ),
  );
}

// What has to be done with it, by whoever may.
function next(standing, plan, apply) {
  if (!standing.changes || standing.carried_out) return null;
  if (!standing.approved) {
    return h(
      "div",
      { class: "next" },
      h("p", {}, "Somebody other than its author approves it at the command line:"),
      h(
        "pre",
        { class: "code", tabindex: "0", "aria-label": "How to approve it" },
        `cimnet approve .cimnet/plans/${plan.digest.replace("sha256:", "")}.json`,
      ),
    );
  }
  if (mayChange())
    return h(
      "div",
      { class: "actions start" },
      h(
        "button",
        { class: "button primary", type: "button", id: "apply", data: { key: "apply" }, on: { click: apply } },
        "Apply",
      ),
    );
  return h(
    "p",
    { class: "muted next" },
    state.at === null ? "Log in with a token that may change things to apply it." : "Back to now to apply it.",
  );
}

function devices(plan) {
  const changed = plan.devices.filter((each) => each.commands.length);
  return h(
    "section",
    { class: "panel", "aria-label": "Devices" },
    h("h2", {}, "What is sent"),
    changed.length === 0 && h("p", { class: "muted" }, "Every device runs what is intended."),
    plan.unread.map((each) =>
      h("p", { class: "reason" }, toneBadge("unreachable", each.name, "!"), ` was not read: ${each.reason}`),
    ),
    changed.map((each, index) =>
      h(
        "details",
        { class: "device-plan", open: index === 0 && changed.length < 4, data: { key: `plan-${each.device}` } },
        h(
          "summary",
          {},
          h("span", { class: "name" }, each.name),
          diffCount(each.diff),
          h("span", { class: "muted" }, count(each.commands.length, "command")),
        ),
        [...each.warnings, ...each.cuts].map((text) => h("p", { class: "reason" }, text)),
        each.checks.length > 0 && h("p", { class: "muted" }, `Checked before and after: ${each.checks.join(", ")}`),
        h(
          "p",
          { class: "muted" },
          each.timer ? "The device takes it back by itself where nobody confirms." : each.unprotected,
        ),
        diffView(each.diff, `Difference on ${each.name}`),
      ),
    ),
  );
}

function askToApply({ state: standing, plan }, place, signal) {
  const reason = h("input", {
    type: "text",
    id: "apply-reason",
    required: true,
    placeholder: "CHG-1234",
    maxlength: 500,
  });
  const together = h("input", { type: "checkbox", id: "apply-transaction" });
  const what = `${count(standing.changes, "device")} in the environment ${plan.environment} will be changed.`;
  const dialog = openDialog(`Apply plan ${short(plan.digest)}`, [
    form(
      [
        h("p", {}, h("strong", {}, what)),
        field("Reason", reason, "A text or a ticket; it stands with every event of the deployment."),
        h("label", { class: "check" }, together, "All or nothing: taken back everywhere where one device fails"),
      ],
      "Apply",
      async () => {
        const { job } = await send("POST", `/plans/${encodeURIComponent(plan.digest)}/apply`, {
          transaction: together.checked,
          reason: reason.value.trim(),
        });
        applying(place, job, signal);
      },
      () => dialog,
      { danger: plan.environment === "real" },
    ),
  ]);
  reason.focus();
}

// As soon as the deployment has begun it is watched on its own page.
async function applying(place, id, signal) {
  on(
    "events",
    (events) => {
      const begun = events.find((event) => event.type === "DeploymentStarted");
      if (begun && !signal.aborted) go(`/deployment/${begun.correlation_id}`);
    },
    signal,
  );
  const job = await showJob(place, "Applying", id, signal);
  if (job.result?.deployment && !signal.aborted) go(`/deployment/${job.result.deployment}`);
}
