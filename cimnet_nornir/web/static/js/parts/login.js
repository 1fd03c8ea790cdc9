// Who is logged in. The token goes to the server once, which keeps it in a cookie that no script can read.

import { forget, send } from "../api.js";
import { h, toast } from "../dom.js";
import { icon } from "../icons.js";
import { emit, on, state } from "../state.js";
import { reconnect } from "../stream.js";
import { field, form, openDialog } from "./dialog.js";

export function loginButton() {
  const name = h("span", {}, "Log in");
  const button = h(
    "button",
    { class: "tool login", type: "button", id: "login", on: { click: () => open() } },
    icon("key"),
    name,
  );
  on("login", openLogin);
  on("session", (session) => {
    const actor = session?.actor;
    name.textContent = actor || "Log in";
    button.setAttribute("aria-label", actor ? `Logged in as ${actor}` : "Log in");
    button.title = actor
      ? `${actor} may ${session.may === "change" ? "read, plan and apply" : "read"}`
      : "Log in with a token";
    button.querySelector("svg")?.replaceWith(icon(actor ? "person" : "key"));
  });
  return button;
}

function open() {
  return state.session?.actor ? openLogout() : openLogin();
}

export function openLogin() {
  const token = h("input", { type: "password", id: "token", autocomplete: "current-password", required: true });
  const text =
    "Without a token the page can be read. With one that may change things it can plan, and carry out approved plans.";
  const dialog = openDialog("Log in", [
    form(
      [h("p", {}, text), field("Token", token, "One of dashboard: tokens in inventory/config.yaml.")],
      "Log in",
      () => login(token.value),
      () => dialog,
    ),
  ]);
  token.focus();
}

async function login(token) {
  took(await send("POST", "/session", { token }));
  toast(`Logged in as ${state.session.actor}`);
}

function took(session) {
  forget();
  state.session = session;
  emit("session", session);
  reconnect();
}

function openLogout() {
  const who = state.session;
  const may = who.may === "change" ? "may read, plan, and carry out approved plans" : "may read";
  const dialog = openDialog(`Logged in as ${who.actor}`, [
    form(
      [h("p", {}, `${who.actor} ${may}.`)],
      "Log out",
      async () => {
        await send("DELETE", "/session");
        took(null);
        toast("Logged out");
      },
      () => dialog,
    ),
  ]);
}
