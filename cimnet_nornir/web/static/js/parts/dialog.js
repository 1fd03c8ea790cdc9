// Dialogs of the browser: they keep the focus, close with Escape, and give the focus back.

import { h } from "../dom.js";
import { icon } from "../icons.js";

let number = 0;

/**
 * Open a dialog; it is gone when it is closed.
 * @param {string} title
 * @param {any[]} content
 * @param {{wide?: boolean}} [options]
 * @returns {HTMLDialogElement}
 */
export function openDialog(title, content, { wide = false } = {}) {
  const id = `dialog-${(number += 1)}`;
  const before = document.activeElement;
  const dialog = h(
    "dialog",
    { class: ["dialog", wide && "wide-dialog"], "aria-labelledby": id },
    h(
      "header",
      {},
      h("h2", { id }, title),
      h(
        "button",
        { class: "tool", type: "button", "aria-label": "Close", on: { click: () => dialog.close() } },
        icon("close"),
      ),
    ),
    content,
  );
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (before instanceof HTMLElement && before.isConnected) before.focus();
  });
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** A line with a label and what is typed in. */
export function field(label, input, hint = "") {
  const id = input.id || `field-${(number += 1)}`;
  input.id = id;
  if (hint) input.setAttribute("aria-describedby", `${id}-hint`);
  return h(
    "div",
    { class: "field" },
    h("label", { for: id }, label),
    input,
    hint && h("p", { class: "hint", id: `${id}-hint` }, hint),
  );
}

/**
 * A form in a dialog: `submit` may throw, and its message is shown; else the dialog closes.
 * @param {any[]} content
 * @param {string} action
 * @param {() => Promise<void>} submit
 * @param {() => HTMLDialogElement} dialog
 */
export function form(content, action, submit, dialog, { danger = false } = {}) {
  const told = h("p", { class: "told-error", role: "alert" });
  const button = h("button", { class: ["button", danger ? "danger" : "primary"], type: "submit" }, action);
  const cancel = h("button", { class: "button", type: "button", on: { click: () => dialog().close() } }, "Cancel");
  return h(
    "form",
    { method: "dialog", on: { submit: (event) => answer(event, button, told, submit, dialog) } },
    content,
    told,
    h("div", { class: "actions" }, cancel, button),
  );
}

async function answer(event, button, told, submit, dialog) {
  event.preventDefault();
  button.disabled = true;
  told.textContent = "";
  try {
    await submit();
    dialog().close();
  } catch (error) {
    told.textContent = error instanceof Error ? error.message : String(error);
  } finally {
    button.disabled = false;
  }
}
