// How a device is, in colour, shape and word: nobody has to tell colours apart.

import { h } from "./dom.js";

/** Every health, the best first, with the sign that stands for it. `name` is that of its colour in the style sheet. */
export const HEALTH = [
  { health: "ok", name: "ok", sign: "✓", says: "It answers, and runs what is intended." },
  { health: "deploying", name: "deploying", sign: "▶", says: "It is being pushed to." },
  { health: "drift", name: "drift", sign: "≠", says: "What runs was changed by others." },
  { health: "failed", name: "failed", sign: "✕", says: "The last push to it failed." },
  { health: "in doubt", name: "doubt", sign: "?", says: "A push was started, and its outcome is not known." },
  { health: "unreachable", name: "unreachable", sign: "!", says: "It did not answer." },
  { health: "unknown", name: "unknown", sign: "–", says: "Nobody has looked at it." },
];
const KNOWN = new Map(HEALTH.map((each) => [each.health, each]));

/** What is known of a health by its word. */
export function healthOf(word) {
  return KNOWN.get(word) || { health: word, name: "unknown", sign: "–", says: "" };
}

/** The worst first, for sorting. */
export function severity(word) {
  const order = ["in doubt", "failed", "unreachable", "drift", "deploying", "unknown", "ok"];
  const place = order.indexOf(word);
  return place < 0 ? order.length : place;
}

/** A badge with sign and word. */
export function healthBadge(word, text = word) {
  const { name, sign, says } = healthOf(word);
  return h(
    "span",
    { class: `badge tone-${name}`, title: says || null },
    h("span", { class: "sign", "aria-hidden": "true" }, sign),
    text,
  );
}

/** The sign alone, in its colour, with the word for whoever cannot see it. */
export function healthSign(word) {
  const { name, sign, says } = healthOf(word);
  return h(
    "span",
    { class: `dot tone-${name}`, title: `${word}: ${says}` },
    h("span", { "aria-hidden": "true" }, sign),
    h("span", { class: "unseen" }, word),
  );
}

/** What a device has where what is intended is newer than what was applied to it last; nothing where it is not. */
export function pendingBadge({ pending }) {
  return pending && toneBadge("deploying", PENDING, "…", "What is intended is newer than what was applied to it last.");
}

/** The word for it, all over the page. */
export const PENDING = "change pending";

const CABLING = {
  ok: ["ok", "✓", "One end hears the other, as declared."],
  missing: ["failed", "✕", "Both ends are up, and neither hears the other."],
  unexpected: ["failed", "≠", "They hear one another where no link is declared."],
  wrong: ["failed", "✕", "Another device or port is heard than is declared."],
  unknown: ["unknown", "–", "Nothing is heard that would tell."],
};

/** Whether a cable is not as it is declared. */
export function isFinding(verdict) {
  return ["missing", "unexpected", "wrong"].includes(verdict);
}

/** A badge for what is known of a cable; `reason` is what that rests on. */
export function cablingBadge(verdict, reason = "") {
  const [tone, sign, says] = CABLING[verdict] || CABLING.unknown;
  return toneBadge(tone, verdict, sign, reason || says);
}

const OUTCOME_TONES = {
  applied: "ok",
  unchanged: "ok",
  running: "deploying",
  waiting: "unknown",
  "not started": "unknown",
  "taken back": "drift",
  "not confirmed": "drift",
  "not saved": "drift",
  stale: "drift",
  busy: "drift",
  differs: "drift",
  "in doubt": "doubt",
  unreachable: "unreachable",
  "check failed": "failed",
};
const TONE_SIGNS = { ok: "✓", deploying: "▶", drift: "↩", failed: "✕", doubt: "?", unreachable: "!", unknown: "–" };

// Nothing failed: the device was not touched.
const NOTHING_SENT = ["stale", "busy", "not started"];

/** Whether a device was left as it was, since intent had moved on, somebody else was at it, or others failed. */
export function isNothingSent(outcome) {
  return NOTHING_SENT.includes(outcome);
}

/** The colour of what became of a push. */
export function outcomeTone(outcome) {
  return OUTCOME_TONES[outcome] || "failed";
}

/** A badge for what became of a push. */
export function outcomeBadge(outcome, text = outcome) {
  const tone = outcomeTone(outcome);
  return toneBadge(tone, text, TONE_SIGNS[tone]);
}

/** A badge in one of the colours; `says` tells more to whoever points at it. */
export function toneBadge(tone, text, sign = "", says = "") {
  return h(
    "span",
    { class: `badge tone-${tone}`, title: says || null },
    sign && h("span", { class: "sign", "aria-hidden": "true" }, sign),
    text,
  );
}
