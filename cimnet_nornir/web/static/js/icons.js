// Line icons, drawn on a square of 24.

import { svg } from "./dom.js";

const PATHS = {
  topology: "M12 8V4M12 8a3 3 0 1 0 0 .01M6 20a2 2 0 1 0 0-.01M18 20a2 2 0 1 0 0-.01M10.5 10.6 7 18M13.5 10.6 17 18",
  devices: "M4 5h16v5H4zM4 14h16v5H4zM7.5 7.5h.01M7.5 16.5h.01M11 7.5h6M11 16.5h6",
  deployments: "M12 15V4M8 8l4-4 4 4M5 14v5h14v-5",
  events: "M5 6h.01M5 12h.01M5 18h.01M9 6h11M9 12h11M9 18h11",
  plans: "M7 3h7l4 4v14H7zM14 3v4h4M10 12h5M10 16h5",
  search: "M11 5a6 6 0 1 0 0 12 6 6 0 0 0 0-12zM15.5 15.5 20 20",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6 19 19M5 19l1.4-1.4M17.6 6.4 19 5",
  moon: "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z",
  keyboard: "M3 7h18v10H3zM7 11h.01M11 11h.01M15 11h.01M8 14h8",
  key: "M8 12a3.5 3.5 0 1 0 0 .01M11.5 12H21M17 12v3M20 12v2",
  person: "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM5 20c.6-3.6 3.4-5.5 7-5.5s6.4 1.9 7 5.5",
  back: "M14 6l-6 6 6 6",
  forward: "M10 6l6 6-6 6",
  now: "M5 5l8 7-8 7zM18 5v14",
  clock: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v4l3 2",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  fit: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  arrange: "M4 5h6v5H4zM14 5h6v5h-6zM9 15h6v5H9zM7 10v2.5h10V10M12 12.5V15",
  fold: "M4 7h16M4 17h16M9 11l3 2.5 3-2.5",
  close: "M6 6l12 12M18 6 6 18",
  copy: "M9 9h10v11H9zM15 9V5H5v11h4",
  open: "M14 5h5v5M19 5l-8 8M17 14v5H5V7h5",
  filter: "M4 6h16l-6 7v5l-4 2v-7z",
  check: "M5 13l4 4L19 7",
};

/**
 * An icon for ornament; what it stands for is said by the text or label beside it.
 * @param {keyof typeof PATHS} name
 */
export function icon(name) {
  return svg(
    "svg",
    { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" },
    svg("path", { d: PATHS[name] }),
  );
}
