// Names with their values, as many beside one another as there is room for.

import { h } from "../dom.js";

/**
 * What has no value is left out.
 * @param {[string, any][]} pairs
 */
export function facts(pairs) {
  const known = pairs.filter(([, value]) => value !== null && value !== undefined && value !== "" && value !== false);
  return h(
    "dl",
    { class: "facts" },
    known.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))),
  );
}
