// <details class="menu"> opens alone; here it also closes on a click elsewhere and on Escape.
const open = () => document.querySelectorAll("details.menu[open]");

document.addEventListener("click", (event) => {
  open().forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  open().forEach((menu) => {
    menu.open = false;
    menu.querySelector("summary").focus();
  });
});

// On phones the facets of a search start closed; without script they stay open.
if (matchMedia("(max-width: 61.99rem)").matches) {
  document.querySelectorAll("details[data-close-on-phone]").forEach((details) => (details.open = false));
}
