// Where somebody left things on the map; kept in the browser, for each network by itself.

const MOST = 5000;

function key(network) {
  return `cimnet.places.${network}`;
}

/** @param {string} network @returns {Map<string, {x: number, y: number}>} */
export function readPlaces(network) {
  try {
    const entries = Object.entries(JSON.parse(localStorage.getItem(key(network)) || "{}"));
    return new Map(entries.map(([id, [x, y]]) => [id, { x, y }]));
  } catch {
    return new Map();
  }
}

/** @param {string} network @param {Map<string, {x: number, y: number}>} places */
export function writePlaces(network, places) {
  const entries = [...places].slice(-MOST).map(([id, { x, y }]) => [id, [Math.round(x), Math.round(y)]]);
  try {
    localStorage.setItem(key(network), JSON.stringify(Object.fromEntries(entries)));
  } catch {
    // Without room or permission things stand elsewhere the next time, and nothing else is wrong.
  }
}
