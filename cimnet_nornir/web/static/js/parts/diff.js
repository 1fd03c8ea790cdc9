// Differences between texts, line by line, with their signs and in colour.

import { h } from "../dom.js";

/**
 * A unified diff. What is in no section is left as it is.
 * @param {string} text
 * @param {string} label
 */
export function diffView(text, label) {
  return h(
    "pre",
    { class: "code diff", tabindex: "0", "aria-label": label, data: { key: `diff-${label}` } },
    text
      .replace(/\n$/, "")
      .split("\n")
      .map((line) => h("span", { class: ["line", kindOf(line)] }, `${line}\n`)),
  );
}

function kindOf(line) {
  if (line.startsWith("+++") || line.startsWith("---")) return "file";
  if (line.startsWith("@@")) return "place";
  if (line.startsWith("+")) return "added";
  return line.startsWith("-") ? "removed" : "";
}

/** How many lines come and go. */
export function diffCount(text) {
  const lines = text.split("\n").map(kindOf);
  const [added, removed] = [
    lines.filter((kind) => kind === "added").length,
    lines.filter((kind) => kind === "removed").length,
  ];
  return h("span", { class: "diff-count" }, h("ins", {}, `+${added}`), " ", h("del", {}, `−${removed}`));
}
