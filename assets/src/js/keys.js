// Shortcuts of a single key can be switched off by the person (WCAG 2.1.4).
const NAME = "pavillon-keys";

export const singleKeysAreOn = () => localStorage.getItem(NAME) !== "off";

export function toggleSingleKeys() {
  localStorage.setItem(NAME, singleKeysAreOn() ? "off" : "on");
  return singleKeysAreOn();
}

export const isTyping = (target) => target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);

/** Calls `act` when one of `keys` is struck alone, outside of any field. */
export function onKey(keys, act) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (!keys.includes(event.key) || isTyping(event.target) || !singleKeysAreOn()) return;
    if (document.querySelector("dialog[open]")) return;
    act(event);
  });
}

// A button that says its key (data-key="s") is pressed by it.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.defaultPrevented) return;
  if (isTyping(event.target) || !singleKeysAreOn() || document.querySelector("dialog[open]")) return;
  const button = /^[a-z]$/.test(event.key) && document.querySelector(`[data-key="${event.key}"]`);
  if (button) button.click();
});

function showState() {
  document.querySelectorAll("[data-keys-toggle]").forEach((button) => button.setAttribute("aria-pressed", singleKeysAreOn()));
}

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-keys-toggle]")) return;
  toggleSingleKeys();
  showState();
});
showState();
