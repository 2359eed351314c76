// Names of colleagues behind an @ in a text: typed whole, they work without script; here they are offered.
import { markup } from "./trust.js";

const BEHIND = /(?:^|[\s(])@([\p{L}][\p{L}\p{M}'’. -]{0,40})$/u;
let list;
let field;
let asked = 0;

const close = () => {
  list?.remove();
  list = undefined;
  field?.removeAttribute("aria-controls");
  field?.removeAttribute("aria-activedescendant");
};
const options = () => (list ? [...list.querySelectorAll("[role=option]")] : []);
const current = () => options().findIndex((option) => option.getAttribute("aria-selected") === "true");
const typed = () => field.value.slice(0, field.selectionStart).match(BEHIND)?.[1];

const mark = (index) => {
  options().forEach((option, i) => {
    option.id = `person-option-${i}`;
    option.setAttribute("aria-selected", i === index);
  });
  if (options()[index]) field.setAttribute("aria-activedescendant", options()[index].id);
};

const choose = (option) => {
  const end = field.selectionStart;
  const start = end - typed().length;
  field.setRangeText(`${option.dataset.name} `, start, end, "end");
  close();
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
};

const offer = async () => {
  const text = typed();
  if (!text || text.trim().split(/\s+/).length > 3) return close();
  const turn = ++asked;
  const answer = await fetch(`${field.dataset.people}?q=${encodeURIComponent(text.trim())}`, { headers: { "X-Requested-With": "fetch" } });
  const found = answer.ok ? await answer.text() : "";
  // An answer that comes late says nothing about what is typed now.
  if (turn !== asked || typed() !== text) return;
  if (!found.includes('role="option"')) return close();
  if (!list) {
    list = document.createElement("ul");
    list.className = "mentions";
    list.id = "people-behind-at";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", field.labels?.[0]?.textContent ?? "");
    field.after(list);
    field.setAttribute("aria-controls", list.id);
  }
  list.innerHTML = markup(found);
  mark(0);
};

let wait;
document.addEventListener("input", (event) => {
  if (!event.target.matches?.("textarea[data-people]")) return;
  field = event.target;
  clearTimeout(wait);
  wait = setTimeout(offer, 180);
});

document.addEventListener("keydown", (event) => {
  if (!list || event.target !== field) return;
  const count = options().length;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    mark((current() + (event.key === "ArrowDown" ? 1 : -1) + count) % count);
  } else if (event.key === "Enter" || event.key === "Tab") {
    event.preventDefault();
    choose(options()[Math.max(current(), 0)]);
  } else if (event.key === "Escape") {
    event.stopPropagation();
    close();
  }
}, true);

document.addEventListener("pointerdown", (event) => {
  const option = event.target.closest?.(".mentions [role=option]");
  if (option) {
    event.preventDefault();
    choose(option);
  } else if (list && event.target !== field) close();
});
document.addEventListener("focusout", (event) => event.target === field && setTimeout(() => document.activeElement !== field && close(), 200));
