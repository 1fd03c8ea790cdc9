// Tables that can be sorted by their heads.

import { h } from "../dom.js";
import { byName, time } from "../format.js";

/**
 * @template Row
 * @typedef {{key: string, text: string, value?: (row: Row) => any, cell: (row: Row) => any, class?: string,
 *   label?: string, known?: (row: Row) => any}} Column
 * `value` is what is sorted by; a column without it cannot be.
 */

/**
 * A table in a frame that scrolls sideways where it is too wide.
 * @template Row
 * @param {{caption: string, columns: Column<Row>[], rows: Row[], sort?: {key: string, down: boolean} | null,
 *   resort?: (sort: {key: string, down: boolean}) => void, rowClass?: (row: Row) => string | null, key: string}} table
 */
export function table({ caption, columns, rows, sort = null, resort, rowClass = () => null, key }) {
  const shown = sort ? sorted(rows, columns, sort) : rows;
  return h(
    "div",
    { class: "table-frame", role: "region", tabindex: "0", "aria-label": caption, data: { key: `frame-${key}` } },
    h(
      "table",
      {},
      h("caption", { class: "unseen" }, caption),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          columns.map((column) => head(column, sort, resort)),
        ),
      ),
      h(
        "tbody",
        {},
        shown.map((row) =>
          h(
            "tr",
            { class: rowClass(row) },
            columns.map((column, index) => cell(column, row, index)),
          ),
        ),
      ),
    ),
  );
}

/** A moment in a cell: where there is no room its date and its time stand below one another, each whole. */
export function timeCell(text) {
  const parts = time(text).split(" ");
  return h("time", { datetime: text }, h("span", {}, parts[0]), " ", h("span", {}, parts[1]));
}

function head(column, sort, resort) {
  const mine = sort?.key === column.key;
  const order = mine ? (sort.down ? "descending" : "ascending") : null;
  const content =
    column.value && resort
      ? h(
          "button",
          {
            type: "button",
            class: "sort",
            data: { key: `sort-${column.key}` },
            on: { click: () => resort({ key: column.key, down: mine ? !sort.down : false }) },
          },
          column.text,
          h("span", { class: "arrow", "aria-hidden": "true" }, mine ? (sort.down ? "↓" : "↑") : ""),
        )
      : column.text || h("span", { class: "unseen" }, column.label);
  return h("th", { scope: "col", class: column.class, "aria-sort": order }, content);
}

function cell(column, row, index) {
  return index === 0
    ? h("th", { scope: "row", class: column.class }, column.cell(row))
    : h("td", { class: column.class }, column.cell(row));
}

function sorted(rows, columns, { key, down }) {
  const value = columns.find((column) => column.key === key)?.value;
  if (!value) return rows;
  const found = [...rows].sort((a, b) => compare(value(a), value(b)));
  return down ? found.reverse() : found;
}

// What is not known comes last.
function compare(a, b) {
  const [noA, noB] = [a === null || a === undefined || a === "", b === null || b === undefined || b === ""];
  if (noA || noB) return Number(noA) - Number(noB);
  return typeof a === "number" && typeof b === "number" ? a - b : byName(String(a), String(b));
}
