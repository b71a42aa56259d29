// The search box offers what is found while one types; hits are chosen for a comparison. Everything works without:
// the form submits, the boxes do too. Words come from the markup.
(() => {
  "use strict";
  const live = document.getElementById("thong-bao-song");
  const SHORTEST = 2;
  const WAIT = 120;
  let names = 0;

  const element = (tag, attributes = {}, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  };

  // One box at a time is in use: its list, what is marked in it, the request under way.
  let box = null;

  const close = () => {
    if (!box) return;
    clearTimeout(box.timer);
    box.request?.abort();
    box.list.hidden = true;
    box.input.setAttribute("aria-expanded", "false");
    box.input.removeAttribute("aria-activedescendant");
  };

  const options = () => (box.list.hidden ? [] : [...box.list.querySelectorAll('[role="option"]')]);

  const mark = (option) => {
    for (const other of options()) other.setAttribute("aria-selected", String(other === option));
    if (option) {
      box.input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else {
      box.input.removeAttribute("aria-activedescendant");
    }
  };

  const show = (groups) => {
    const { list, input, form } = box;
    let count = 0;
    list.replaceChildren(...groups.map((group, place) => {
      const label = element("span", { class: "suggest-label", id: `${list.id}-g${place}` }, group.label);
      const shown = group.options.map((option) => {
        const text = element("span", {}, ...option.parts.map(([part, hit]) => (hit ? element("b", {}, part) : part)));
        const row = element("div", { role: "option", id: `${list.id}-${count += 1}`, "aria-selected": "false" }, text);
        if (option.note) row.append(element("span", { class: "note" }, option.note));
        row.dataset.url = option.url;
        return row;
      });
      return element("div", { role: "group", "aria-labelledby": label.id }, label, ...shown);
    }));
    list.hidden = !count;
    input.setAttribute("aria-expanded", String(count > 0));
    input.removeAttribute("aria-activedescendant");
    if (live) live.textContent = count ? form.dataset.suggestCount.replace("{n}", count) : "";
  };

  const ask = async () => {
    const mine = box;
    const typed = mine.input.value.trim();
    mine.request?.abort();
    if (typed.length < SHORTEST) { close(); return; }
    mine.request = new AbortController();
    try {
      const answer = await fetch(`${mine.form.dataset.suggest}?q=${encodeURIComponent(typed.slice(0, 120))}`, { signal: mine.request.signal });
      if (!answer.ok) return;
      const { groups } = await answer.json();
      if (box === mine && document.activeElement === mine.input && mine.input.value.trim() === typed) show(groups);
    } catch {
      // Typing goes on, or the line is down: the form still submits.
    }
  };

  const use = (input) => {
    if (box?.input === input && box.list.isConnected && input.getAttribute("role")) return;
    close();
    const form = input.form;
    const list = element("div", { role: "listbox", class: "suggest", id: `goi-y-${names += 1}`, "aria-label": form.dataset.suggestLabel });
    list.hidden = true;
    form.querySelector(".suggest")?.remove();
    form.append(list);
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", list.id]]) input.setAttribute(name, value);
    box = { form, input, list };
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest('[role="option"]');
      if (option) location.assign(option.dataset.url);
    });
  };

  const field = (event) => {
    const input = event.target;
    return input.type === "search" && input.form?.dataset.suggest ? input : null;
  };
  document.addEventListener("focusin", (event) => { if (field(event)) use(event.target); });
  document.addEventListener("focusout", (event) => { if (box?.input === event.target) close(); });
  document.addEventListener("input", (event) => {
    const input = field(event);
    if (!input || event.isComposing) return;
    use(input);
    clearTimeout(box.timer);
    box.timer = setTimeout(ask, WAIT);
  });
  document.addEventListener("keydown", (event) => {
    const input = field(event);
    if (!input || box?.input !== input || event.isComposing) return;
    const shown = options();
    const at = shown.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!shown.length) { ask(); return; }
      const step = event.key === "ArrowDown" ? 1 : -1;
      // Beyond either end nothing is marked: the words themselves are chosen again.
      const next = at < 0 ? (step > 0 ? 0 : shown.length - 1) : at + step;
      mark(shown[next]);
    } else if (event.key === "Enter" && at >= 0) {
      event.preventDefault();
      location.assign(shown[at].dataset.url);
    } else if (event.key === "Escape" && shown.length) {
      event.preventDefault();
      close();
    }
  });
  // The box takes what fits into an address: say so where a longer text was pasted.
  document.addEventListener("paste", (event) => {
    const input = field(event);
    const toasts = document.getElementById("toasts");
    if (!input || !toasts || (event.clipboardData?.getData("text") ?? "").length <= input.maxLength) return;
    toasts.append(element("p", { class: "toast" }, input.form.dataset.suggestCut));
  });
  document.addEventListener("submit", (event) => { if (box?.form === event.target) close(); });

  // Folds that a reader opened stay open when the filters come back with new counts.
  const opened = new Map();
  document.addEventListener("toggle", (event) => {
    const { kept } = event.target.dataset;
    if (kept) opened.set(kept, event.target.open);
  }, true);
  const reopen = () => {
    for (const fold of document.querySelectorAll("details[data-kept]")) {
      if (opened.has(fold.dataset.kept)) fold.open = opened.get(fold.dataset.kept);
    }
  };
  document.addEventListener("htmx:after:swap", reopen);
  document.addEventListener("htmx:after:settle", reopen);

  // Choosing hits to compare.
  const picked = () => {
    const form = document.getElementById("so-sanh");
    if (!form) return;
    const boxes = [...document.querySelectorAll('input[name="chon"][form="so-sanh"]')];
    const chosen = boxes.filter((input) => input.checked).length;
    const isFull = chosen >= Number(form.dataset.most);
    for (const input of boxes) input.disabled = isFull && !input.checked;
    form.toggleAttribute("data-any", chosen > 0);
    form.querySelector("p").textContent = isFull ? form.dataset.full : form.dataset.chosen.replace("{n}", chosen);
    form.querySelector("button").disabled = chosen < 2;
  };
  document.addEventListener("change", (event) => { if (event.target.name === "chon") picked(); });
  addEventListener("pageshow", () => { if (document.querySelector('input[name="chon"]:checked')) picked(); });

  document.addEventListener("click", (event) => { if (event.target.closest?.("[data-print]")) print(); });
})();
