// Presses the button or link that names the key: <button data-press="m">, <a data-press="n">.
import { onKey } from "./keys.js";

const KEYS = [..."abcdefghijlmnopqrstuvwxyz"];

onKey(KEYS, (event) => {
  const target = document.querySelector(`[data-press="${event.key}"]`);
  if (!target) return;
  event.preventDefault();
  target.click();
});
