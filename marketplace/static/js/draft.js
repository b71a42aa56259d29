// A draft is saved in the background by htmx; this sends what is left when the page is left, and knows when nothing is.
(() => {
  "use strict";
  const form = document.querySelector("form[data-draft]");
  if (!form || !navigator.sendBeacon) return;
  let changed = false;
  // Numbers what is sent, so that a slow save which arrives after a newer one is left aside.
  form.addEventListener("input", () => {
    changed = true;
    form.elements.keystroke.value = Number(form.elements.keystroke.value) + 1;
  });
  form.addEventListener("submit", () => { changed = false; });
  document.addEventListener("htmx:after:swap", () => {
    const saved = document.getElementById("saved");
    if (saved && !saved.classList.contains("is-care")) changed = false;
  });
  const send = () => {
    if (!changed) return;
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    data.set("tu-dong", "1");
    changed = !navigator.sendBeacon(form.action, data);
  };
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") send(); });
  addEventListener("pagehide", send);
})();
