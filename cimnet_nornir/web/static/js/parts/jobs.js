// What the server does for somebody and takes its time: a plan being made, a plan being carried out.

import { get } from "../api.js";
import { h, redraw, throttled, toast } from "../dom.js";
import { on } from "../state.js";

const POLL = 2000;

/**
 * Follow a job until it ends: the stream says when there is something new, and where it is broken the job is asked.
 * @param {string} id
 * @param {(job: any) => void} tell
 * @param {AbortSignal} signal
 * @returns {Promise<any>} the job as it ended
 */
export function followJob(id, tell, signal) {
  const ended = new AbortController();
  const until = AbortSignal.any([signal, ended.signal]);
  return new Promise((resolve) => {
    const take = (job) => {
      if (until.aborted) return;
      tell(job);
      if (job.state === "running") return;
      ended.abort();
      resolve(job);
    };
    const ask = () => get(`/jobs/${encodeURIComponent(id)}`, { at: null }, until).then(take, () => {});
    const soon = throttled(ask, 200, until);
    on("job", (job) => job.id === id && soon(), until);
    const timer = setInterval(soon, POLL);
    until.addEventListener("abort", () => clearInterval(timer));
    soon();
  });
}

/**
 * A panel that tells of a job as it goes on.
 * @param {Element} place
 * @param {string} title
 * @param {string} id
 * @param {AbortSignal} signal
 */
export async function showJob(place, title, id, signal) {
  const draw = (job) =>
    redraw(
      place,
      h(
        "section",
        { class: "panel job", "aria-label": title, "aria-busy": String(job.state === "running") },
        h("h2", {}, job.state === "running" && h("span", { class: "spinner", "aria-hidden": "true" }), title),
        h(
          "pre",
          { class: "told-lines", data: { key: "job-lines" }, tabindex: "0" },
          (job.told || []).join("\n") || "…",
        ),
      ),
    );
  const job = await followJob(id, draw, signal);
  if (job.state === "failed") toast((job.told || []).at(-1) || `${title}: it failed`, "error");
  return job;
}
