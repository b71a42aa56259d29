// Writes the prepared text of each chosen reason into the box, and takes it out again while nobody has edited it.
(() => {
  const form = document.querySelector("[data-return-form]");
  const source = document.getElementById("return-texts");
  if (!form || !source) return;
  const texts = JSON.parse(source.textContent);
  const box = form.querySelector("textarea");
  const boxes = [...form.querySelectorAll('input[type="checkbox"]')];
  const chosen = () => boxes.filter((one) => one.checked).map((one) => texts[one.value]).filter(Boolean);
  let written = chosen().join("\n\n");

  form.addEventListener("change", (event) => {
    if (event.target.type !== "checkbox") return;
    const now = chosen().join("\n\n");
    const text = texts[event.target.value] || "";
    if (box.value.trim() === written.trim()) {
      box.value = now;
    } else if (event.target.checked && !box.value.includes(text)) {
      box.value = `${box.value.trimEnd()}\n\n${text}`;
    } else if (!event.target.checked) {
      box.value = box.value.replace(text, "").replace(/\n{3,}/g, "\n\n").trim();
    }
    written = now;
  });
})();

// A piece of the page that takes a search is fetched when the page stands; without a script its link leads there.
for (const box of document.querySelectorAll("[data-fragment]")) {
  fetch(box.dataset.fragment, { credentials: "same-origin" })
    .then((answer) => (answer.ok ? answer.text() : Promise.reject(answer.status)))
    .then((text) => { box.innerHTML = text; })
    .catch(() => {});
}
