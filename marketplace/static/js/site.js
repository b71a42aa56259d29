// Helps that pages can do without. Every one is switched on by an attribute in the markup; words come from the
// markup too, so this file has none to translate.
(() => {
  "use strict";
  const root = document.documentElement;
  const live = document.getElementById("thong-bao-song");
  root.classList.add("js");

  // htmx costs a slow phone a third of a second: it comes to pages that ask for it.
  if (document.querySelector("[hx-get], [hx-post]")) {
    const script = document.createElement("script");
    script.src = document.currentScript.dataset.htmx;
    document.head.append(script);
  }

  const say = (text) => {
    if (!live || !text) return;
    live.textContent = "";
    // A reader notices a change, not the same words again.
    requestAnimationFrame(() => { live.textContent = text; });
  };

  // Menus: Escape and a press elsewhere close them; the focus goes back to what opened them.
  const openMenus = () => document.querySelectorAll("details.menu[open]");
  document.addEventListener("click", (event) => {
    for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of openMenus()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // A question before a step that is hard to undo.
  const dialog = document.getElementById("confirm");
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const asked = form.dataset.confirm;
    if (!asked || form.dataset.confirmed || !dialog?.showModal) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { submitter } = event;
    dialog.querySelector("#confirm-title").textContent = asked;
    const text = dialog.querySelector("#confirm-text");
    text.textContent = form.dataset.confirmText || "";
    text.hidden = !text.textContent;
    const yes = dialog.querySelector('[value="yes"]');
    yes.dataset.usual ??= yes.textContent;
    yes.textContent = form.dataset.confirmButton || yes.dataset.usual;
    dialog.returnValue = "";
    dialog.addEventListener("close", () => {
      if (dialog.returnValue === "yes") {
        form.dataset.confirmed = "yes";
        form.requestSubmit(submitter && submitter.form === form ? submitter : undefined);
        delete form.dataset.confirmed;
      } else {
        submitter?.focus();
      }
    }, { once: true });
    dialog.showModal();
  }, true);

  // The first of two quick submits wins. The server's idempotency key is the guarantee; this spares a wait.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    setTimeout(() => { delete form.dataset.sent; }, 4000);
    form.dataset.guard = "off";
  });
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });

  // Unsaved text is not lost by a slip.
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form?.hasAttribute("data-guard") && form.dataset.guard !== "off") form.dataset.guard = "changed";
  });
  addEventListener("beforeunload", (event) => {
    if (document.querySelector('form[data-guard="changed"]')) event.preventDefault();
  });

  // Chosen files, with their sizes.
  let format;
  const figure = (number) => (format ??= new Intl.NumberFormat(root.lang, { maximumFractionDigits: 1 })).format(number);
  const size = (bytes) => bytes < 1e6 ? `${figure(Math.round(bytes / 1000))} kB` : `${figure(bytes / 1e6)} MB`;
  const listFiles = (input) => {
    let list = input.nextElementSibling;
    if (!list?.classList.contains("files-chosen")) {
      list = document.createElement("ul");
      list.className = "files files-chosen";
      list.setAttribute("aria-live", "polite");
      input.after(list);
    }
    const limit = Number(input.dataset.maxBytes || 0);
    list.replaceChildren(...[...input.files].map((file) => {
      const item = document.createElement("li");
      const mark = document.createElement("span");
      const name = document.createElement("span");
      const bytes = document.createElement("span");
      mark.setAttribute("aria-hidden", "true");
      mark.textContent = "•";
      name.textContent = file.name;
      bytes.textContent = size(file.size);
      bytes.className = limit && file.size > limit ? "size is-care" : "size";
      if (limit && file.size > limit) bytes.textContent += ` > ${size(limit)}`;
      item.append(mark, name, bytes);
      return item;
    }));
  };

  // How much room a text has left.
  const count = (area) => {
    let note = area.nextElementSibling;
    if (!note?.classList.contains("count")) {
      note = document.createElement("span");
      note.className = "count";
      area.after(note);
    }
    const most = area.maxLength > 0 ? `/${figure(area.maxLength)}` : "";
    note.textContent = `${figure(area.value.length)}${most}`;
  };

  document.addEventListener("change", (event) => {
    const field = event.target;
    if (field.type === "file") listFiles(field);
    if (field.form?.hasAttribute("data-submit-on-change")) field.form.requestSubmit();
  });
  document.addEventListener("input", (event) => {
    if (event.target.hasAttribute?.("data-count")) count(event.target);
  });

  // On a phone the chosen one of many tabs may lie off the screen: it is brought in sight.
  for (const chosen of document.querySelectorAll(".tabs [aria-current]")) {
    const bar = chosen.closest(".tabs");
    const side = chosen.getBoundingClientRect();
    const seen = bar.getBoundingClientRect();
    if (side.right > seen.right || side.left < seen.left) bar.scrollLeft += side.left - seen.left - 16;
  }

  // One more row of a formset, from its empty row.
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.('button[name="them-dong"]');
    const set = button?.closest("[data-formset]");
    const template = set?.querySelector("template");
    const total = set?.querySelector(`[name="${CSS.escape(set.dataset.formset)}-TOTAL_FORMS"]`);
    if (!template || !total) return;
    event.preventDefault();
    const holder = document.createElement("div");
    holder.innerHTML = template.innerHTML.replaceAll("__prefix__", total.value);
    total.value = Number(total.value) + 1;
    const row = holder.firstElementChild;
    set.querySelector(".rows").append(row);
    row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  });

  // Copy a code or a secret.
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copy]");
    const source = button && document.querySelector(button.dataset.copy);
    if (!source) return;
    await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
    say(button.dataset.copied || button.textContent);
    button.dataset.state = "copied";
  });

  // Toasts go by themselves; a pointer or the keyboard on them holds them.
  const toasts = document.getElementById("toasts");
  if (toasts) {
    new MutationObserver((records) => {
      for (const record of records) {
        for (const node of record.addedNodes) {
          if (node.nodeType === 1) setTimeout(() => node.remove(), 6000);
        }
      }
    }).observe(toasts, { childList: true });
  }

  const start = (scope) => {
    for (const area of scope.querySelectorAll("textarea[data-count], input[data-count]")) count(area);
    for (const filter of scope.querySelectorAll("details.filter")) {
      filter.open = matchMedia("(min-width: 62rem)").matches;
    }
    scope.querySelector("[data-focus]")?.focus();
  };
  start(document);

  // What htmx puts in gets the same helps, and says aloud what it announces. Watching the page rather than
  // htmx's events covers every way of swapping, out of band and morphing included.
  const announce = (node) => {
    const announced = node.matches("[data-announce]") ? node : node.querySelector("[data-announce]");
    say(announced?.dataset.announce);
  };
  new MutationObserver((records) => {
    for (const record of records) {
      if (record.type === "attributes") {
        say(record.target.dataset.announce);
        continue;
      }
      for (const node of record.addedNodes) {
        if (node.nodeType !== 1 || !node.isConnected) continue;
        start(node);
        announce(node);
      }
    }
  }).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-announce"] });

  // What a page says by itself once it is read: that somebody opened it.
  addEventListener("load", () => {
    for (const form of document.querySelectorAll("form[data-send-unasked]")) {
      fetch(form.action, { method: "POST", body: new FormData(form), keepalive: true }).catch(() => {});
    }
  });

  // The line is down: say so where the reader is, keep what was typed.
  const offline = () => {
    const words = document.body.dataset.offline;
    if (!words || !toasts) return;
    const note = document.createElement("p");
    note.className = "toast";
    note.textContent = words;
    toasts.append(note);
  };
  document.addEventListener("htmx:error", offline);
  addEventListener("offline", offline);
})();
