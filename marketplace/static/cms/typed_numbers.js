// Numbers that may be a person's are not sent by lists, whose addresses would keep them (cms/typed_numbers.py).
(() => {
  const FIELDS = ["q", "words", "organization", "tax_code"];
  const RUNS = /\d(?:[\s.\u2010-\u2015-]?\d){8,}/g;
  const WEIGHTS = [31, 29, 23, 19, 17, 13, 7, 5, 3];
  const refused = document.currentScript.dataset.refused;

  const isOfAFirm = (run) => {
    const digits = [...run].filter((sign) => sign >= "0" && sign <= "9").map(Number);
    if (digits.length !== 10 && digits.length !== 13) return false;
    const rest = WEIGHTS.reduce((sum, weight, place) => sum + weight * digits[place], 0) % 11;
    return rest > 0 && 10 - rest === digits[9] && digits.slice(10).join("") !== "000";
  };
  const isHeldBack = (text) => (text.match(RUNS) || []).some((run) => !isOfAFirm(run));

  let waiting;
  const check = (event, form) => {
    for (const name of FIELDS) {
      const field = form?.elements.namedItem(name);
      if (!field?.setCustomValidity) continue;
      const held = isHeldBack(field.value);
      field.setCustomValidity(held ? refused : "");
      if (!held) continue;
      event.preventDefault();
      event.stopImmediatePropagation();
      clearTimeout(waiting);
      // While one types, the ninth digit of a firm's code is no reason to speak yet.
      waiting = setTimeout(() => field.reportValidity(), event.type === "submit" ? 0 : 900);
    }
  };
  const isOfAList = (form) => (form?.getAttribute("method") || "get").toLowerCase() === "get";
  document.addEventListener(
    "submit",
    (event) => isOfAList(event.target) && check(event, event.target),
    true,
  );
  // Wagtail's lists ask while one types.
  for (const name of ["input", "keyup", "change"])
    document.addEventListener(
      name,
      (event) => isOfAList(event.target.form) && check(event, event.target.form),
      true,
    );
  // Whatever else makes a list ask: the event names where the answer goes, not who asks.
  document.addEventListener(
    "w-swap:begin",
    (event) => {
      for (const form of document.forms) if (isOfAList(form)) check(event, form);
    },
    true,
  );
})();
