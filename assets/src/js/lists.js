// A list under the fingers: j and k walk its rows, x selects, Enter opens, / goes to its search box, e changes a cell.
import { onKey } from "./keys.js";

const rows = () => [...document.querySelectorAll("#list tbody tr")];
const current = () => document.querySelector("#list tbody tr.current");

function walk(step) {
  const all = rows();
  if (!all.length) return;
  const here = all.indexOf(current());
  const next = all[Math.min(Math.max(here + step, 0), all.length - 1)];
  current()?.classList.remove("current");
  next.classList.add("current");
  next.querySelector("a[data-record]")?.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

onKey(["j"], () => walk(1));
onKey(["k"], () => walk(-1));
onKey(["x"], () => current()?.querySelector(".tick input")?.click());
onKey(["e"], (event) => {
  const cell = current()?.querySelector(".cell-edit");
  if (!cell) return;
  event.preventDefault();
  cell.click();
});
onKey(["/"], (event) => {
  const box = document.querySelector("[data-list-search]");
  if (!box) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  box.focus();
  box.select();
});

// A cell being changed: Enter keeps, Escape leaves.
document.addEventListener("keydown", (event) => {
  const cell = event.target.closest?.("[data-cell]");
  if (!cell || !["Enter", "Escape"].includes(event.key)) return;
  event.preventDefault();
  cell.querySelector(event.key === "Enter" ? "[data-cell-save]" : "[data-cell-cancel]").click();
});
document.addEventListener("htmx:after:swap", () => document.querySelector("[data-cell] :is(input, select)")?.focus());

// The bar of bulk actions tells how many rows are selected, and whether the whole list is meant.
function count() {
  const bar = document.querySelector("[data-bulk]");
  if (!bar) return;
  const chosen = document.querySelectorAll("#list .tick input[name=row]:checked").length;
  const all = bar.querySelector("input[name=everything]");
  if (all && chosen < rows().length) all.checked = false;
  bar.hidden = !chosen;
  const text = bar.querySelector("[data-count]");
  text.textContent = all?.checked ? text.dataset.all : text.dataset.text.replace("{n}", chosen);
}
document.addEventListener("change", (event) => event.target.closest("#list, [data-bulk]") && count());
document.addEventListener("htmx:after:swap", count);
count();
