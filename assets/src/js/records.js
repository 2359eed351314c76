// Walks from record to record in the order of the list one came from. The list leaves its addresses in
// sessionStorage; the record's page, and no server, knows what is next.
import { onKey } from "./keys.js";

const NAME = "pavillon-list";

function remember() {
  const list = document.querySelector("[data-list]");
  if (!list) return;
  const addresses = [...list.querySelectorAll("a[data-record]")].map((link) => link.pathname);
  if (!addresses.length) return;
  const edge = (rel) => list.querySelector(`a[rel=${rel}]`)?.href ?? "";
  const { offset = "0", total = "" } = list.dataset;
  sessionStorage.setItem(
    NAME,
    JSON.stringify({ addresses, offset: Number(offset), total, previous: edge("prev"), next: edge("next") }),
  );
}

function place() {
  const slot = document.querySelector("[data-position]");
  const list = JSON.parse(sessionStorage.getItem(NAME) ?? "null");
  const index = list?.addresses.indexOf(location.pathname) ?? -1;
  if (!slot || index < 0) return;
  const link = (rel, address) => {
    const anchor = slot.querySelector(`a[rel=${rel}]`);
    if (address) anchor.href = address;
    else anchor.remove();
  };
  link("prev", list.addresses[index - 1] ?? list.previous);
  link("next", list.addresses[index + 1] ?? list.next);
  const text = slot.querySelector("[data-text]");
  text.textContent = text.dataset.text.replace("{n}", list.offset + index + 1).replace("{total}", list.total);
  slot.hidden = false;
}

const go = (rel) => document.querySelector(`[data-position] a[rel=${rel}]`)?.click();

onKey(["[", "k"], () => go("prev"));
onKey(["]", "j"], () => go("next"));
document.addEventListener("htmx:after:swap", remember);
remember();
place();
