// Dark or light, before anything is painted: as the system says, until somebody chooses. A classic script, so that it
// runs at once; the page's modules find it as `window.cimnetTheme`.

(() => {
  const KEY = "cimnet.theme";
  const system = matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null;
    }
  };
  const current = () => chosen() || (system.matches ? "dark" : "light");
  const apply = () => {
    document.documentElement.dataset.theme = current();
    window.dispatchEvent(new CustomEvent("cimnet-theme"));
  };
  const toggle = () => {
    const next = current() === "dark" ? "light" : "dark";
    try {
      localStorage.setItem(KEY, next);
    } catch {
      document.documentElement.dataset.theme = next;
    }
    apply();
  };
  system.addEventListener("change", apply);
  apply();
  window.cimnetTheme = { current, toggle };
})();
