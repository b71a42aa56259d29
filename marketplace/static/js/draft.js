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
  const live = document.getElementById("thong-bao-song");
  let last = document.getElementById("saved");
  document.addEventListener("htmx:after:swap", () => {
    const saved = document.getElementById("saved");
    if (saved && !saved.classList.contains("is-care")) changed = false;
    if (saved === last) {
      // What was read anew of a need is told in a sentence; the panel itself would be too much to hear.
      const said = document.getElementById("doc-hieu")?.dataset.said;
      if (live && said && live.textContent !== said) live.textContent = said;
      return;
    }
    last = saved;
    // Somebody at work in the panel would lose what they opened or began to type there.
    if (!document.activeElement?.closest("#doc-hieu")) document.body.dispatchEvent(new CustomEvent("draft-saved"));
  });
  // Enter in a field outside the form's own steps means its own button, not "save and go on".
  document.addEventListener("keydown", (event) => {
    const button = event.key === "Enter" && document.getElementById(event.target.dataset?.enter ?? "");
    if (!button) return;
    event.preventDefault();
    button.click();
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
