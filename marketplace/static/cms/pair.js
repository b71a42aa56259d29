// Keys for the desk of duplicates: whatever carries data-key is chosen by it, unless something is being typed.
(() => {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const typing = event.target.closest("textarea, select, [contenteditable], input:not([type=radio])");
    if (typing || document.querySelector("dialog[open]")) return;
    const wanted = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === event.key.toLowerCase());
    if (!wanted) return;
    event.preventDefault();
    wanted.click();
  });
})();
