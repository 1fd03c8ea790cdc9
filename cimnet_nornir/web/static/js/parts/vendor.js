// The libraries of others, loaded when they are needed first.

/** @type {Map<string, Promise<void>>} */
const loading = new Map();

function script(name) {
  if (!loading.has(name)) {
    loading.set(
      name,
      new Promise((resolve, reject) => {
        const element = document.createElement("script");
        element.src = `/static/vendor/${name}`;
        element.addEventListener("load", () => resolve());
        element.addEventListener("error", () => {
          loading.delete(name);
          element.remove();
          reject(new Error(`${name} could not be loaded`));
        });
        document.head.append(element);
      }),
    );
  }
  return /** @type {Promise<void>} */ (loading.get(name));
}

/** Cytoscape with the fcose layout. */
export async function cytoscape() {
  await Promise.all([script("cytoscape.min.js"), script("layout-base.js").then(() => script("cose-base.js"))]);
  await script("cytoscape-fcose.js");
  return window.cytoscape;
}

/** Mermaid, in the theme that is on; nothing in a diagram can run or lead anywhere. */
export async function mermaid() {
  await script("mermaid.min.js");
  const dark = window.cimnetTheme.current() === "dark";
  window.mermaid.initialize({
    startOnLoad: false,
    securityLevel: "strict",
    theme: dark ? "dark" : "default",
    maxTextSize: 200000,
    maxEdges: 2000,
    suppressErrorRendering: true,
    flowchart: { useMaxWidth: false },
    sequence: { useMaxWidth: false },
  });
  return window.mermaid;
}
