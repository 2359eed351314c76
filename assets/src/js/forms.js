// Small comforts of forms; each one has a button or a link that does the same without script.
document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (form?.matches("[data-autosubmit]") && !event.target.closest("[data-no-autosubmit]")) form.requestSubmit();
});

// How many filters are set stands on their fold.
document.addEventListener("change", (event) => {
  const fold = event.target.closest?.("[data-fold]");
  if (!fold) return;
  const set = [...fold.querySelectorAll("input, select")].filter((field) => (field.type === "checkbox" ? field.checked : field.value));
  const shown = fold.querySelector("[data-set]");
  shown.textContent = set.length;
  shown.hidden = !set.length;
});

// From the words themselves: Ctrl (or ⌘) and Enter press the button of a composer.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest?.("form.composer");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("button[type=submit]"));
});

// One press, one answer: a plain form is not sent twice.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.matches("[hx-post], [hx-get], [hx-put], [hx-delete]")) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

document.addEventListener("click", async (event) => {
  const copy = event.target.closest("[data-copy]");
  if (copy) {
    await navigator.clipboard.writeText(copy.dataset.copy || document.querySelector(copy.dataset.copyFrom)?.textContent.trim() || "");
    const label = copy.querySelector("[data-copied]");
    if (label) {
      const before = label.textContent;
      label.textContent = label.dataset.copied;
      setTimeout(() => (label.textContent = before), 2000);
    }
  }

  const reveal = event.target.closest("[data-reveal]");
  if (reveal) {
    const field = document.getElementById(reveal.dataset.reveal);
    field.type = field.type === "password" ? "text" : "password";
    reveal.setAttribute("aria-pressed", field.type === "text");
  }

  const print = event.target.closest("[data-print]");
  if (print) window.print();
});

// Files dropped on the zone go to its own file field.
for (const name of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(name, (event) => {
    const zone = event.target.closest?.(".drop");
    if (!zone) return;
    event.preventDefault();
    zone.classList.toggle("over", name === "dragover");
    if (name !== "drop") return;
    const field = zone.querySelector("input[type=file]");
    field.files = event.dataTransfer.files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

document.addEventListener("change", (event) => {
  const names = event.target.closest(".drop")?.querySelector("[data-names]");
  if (names) names.textContent = [...event.target.files].map((file) => file.name).join(", ");
});

// What a column becomes decides whether there is a policy to choose beside it.
document.addEventListener("change", (event) => {
  const identities = event.target.dataset?.identities;
  if (!identities) return;
  const isIdentity = identities.split(" ").includes(event.target.value);
  const row = event.target.closest("tr");
  row.querySelector("[data-policy]").hidden = isIdentity;
  row.querySelector("[data-identity]").hidden = !isIdentity;
});

// "Select all" of a table.
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-select-all]")) return;
  event.target
    .closest("table")
    .querySelectorAll("tbody input[type=checkbox]:not(:disabled)")
    .forEach((box) => (box.checked = event.target.checked));
});

// A refused form says so where the eyes and the keyboard are.
const toErrors = (place) => place.querySelector(".notice.errors[tabindex]")?.focus();
toErrors(document);
document.addEventListener("htmx:after:swap", (event) => toErrors(event.target instanceof Element ? event.target : document));

// A field that its reader made larger carries the size in a style attribute. htmx would copy it as an attribute, which the
// page's policy forbids: it is taken off before a piece is swapped, and given back to the field of the same id.
const sizes = new Map();
document.addEventListener("htmx:before:swap", () => {
  for (const element of document.querySelectorAll("main [id][style]")) {
    sizes.set(element.id, element.style.cssText);
    element.removeAttribute("style");
  }
});
document.addEventListener("htmx:after:swap", () => {
  for (const [id, size] of sizes) {
    const element = document.getElementById(id);
    if (element) element.style.cssText = size;
  }
  sizes.clear();
});
