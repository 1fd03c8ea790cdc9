// News by server-sent events: every event once, from where the page stood; after a break it goes on where it was.

import { address } from "./api.js";
import { emit, state } from "./state.js";

const LONGEST_WAIT = 15000;
const FIRST_WAIT = 500;
/** @type {EventSource | null} */
let source = null;
let last = 0;
let wait = FIRST_WAIT;
let timer = 0;
/** @type {any[]} */
let arrived = [];
let frame = 0;

/** Follow the events after a position. @param {number} position */
export function follow(position) {
  last = Math.max(last, position);
  connect();
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && source?.readyState === EventSource.CLOSED) connect();
  });
}

/** Begin anew: somebody else is logged in. */
export function reconnect() {
  wait = FIRST_WAIT;
  connect();
}

function connect() {
  clearTimeout(timer);
  source?.close();
  source = new EventSource(address("/stream", { after: last }));
  source.addEventListener("open", () => {
    wait = FIRST_WAIT;
    tell("live");
  });
  source.addEventListener("event", (message) => take(message));
  source.addEventListener("status", () => emit("status"));
  source.addEventListener("job", (message) => emit("job", JSON.parse(message.data)));
  source.addEventListener("error", () => broken());
}

// The browser tries again by itself, but not after an answer that refuses it.
function broken() {
  tell("reconnecting");
  if (source?.readyState !== EventSource.CLOSED) return;
  clearTimeout(timer);
  timer = setTimeout(connect, wait);
  wait = Math.min(LONGEST_WAIT, wait * 2);
}

function take(message) {
  const event = JSON.parse(message.data);
  const position = Number(message.lastEventId || event.position);
  if (position <= last) return;
  last = position;
  arrived.push(event);
  if (!frame) frame = setTimeout(deliver, 100);
}

// Many events arrive at once while a plan is carried out; the views hear of them together.
function deliver() {
  const events = arrived;
  [arrived, frame] = [[], 0];
  state.head = last;
  emit("events", events);
}

function tell(live) {
  if (state.live === live) return;
  state.live = live;
  emit("live", live);
}
