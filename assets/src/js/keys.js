// Shortcuts of a single key can be switched off by the person (WCAG 2.1.4).
const NAME = "keys";

const YEAR = 31_536_000;
const name = () => `${document.documentElement.dataset.cookiePrefix ?? ""}${NAME}`;

// In a cookie: what scripts keep of a person is forgotten when somebody signs out, and this is of the device.
export const singleKeysAreOn = () => !document.cookie.split("; ").includes(`${name()}=off`);

export function toggleSingleKeys() {
  const secure = location.protocol === "https:" ? ";secure" : "";
  document.cookie = `${name()}=${singleKeysAreOn() ? "off" : "on"};path=/;max-age=${YEAR};samesite=lax${secure}`;
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
