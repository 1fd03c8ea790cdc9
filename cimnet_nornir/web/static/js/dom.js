// Elements from plain values. Text is always set as text: nothing that a device or a person wrote is ever markup.

const SVG = "http://www.w3.org/2000/svg";
const SCROLLED = ".table-frame, pre, .beside, .diagram";

/**
 * An element with attributes and children.
 *
 * `class`, `text` and `on` ({event: listener}) are special, `data` sets data attributes, and `style` sets properties
 * one by one, as a content security policy without inline styles wants it. Attributes that are null, undefined or
 * false are left out; children that are null, undefined or false too.
 * @param {string} tag
 * @param {Record<string, any>} [attributes]
 * @param {...(Node | string | number | null | undefined | false | any[])} children
 * @returns {any}
 */
export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** The same for SVG. */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) set(element, name, value);
  }
  element.append(...children.flat(Infinity).filter(isShown).map(asNode));
  return element;
}

function isShown(child) {
  return child !== null && child !== undefined && child !== false && child !== "";
}

function asNode(child) {
  return child instanceof Node ? child : document.createTextNode(String(child));
}

function set(element, name, value) {
  if (name === "class") element.setAttribute("class", Array.isArray(value) ? value.filter(Boolean).join(" ") : value);
  else if (name === "text") element.textContent = value;
  else if (name === "value") element.value = value;
  else if (name === "on")
    for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
  else if (name === "data") for (const [key, entry] of Object.entries(value)) element.dataset[key] = entry;
  else if (name === "style") for (const [key, entry] of Object.entries(value)) element.style.setProperty(key, entry);
  else element.setAttribute(name, value === true ? "" : value);
}

/**
 * Put new content into a container, and keep what the person was at: focus, open details and scrolled parts are found
 * again by their `data-key`.
 * @param {Element} container
 * @param {...any} children
 */
export function redraw(container, ...children) {
  const kept = remember(container);
  container.replaceChildren(...children.flat(Infinity).filter(isShown).map(asNode));
  restore(container, kept);
}

function remember(container) {
  const active = container.contains(document.activeElement) ? document.activeElement : null;
  const keyed = [...container.querySelectorAll("[data-key]")];
  return {
    focus: active instanceof HTMLElement ? active.closest("[data-key]")?.dataset.key : undefined,
    opened: new Map(keyed.filter((each) => each.tagName === "DETAILS").map((each) => [each.dataset.key, each.open])),
    // Only what can be scrolled is asked: the answer makes the browser lay out everything.
    scrolled: new Map(
      keyed
        .filter((each) => each.matches(SCROLLED) && (each.scrollTop || each.scrollLeft))
        .map((each) => [each.dataset.key, [each.scrollTop, each.scrollLeft]]),
    ),
  };
}

function restore(container, { focus, opened, scrolled }) {
  for (const element of container.querySelectorAll("[data-key]")) {
    const key = element.dataset.key;
    if (opened.has(key)) element.open = opened.get(key);
    if (scrolled.has(key)) [element.scrollTop, element.scrollLeft] = scrolled.get(key);
    if (key === focus) element.focus({ preventScroll: true });
  }
}

/** Say something to whoever uses a screen reader. */
export function announce(text) {
  const region = document.getElementById("said");
  if (region) region.textContent = text;
}

/** A short note at the edge of the page, which goes away by itself. `kind` is "ok" or "error". */
export function toast(text, kind = "ok") {
  const shown = h("p", { class: ["toast", kind] }, text);
  document.getElementById("toasts")?.append(shown);
  announce(text);
  setTimeout(() => shown.remove(), kind === "error" ? 12000 : 6000);
}

/**
 * A function that runs at most once in so many milliseconds; the last call is never lost.
 * @param {() => void} run
 * @param {number} every
 * @param {AbortSignal} [signal]
 */
export function throttled(run, every, signal) {
  let timer = 0;
  let last = 0;
  const go = () => {
    timer = 0;
    last = Date.now();
    run();
  };
  signal?.addEventListener("abort", () => clearTimeout(timer));
  return () => {
    if (!timer && !signal?.aborted) timer = setTimeout(go, Math.max(0, last + every - Date.now()));
  };
}

/** A function that runs when it was not called again for so many milliseconds. */
export function debounced(run, quiet) {
  let timer = 0;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => run(...values), quiet);
  };
}
