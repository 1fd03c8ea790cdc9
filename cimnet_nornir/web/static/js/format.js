// Numbers, times and words as people read them.

const DAY = 86400;
const UNITS = [
  [DAY, "d"],
  [3600, "h"],
  [60, "min"],
  [1, "s"],
];

/** How long, by its two greatest units: "3 d 4 h". @param {number | null | undefined} seconds */
export function duration(seconds) {
  if (seconds === null || seconds === undefined) return "–";
  if (seconds < 10) return seconds > 0 ? `${seconds.toFixed(1)} s` : "0 s";
  let rest = Math.floor(seconds);
  const parts = [];
  for (const [size, unit] of UNITS) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count) parts.push(`${count} ${unit}`);
    else if (parts.length) break;
    if (parts.length === 2) break;
  }
  return parts.join(" ");
}

/** How long a device runs: it tells whole minutes. */
export function uptime(seconds) {
  return seconds !== null && seconds !== undefined && seconds < 60 ? "< 1 min" : duration(seconds);
}

/** How long ago, as of now or of the moment that is shown. */
export function ago(text, now = Date.now()) {
  if (!text) return "never";
  const seconds = Math.max(0, (now - Date.parse(text)) / 1000);
  return seconds < 10 ? "just now" : `${duration(seconds).split(" ").slice(0, 2).join(" ")} ago`;
}

/** A local date and time to the second; empty without one. */
export function time(text) {
  if (!text) return "";
  const moment = new Date(text);
  const two = (number) => String(number).padStart(2, "0");
  const day = `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
  return `${day} ${two(moment.getHours())}:${two(moment.getMinutes())}:${two(moment.getSeconds())}`;
}

/** The time alone for today, with its date for other days. */
export function shortTime(text) {
  const whole = time(text);
  return whole.startsWith(time(new Date().toISOString()).slice(0, 10)) ? whole.slice(11) : whole.slice(0, 16);
}

/** Bits a second: "1.2 Mbit/s". */
export function rate(bits) {
  return bits === null || bits === undefined ? "–" : `${scaled(bits)}bit/s`;
}

/** The speed of a port, given in Mbit/s. */
export function speed(megabits) {
  if (!megabits) return "–";
  return megabits >= 1000 ? `${megabits / 1000} Gbit/s` : `${megabits} Mbit/s`;
}

function scaled(value) {
  const steps = [
    [1e9, "G"],
    [1e6, "M"],
    [1e3, "k"],
  ];
  const [size, letter] = steps.find(([least]) => value >= least) || [1, ""];
  const number = value / size;
  return `${number >= 100 || Number.isInteger(number) ? Math.round(number) : number.toFixed(1)} ${letter}`;
}

/** Bytes: "412 MB". */
export function bytes(count) {
  return count === null || count === undefined ? "–" : `${scaled(count)}B`;
}

/** A percentage without digits after the point. */
export function percent(value) {
  return value === null || value === undefined ? "–" : `${Math.round(value)} %`;
}

/** "1 device", "2 devices". */
export function count(number, one, many = `${one}s`) {
  return `${number} ${number === 1 ? one : many}`;
}

/** GigabitEthernet1/0/1 as Gi1/0/1, as IOS shortens it. */
export function shortPort(name) {
  const [, letters, rest] = /^([A-Za-z-]+)(\d.*)$/.exec(name) || [];
  const short = SHORT[letters];
  return short ? short + rest : name;
}

const SHORT = {
  Ethernet: "Et",
  FastEthernet: "Fa",
  GigabitEthernet: "Gi",
  TwoGigabitEthernet: "Tw",
  FiveGigabitEthernet: "Fi",
  TenGigabitEthernet: "Te",
  TwentyFiveGigE: "Twe",
  FortyGigabitEthernet: "Fo",
  HundredGigE: "Hu",
  "Port-channel": "Po",
  Loopback: "Lo",
  Vlan: "Vl",
  Tunnel: "Tu",
};

/** Whether "10,20-29" names a VLAN. */
export function inVlans(list, vlan) {
  return String(list || "")
    .split(",")
    .some((part) => {
      const [first, last = first] = part.split("-").map(Number);
      return part !== "" && first <= vlan && vlan <= last;
    });
}

/** The first characters of an id or a digest, as the commands show it. */
export function short(identity) {
  return String(identity || "")
    .replace(/^sha256:/, "")
    .slice(0, 8);
}

/** Names compared as people count: acc2 before acc10. */
export const byName = new Intl.Collator("en", { numeric: true, sensitivity: "base" }).compare;
