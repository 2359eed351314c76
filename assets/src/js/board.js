// The board of requests under the mouse: a card that is dropped on a column does what its own menu offers for it, by the
// same link or button. Keyboards and fingers use the menu.
import { toast } from "./toasts.js";

let held = null;
const columnOf = (event) => event.target.closest?.("[data-board] [data-column]");

function leave() {
  for (const column of document.querySelectorAll("[data-board] .over")) column.classList.remove("over");
}

document.addEventListener("dragstart", (event) => {
  held = event.target.closest?.("[data-board] [data-card]");
  if (held) event.dataTransfer.effectAllowed = "move";
});

document.addEventListener("dragover", (event) => {
  const column = held && columnOf(event);
  leave();
  if (!column || column.contains(held)) return;
  event.preventDefault();
  if (held.querySelector(`[data-to="${column.dataset.column}"]`)) column.classList.add("over");
});

document.addEventListener("drop", (event) => {
  const column = held && columnOf(event);
  const card = held;
  held = null;
  leave();
  if (!column || column.contains(card)) return;
  event.preventDefault();
  const way = card.querySelector(`[data-to="${column.dataset.column}"]`);
  if (way) way.click();
  else toast({ text: column.closest("[data-board]").dataset.board, level: "warn" });
});

document.addEventListener("dragend", () => {
  held = null;
  leave();
});
