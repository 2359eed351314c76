// Command palette: a native dialog around a combobox. Its opener is a plain link to the search page.
import { onKey } from "./keys.js";

const dialog = document.getElementById("palette");

if (dialog) {
  const field = dialog.querySelector("input");
  const list = dialog.querySelector("[role=listbox]");
  const options = () => [...list.querySelectorAll("[role=option]")];
  const current = () => options().findIndex((option) => option.getAttribute("aria-selected") === "true");

  const choose = (index) => {
    options().forEach((option, i) => {
      option.id ||= `palette-option-${i}`;
      option.tabIndex = -1;
      option.setAttribute("aria-selected", i === index);
    });
    const option = options()[index];
    field.setAttribute("aria-expanded", Boolean(option));
    if (!option) return field.removeAttribute("aria-activedescendant");
    field.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };

  const show = (event) => {
    event?.preventDefault();
    if (dialog.open) return;
    dialog.showModal();
    field.select();
    field.dispatchEvent(new Event("opened"));
  };

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") show(event);
  });
  onKey(["/"], show);
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-palette]") && !event.ctrlKey && !event.metaKey) show(event);
  });

  field.addEventListener("keydown", (event) => {
    const count = options().length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (count) choose((current() + (event.key === "ArrowDown" ? 1 : -1) + count) % count);
    } else if (event.key === "Enter") {
      event.preventDefault();
      options()[Math.max(current(), 0)]?.click();
    }
  });
  list.addEventListener("htmx:after:swap", () => choose(0));
  document.addEventListener("htmx:after:swap", (event) => event.detail?.ctx?.target === list && choose(0));
}
