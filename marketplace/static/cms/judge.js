// Grades by keyboard: 0–3 grade the candidate at hand and go on to the next; arrows go up and down.
(() => {
  const form = document.querySelector("[data-judge]");
  if (!form) return;
  const items = [...form.querySelectorAll(".judge-item")];
  const isOpen = (item) => !item.querySelector("input:checked");
  let at = Math.max(items.findIndex(isOpen), 0);

  const show = (place) => {
    if (!items[place]) return;
    items[at].classList.remove("is-current");
    at = place;
    items[at].classList.add("is-current");
    items[at].focus({ preventScroll: true });
    items[at].scrollIntoView({ block: "nearest" });
  };

  form.addEventListener("focusin", (event) => {
    const place = items.indexOf(event.target.closest(".judge-item"));
    if (place >= 0 && place !== at) {
      items[at].classList.remove("is-current");
      at = place;
      items[at].classList.add("is-current");
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("input:not([type=radio]), textarea, select")) return;
    if (["0", "1", "2", "3"].includes(event.key)) {
      const choice = items[at]?.querySelector(`input[value="${event.key}"]`);
      if (!choice || choice.disabled) return;
      choice.checked = true;
      if (at + 1 < items.length) show(at + 1);
      else form.querySelector("button[type=submit]").focus();
    } else if (event.key === "ArrowDown" && !event.target.matches("input")) show(at + 1);
    else if (event.key === "ArrowUp" && !event.target.matches("input")) show(at - 1);
    else return;
    event.preventDefault();
  });
  if (items[at]) items[at].classList.add("is-current");
})();
