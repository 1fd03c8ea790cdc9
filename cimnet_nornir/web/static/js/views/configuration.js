// The configuration of a device: what is intended with who is behind each line, what runs, and how they differ.

import { get } from "../api.js";
import { h, redraw } from "../dom.js";
import { count, time } from "../format.js";
import { changes, empty, keepFresh } from "../fresh.js";
import { diffCount, diffView } from "../parts/diff.js";
import { href, setQuery } from "../router.js";
import { drawBadge } from "./device.js";

const PARTS = [
  ["intended", "Intended"],
  ["running", "Running"],
  ["diff", "Difference"],
];

/** @param {HTMLElement} place @param {string} name @param {Element} badge @param {AbortSignal} signal */
export async function showConfiguration(place, name, badge, signal) {
  const view = { part: new URLSearchParams(location.search).get("part") || "intended", text: "" };
  const differs = changes(place);
  const path = `/devices/${encodeURIComponent(name)}`;
  await keepFresh({
    place,
    signal,
    every: 1500,
    load: async (still) => {
      const [page, { status }] = await Promise.all([get(`${path}/configuration`, {}, still), get(path, {}, still)]);
      drawBadge(badge, status);
      if (differs(page)) draw(place, page, view);
    },
  });
}

function draw(place, page, view) {
  const pick = (part) => {
    view.part = part;
    setQuery({ part: part === "intended" ? null : part });
    draw(place, page, view);
  };
  redraw(
    place,
    h(
      "div",
      { class: "segments", role: "group", "aria-label": "Which configuration" },
      PARTS.map(([part, text]) =>
        h(
          "button",
          {
            type: "button",
            "aria-pressed": String(part === view.part),
            data: { key: `part-${part}` },
            on: { click: () => pick(part) },
          },
          text,
          part === "diff" && page.diff ? [" ", diffCount(page.diff)] : "",
        ),
      ),
    ),
    SHOWN[view.part]?.(page) ?? SHOWN.intended(page),
  );
}

const SHOWN = { intended: blame, running, diff };

function blame(page) {
  if (!page.intended.length)
    return empty("Nothing is intended", "No line of this device's configuration comes from the events.", null);
  let before = "";
  const lines = page.intended.map((line) => {
    const story = line.event ?? "none";
    const same = story === before;
    before = story;
    return h(
      "tr",
      { class: same ? "same" : "" },
      h("td", { class: "who" }, same ? "" : storyOf(line)),
      h("td", { class: "line" }, h("code", {}, " ".repeat(indentOf(line)) + line.text.trimStart())),
    );
  });
  return h(
    "section",
    { class: "panel" },
    h(
      "p",
      { class: "hint-line" },
      `${count(page.intended.length, "line")}, each beside who asked for it, when and why.`,
    ),
    h(
      "div",
      {
        class: "table-frame blame",
        role: "region",
        tabindex: "0",
        "aria-label": "Intended configuration",
        data: { key: "blame" },
      },
      h(
        "table",
        {},
        h(
          "thead",
          { class: "unseen" },
          h("tr", {}, h("th", { scope: "col" }, "Who, when and why"), h("th", { scope: "col" }, "Line")),
        ),
        h("tbody", {}, lines),
      ),
    ),
  );
}

function indentOf(line) {
  return line.indent || /^ */.exec(line.text)[0].length;
}

function storyOf(line) {
  if (!line.event) return h("span", { class: "muted" }, line.template || "no event");
  const told = [line.type, line.reason, line.pushed_by && `brought by ${line.pushed_by}`].filter(Boolean).join(" · ");
  return h(
    "a",
    {
      href: href(`/event/${encodeURIComponent(line.event)}`),
      title: told,
      data: { key: `story-${line.position}-${line.text}` },
    },
    h("span", { class: "person" }, line.actor),
    h("span", { class: "when" }, time(line.when).slice(0, 16)),
    h("span", { class: "reason" }, line.reason || line.type),
  );
}

function running(page) {
  if (page.running === null) return notRead(page);
  return h(
    "section",
    { class: "panel" },
    h("p", { class: "hint-line" }, `As it was read ${time(page.running_at)}, without secrets.`),
    h(
      "pre",
      { class: "code", tabindex: "0", "aria-label": "Running configuration", data: { key: "running" } },
      page.running,
    ),
  );
}

function diff(page) {
  if (page.running === null) return notRead(page);
  if (!page.diff) return empty("No difference", "What ran when it was read is what is intended.", null);
  return h(
    "section",
    { class: "panel" },
    h("p", { class: "hint-line" }, `From what ran ${time(page.running_at)} to what is intended.`),
    diffView(page.diff, "From running to intended"),
  );
}

function notRead(page) {
  return empty(
    "Nobody has read it yet",
    `What runs in ${page.environment} is known after a plan or a push.`,
    "cimnet plan",
  );
}
